"""From a story file to what is shown and what is said, sentence by sentence."""

import re
from dataclasses import dataclass
from pathlib import Path

from lexicon import ENGLISH, ORDINALS, english_integer, english_year, spoken_figure

MARK = re.compile(r"\s*\[[a-z0-9-]+ [a-z]+\]")
CHINESE_END = re.compile(r"(?<=[。！？])")
ENGLISH_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9“])")


@dataclass
class Sentence:
    """One caption: what is shown, and whether it opens a claim or a paragraph."""

    shown: str
    opens_claim: bool
    opens_paragraph: bool


def sentences(story: Path, lang: str) -> list[Sentence]:
    """The sentences of a story in reading order, without their evidence marks."""
    found = []
    for paragraph in story.read_text("utf-8").split("\n\n"):
        opens_paragraph = True
        flat = " ".join(paragraph.split()) if lang == "en" else "".join(paragraph.splitlines())
        for claim in MARK.split(flat):
            opens_claim = True
            for shown in (CHINESE_END if lang == "zh" else ENGLISH_END).split(claim.strip()):
                if shown:
                    found.append(Sentence(shown, opens_claim, opens_paragraph))
                    opens_claim = opens_paragraph = False
    return found


def chinese_words(shown: str) -> str:
    """A Chinese sentence with its figures written out as they are said."""
    return re.sub(r"(\d+(?:\.\d+)?)(.?)", lambda m: spoken_figure(m[1], m[2] or " ") + m[2], shown)


def english_words(shown: str) -> str:
    """An English sentence with figures in words and Chinese names in phoneme letters."""
    text = re.sub(
        r"\b(\d{1,2}) (May|December) (\d{4})\b",
        lambda m: f"the {ORDINALS[int(m[1])]} of {m[2]}, {english_year(int(m[3]))},",
        shown,
    )
    text = text.replace("12,164", english_integer(12164))
    text = re.sub(r"\b(1[79]\d\d)\b", lambda m: english_year(int(m[1])), text)
    text = re.sub(
        r"\b(\d+)\.(\d+)\b",
        lambda m: f"{english_integer(int(m[1]))} point " + " ".join(english_integer(int(d)) for d in m[2]),
        text,
    )
    text = re.sub(r"\b\d+\b", lambda m: english_integer(int(m[0])), text)
    for name, phonemes in ENGLISH.items():
        text = re.sub(rf"\b{name}\b", f"[[{phonemes}]]", text)
    return text
