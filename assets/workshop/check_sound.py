"""Measures every narration and ambience file and fails where one is outside its limits.

usage: check_sound.py [site]

Narration: loudness, true peak, clipped samples, longest silence, bytes per minute, and captions against sound.
Ambience: loudness, peak, bytes, length and how well the loop's end meets its beginning.
"""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
from digests import REPOSITORY
from narrate_master import LOUDNESS_LUFS, LOUDNESS_WITHIN_LU, PEAK_DBTP, measured
from narrate_text import sentences

HZ = 32000
KB_PER_MINUTE, LONGEST_GAP_SECS, CUE_WITHIN_SECS = 170, 1.2, 0.6
AMBIENCE_LUFS, AMBIENCE_KB, AMBIENCE_SECS = (-30.5, -25.5), 150, 20
CUE = re.compile(r"(\d+):(\d+):([\d.]+) --> (\d+):(\d+):([\d.]+)\n(.+)")


def decoded(path: Path) -> np.ndarray:
    """The samples of a sound file, one row per channel, −1 to 1 and beyond where the decoder overshoots."""
    probe = ["ffprobe", "-v", "error", "-show_entries", "stream=channels", "-of", "csv=p=0", str(path)]
    channels = int(subprocess.run(probe, capture_output=True, text=True, check=True).stdout.split()[0])
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-f", "f32le", "-ar", str(HZ), "-"]
    raw = subprocess.run(command, capture_output=True, check=True).stdout
    return np.frombuffer(raw, np.float32).reshape(-1, channels).T


def longest_gap_secs(sound: np.ndarray) -> float:
    """The longest stretch in which no 20 ms is within 40 dB of the loud parts."""
    step = HZ // 50
    power = (sound[: len(sound) // step * step].reshape(-1, step) ** 2).mean(axis=1)
    loud = np.flatnonzero(power > np.quantile(power, 0.95) * 1e-4)
    return float(np.diff(loud).max(initial=0)) / 50


def cues(path: Path) -> list[tuple[float, float, str]]:
    """Start, end and text of every cue."""
    found = CUE.findall(path.read_text("utf-8"))
    return [(int(a) * 3600 + int(b) * 60 + float(c), int(d) * 3600 + int(e) * 60 + float(f), t) for a, b, c, d, e, f, t in found]


def narration_faults(site: Path, lang: str, point: str) -> list[str]:
    """Prints one line of the table and returns what is wrong with this narration."""
    ogg, mp3 = (site / "narration" / lang / f"{point}{end}" for end in (".ogg", ".mp3"))
    vtt = site / "captions" / lang / f"{point}.vtt"
    absent = [path.name for path in (ogg, mp3, vtt) if not path.is_file()]
    if absent:
        return [f"{lang}/{point}: missing {', '.join(absent)}"]
    sound, faults = decoded(ogg)[0], []
    secs = len(sound) / HZ
    loudness, peak = measured(ogg)
    twin_loudness, twin_peak = measured(mp3)
    clipped = int((np.abs(sound) >= 0.999).sum())
    gap, kb = longest_gap_secs(sound), ogg.stat().st_size / 1000 / secs * 60
    told, shown = cues(vtt), [each.shown for each in sentences(site / "stories" / lang / f"{point}.md", lang)]
    print(
        f"{lang} {point:16} {secs:6.1f} s {loudness:6.1f} {twin_loudness:6.1f} LUFS {peak:5.1f} {twin_peak:5.1f} dBTP "
        f"{clipped:3d} clipped  gap {gap:4.2f} s {kb:5.0f} kB/min  {len(told):2d} cues"
    )
    checks = {
        "loudness": all(abs(each - LOUDNESS_LUFS) <= LOUDNESS_WITHIN_LU for each in (loudness, twin_loudness)),
        "true peak": max(peak, twin_peak) <= PEAK_DBTP,
        "clipping": clipped == 0,
        "gap": gap <= LONGEST_GAP_SECS,
        "size": kb <= KB_PER_MINUTE,
        "captions differ from the story": [text for _, _, text in told] == shown,
        "cue times": all(a < b for a, b, _ in told) and all(x[1] <= y[0] for x, y in zip(told, told[1:], strict=False)),
        "length against the last cue": bool(told) and abs(secs - told[-1][1]) <= CUE_WITHIN_SECS,
    }
    return [f"{lang}/{point}: {name}" for name, good in checks.items() if not good]


def ambience_faults(ogg: Path) -> list[str]:
    """Prints one line of the table and returns what is wrong with this loop."""
    sound = decoded(ogg)
    loudness, peak = measured(ogg)
    secs, kb = sound.shape[1] / HZ, ogg.stat().st_size / 1000
    steps = np.abs(np.diff(sound))
    seam = float(np.abs(sound[:, 0] - sound[:, -1]).max() / steps.max())
    edge = HZ // 20
    before, after = (np.sqrt((part**2).mean()) for part in (sound[:, -edge:], sound[:, :edge]))
    print(
        f"-- {ogg.stem:16} {secs:6.1f} s {loudness:6.1f} LUFS {peak:5.1f} dBTP {kb:5.0f} kB  "
        f"seam {seam:.2f} of the largest step, level across it {20 * np.log10(after / before):+.1f} dB"
    )
    checks = {
        "loudness": AMBIENCE_LUFS[0] <= loudness <= AMBIENCE_LUFS[1],
        "true peak": peak <= PEAK_DBTP,
        "size": kb <= AMBIENCE_KB,
        "length": secs <= AMBIENCE_SECS,
        "seam": seam <= 0.7,
    }
    return [f"{ogg.stem}: {name}" for name, good in checks.items() if not good]


def main() -> None:
    """Prints the table, then every fault; exits 1 if there is one."""
    site = REPOSITORY / "assets" / "sites" / (sys.argv[1] if len(sys.argv) > 1 else "luding")
    faults = []
    for lang in ("zh", "en"):
        for story in sorted((site / "stories" / lang).glob("*.md")):
            faults += narration_faults(site, lang, story.stem)
    for ogg in sorted((site / "ambience").glob("*.ogg")):
        faults += ambience_faults(ogg)
    print("\n".join(faults) or "all within limits")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
