"""Drafts the pinyin that the Chinese voice is fed: one line per sentence, to be proof-read by a person.

Writes only files that are missing, or those named on the command line, so that no proof-read line is lost.
Tones are those of the dictionary, with the shifts of 一 and 不 written out; two third tones in a row are left
as they are, because espeak-ng shifts the first by itself.
"""

import re
import sys
from pathlib import Path

from lexicon import CHINESE
from narrate_text import chinese_words, sentences
from pypinyin import Style, lazy_pinyin, load_phrases_dict

HERE = Path(__file__).resolve().parent
STORIES = HERE.parent / "sites" / "luding" / "stories" / "zh"
STOPS = {"，": ",", "。": ".", "；": ";", "：": ":", "、": ",", "？": "?", "！": "!", "“": "", "”": ""}


def shifted(characters: str, syllables: list[str]) -> list[str]:
    """The syllables with 一 and 不 in the tone they take before their neighbour.

    一 keeps its own tone at the end of a number, in a row of digits, and in 同一 and 第一.
    """
    spoken = list(syllables)
    for at, character in enumerate(characters[:-1]):
        tone = syllables[at + 1][-1:]
        counted = characters[at + 1] in "零一二三四五六七八九点年" or characters[at - 1 : at] in tuple("第同十零点")
        if character == "一" and not counted:
            spoken[at] = "yi2" if tone == "4" else "yi4" if tone in "123" else spoken[at]
        if character == "不" and tone == "4":
            spoken[at] = "bu2"
    return spoken


def line(shown: str) -> str:
    """One sentence in pinyin, syllables apart, with Western stops."""
    words = chinese_words(shown)
    syllables = lazy_pinyin(words, style=Style.TONE3, neutral_tone_with_five=True, errors=list)
    if len(syllables) != len(words):
        raise SystemExit(f"one syllable for each character is expected: {words}")
    spoken = [STOPS.get(syllable, syllable) for syllable in shifted(words, syllables)]
    return re.sub(r" ([,.;:?!])", r"\1", " ".join(part for part in spoken if part))


def main() -> None:
    """Drafts what is missing, or what is named."""
    load_phrases_dict({word: [[syllable] for syllable in reading.split()] for word, reading in CHINESE.items()})
    for story in sorted(STORIES.glob("*.md")):
        target = HERE / "pinyin" / f"{story.stem}.txt"
        if target.exists() and story.stem not in sys.argv[1:]:
            continue
        target.write_text("".join(line(s.shown) + "\n" for s in sentences(story, "zh")), "utf-8")
        print("drafted", target.name)


if __name__ == "__main__":
    main()
