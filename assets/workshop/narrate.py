"""Makes a site's narration: speech, captions and voices, from its stories and the proof-read pinyin.

usage: narrate.py [site]

Each sentence is spoken alone, so that every caption's times are exact. What is already fresh is left alone,
and a recording by a person, named in narration/voices.toml, is never touched.
"""

import shutil
import sys
import tempfile
import tomllib
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from digests import REPOSITORY, WORKSHOP, digest, named, record, recorded
from narrate_master import evened, finish, roomed, toned
from narrate_text import english_words, sentences
from narrate_voice import VOICES, Speaker

# The versions of the speech engine and of the filters are as much an input as the scripts.
SCRIPTS = ["narrate.py", "narrate_text.py", "narrate_voice.py", "narrate_master.py", "lexicon.py", "digests.py", "narrate_requirements.txt"]
LEAD_SECS, TAIL_SECS = 0.25, 0.35
# Between sentences, between claims, between paragraphs.
PAUSE_SECS = (0.42, 0.52, 0.78)


def time_code(secs: float) -> str:
    """Seconds as WebVTT writes them."""
    thousandths = round(secs * 1000)
    return f"{thousandths // 3600000:02}:{thousandths // 60000 % 60:02}:{thousandths // 1000 % 60:02}.{thousandths % 1000:03}"


def faded(sound: np.ndarray, hz: int) -> np.ndarray:
    """A sentence with its first and last few milliseconds drawn in and out."""
    ramp = np.linspace(0, 1, int(0.006 * hz))
    sound = sound.copy()
    sound[: len(ramp)] *= ramp
    sound[-len(ramp) :] *= ramp[::-1]
    return sound / np.sqrt((sound**2).mean())


def spoken(speaker: Speaker, lang: str, story: Path, pinyin: Path) -> tuple[np.ndarray, list[tuple[float, float, str]]]:
    """The dry track of a story and its cues: start, end, text."""
    shown = sentences(story, lang)
    said = pinyin.read_text("utf-8").splitlines() if lang == "zh" else [english_words(each.shown) for each in shown]
    if len(said) != len(shown):
        raise SystemExit(f"{pinyin} has {len(said)} lines for {len(shown)} sentences: draft and proof-read it again")
    parts, cues, now = [], [], 0.0

    def silence(secs: float) -> None:
        nonlocal now
        parts.append(np.zeros(int(secs * speaker.hz)))
        now += len(parts[-1]) / speaker.hz

    silence(LEAD_SECS)
    for at, (sentence, text) in enumerate(zip(shown, said, strict=True)):
        if at:
            silence(PAUSE_SECS[sentence.opens_claim + sentence.opens_paragraph])
        sound = faded(speaker.say(text, VOICES[lang]), speaker.hz)
        cues.append((now, now + len(sound) / speaker.hz, sentence.shown))
        parts.append(sound)
        now += len(sound) / speaker.hz
    silence(TAIL_SECS)
    return np.concatenate(parts), cues


def write_captions(path: Path, cues: list[tuple[float, float, str]], version: str) -> None:
    """One WebVTT cue for each sentence."""
    lines = ["WEBVTT", "", f"NOTE synthetic voice: espeak-ng {version}", ""]
    for number, (start, end, text) in enumerate(cues, 1):
        lines += [str(number), f"{time_code(start)} --> {time_code(end)}", text, ""]
    path.write_text("\n".join(lines), "utf-8")


def make(lang: str, story: Path, pinyin: Path, into: Path) -> list[Path]:
    """One story's Ogg, MP3 and captions, in the folder `into`."""
    speaker = Speaker()
    made = [into / f"{lang}-{story.stem}{end}" for end in (".ogg", ".mp3", ".vtt")]
    dry, cues = spoken(speaker, lang, story, pinyin)
    loudness, peak = finish(roomed(evened(toned(dry, speaker.hz), speaker.hz), speaker.hz), speaker.hz, *made[:2])
    write_captions(made[2], cues, speaker.version)
    print(f"{lang}/{story.stem}: {len(dry) / speaker.hz:.1f} s, {loudness:.1f} LUFS, {peak:.1f} dBTP", flush=True)
    return made


def main() -> None:
    """Makes what is missing or stale; moves it into place and records the digests once all is made."""
    site = REPOSITORY / "assets" / "sites" / (sys.argv[1] if len(sys.argv) > 1 else "luding")
    voices_file = site / "narration" / "voices.toml"
    voices = tomllib.loads(voices_file.read_text("utf-8")) if voices_file.is_file() else {}
    version, known = Speaker().version, recorded(site, "narration")
    scripts = [WORKSHOP / name for name in SCRIPTS]
    inputs, outputs, said, moves = list(scripts), [], {lang: {} for lang in VOICES}, []
    # espeak-ng carries the phase of its breath from one text to the next, even when opened again. A process of its
    # own for each story gives the same bytes whatever else is made.
    alone = ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1)
    with tempfile.TemporaryDirectory() as folder, alone:
        for lang, story in ((lang, story) for lang in VOICES for story in sorted((site / "stories" / lang).glob("*.md"))):
            point, pinyin = story.stem, WORKSHOP / "pinyin" / f"{story.stem}.txt"
            said[lang][point] = voices.get(lang, {}).get(point, "synthetic")
            if said[lang][point] != "synthetic":
                print(f"{lang}/{point}: spoken by {said[lang][point]}, kept")
                continue
            read = [story, pinyin] if lang == "zh" else [story]
            written = [site / "narration" / lang / f"{point}{end}" for end in (".ogg", ".mp3")]
            written.append(site / "captions" / lang / f"{point}.vtt")
            inputs, outputs = inputs + read, outputs + written
            refuse_foreign(site, known["output"], written)
            if not all(fresh(site, known["input"], path) for path in scripts + read) or not all(
                fresh(site, known["output"], path) for path in written
            ):
                made = alone.submit(make, lang, story, pinyin, Path(folder)).result()
                moves += zip(made, written, strict=True)
        for made, place in moves:
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(made, place)
    write_voices(voices_file, said, version)
    record(site, "narration", inputs, outputs)


def fresh(site: Path, known: dict[str, str], path: Path) -> bool:
    """Whether a file is as it was when it was recorded."""
    return known.get(named(path, site)) == digest(path) != ""


def refuse_foreign(site: Path, known: dict[str, str], written: list[Path]) -> None:
    """Stops before a file that somebody else put here is overwritten."""
    for path in written:
        if path.is_file() and not fresh(site, known, path):
            raise SystemExit(f"{named(path, site)} is not what this script wrote: name its narrator in voices.toml, or delete it")


def write_voices(path: Path, made: dict[str, dict[str, str]], version: str) -> None:
    """Who speaks, by language and story point; the engine of the synthetic voices is named in a comment."""
    lines = ["# Who speaks: `synthetic`, or the narrator's name beside a recording dropped into this folder."]
    lines += [f"# Synthetic voices: espeak-ng {version}, {VOICES['zh'].name} and {VOICES['en'].name}."]
    for lang, points in made.items():
        lines += ["", f"[{lang}]", *(f'{point} = "{voice}"' for point, voice in sorted(points.items()))]
    path.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
