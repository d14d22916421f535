"""From dry speech to a finished track: tone, evenness, a little room, loudness, peak, and both encodings.

Loudness and true peak are those of EBU R 128 (ITU-R BS.1770), measured by ffmpeg on the encoded file.
"""

import re
import subprocess
import tempfile
import wave
from pathlib import Path

import numpy as np
from scipy.ndimage import maximum_filter1d, uniform_filter1d
from scipy.signal import fftconvolve, resample_poly, sosfilt

LOUDNESS_LUFS, LOUDNESS_WITHIN_LU = -18.0, 1.0
PEAK_DBTP = -1.5
# Vorbis at its lowest quality overshoots by up to 2 dB, so the limiter stops well below the limit.
FIRST_CEILING_DB = -4.0
# The voice has nothing above 7.4 kHz; at this rate it costs a fifth less than at espeak-ng's own 22,050.
TRACK_HZ, TRACK_QUALITY = 16000, -0.5


def biquad(kind: str, hz: int, at_hz: float, gain_db: float = 0.0, q: float = 0.71) -> np.ndarray:
    """One second-order section of R. Bristow-Johnson's cookbook."""
    a, w = 10 ** (gain_db / 40), 2 * np.pi * at_hz / hz
    c, alpha = np.cos(w), np.sin(w) / (2 * q)
    if kind == "high-pass":
        b0, b1, b2, a0, a1, a2 = (1 + c) / 2, -(1 + c), (1 + c) / 2, 1 + alpha, -2 * c, 1 - alpha
    elif kind == "low-pass":
        b0, b1, b2, a0, a1, a2 = (1 - c) / 2, 1 - c, (1 - c) / 2, 1 + alpha, -2 * c, 1 - alpha
    elif kind == "peak":
        b0, b1, b2, a0, a1, a2 = 1 + alpha * a, -2 * c, 1 - alpha * a, 1 + alpha / a, -2 * c, 1 - alpha / a
    else:
        raise ValueError(kind)
    return np.array([b0, b1, b2, a0, a1, a2]) / a0


def toned(sound: np.ndarray, hz: int) -> np.ndarray:
    """Speech with less rumble, less of the buzz about 3 kHz and less hiss, and a little more body."""
    sections = [
        biquad("high-pass", hz, 85),
        biquad("peak", hz, 230, 2.0, 0.9),
        biquad("peak", hz, 3200, -4.0, 0.9),
        biquad("peak", hz, 5600, -3.0, 1.2),
        biquad("low-pass", hz, 7400),
    ]
    return sosfilt(np.array(sections), sound)


def evened(sound: np.ndarray, hz: int, strength: float = 0.35) -> np.ndarray:
    """Speech with loud and quiet syllables brought nearer together; silence stays silent."""
    power = uniform_filter1d(sound**2, int(0.18 * hz), mode="nearest")
    floor = np.quantile(power[power > 0], 0.9) * 10**-2.4
    return sound * (np.maximum(power, floor) / power.max()) ** (-strength / 2)


def roomed(sound: np.ndarray, hz: int) -> np.ndarray:
    """Speech in a small furnished room, with the faint noise of that room throughout."""
    chance = np.random.default_rng(1935)
    tail = chance.standard_normal(int(0.22 * hz)) * np.exp(-np.arange(int(0.22 * hz)) / hz * 28)
    tail = sosfilt(np.array([biquad("low-pass", hz, 2600), biquad("high-pass", hz, 220)]), tail)
    tail[: int(0.008 * hz)] = 0
    tail /= np.sqrt((tail**2).sum())
    wet = fftconvolve(sound, tail)[: len(sound)]
    noise = sosfilt(np.array([biquad("low-pass", hz, 700), biquad("high-pass", hz, 60)]), chance.standard_normal(len(sound)))
    loud = np.sqrt((sound**2).mean())
    return sound + wet * 10 ** (-19 / 20) + noise / noise.std() * loud * 10 ** (-55 / 20)


def limited(sound: np.ndarray, hz: int, ceiling_db: float) -> np.ndarray:
    """The sound with its true peaks held under `ceiling_db`, by a gain that moves slowly enough not to be heard."""
    ceiling = 10 ** (ceiling_db / 20)
    over = np.abs(resample_poly(sound, 4, 1))[: 4 * len(sound)].reshape(-1, 4).max(axis=1)
    reach = int(0.004 * hz) * 2 + 1
    need = np.minimum(1.0, ceiling / np.maximum(maximum_filter1d(over, reach * 2), 1e-9))
    return sound * uniform_filter1d(need, reach, mode="nearest")


def measured(path: Path) -> tuple[float, float]:
    """Integrated loudness in LUFS and true peak in dBTP of a sound file."""
    command = ["ffmpeg", "-hide_banner", "-nostats", "-i", str(path), "-af", "ebur128=peak=true", "-f", "null", "-"]
    report = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    summary = report[report.rindex("Summary:") :]
    return tuple(float(re.search(rf"{name}:\s+(-?[\d.]+|-inf)", summary)[1]) for name in ("I", "Peak"))


def write_wav(path: Path, sound: np.ndarray, hz: int) -> None:
    """16-bit PCM, one row per channel."""
    rows = np.atleast_2d(sound)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(rows.shape[0])
        file.setsampwidth(2)
        file.setframerate(hz)
        file.writeframes(np.round(np.clip(rows.T, -1, 1) * 32767).astype("<i2").tobytes())


def encode(wav: Path, ogg: Path, quality: float, mp3: Path | None = None) -> None:
    """Ogg Vorbis and, where asked, its MP3 twin; the same bytes for the same sound, with no dates inside."""
    command = ["oggenc", "-Q", "--serial", "1", "-q", str(quality), "--discard-comments", "-o", str(ogg), str(wav)]
    subprocess.run(command, check=True)
    if mp3:
        command = ["ffmpeg", "-hide_banner", "-loglevel", "error", "-y", "-i", str(wav), "-map_metadata", "-1"]
        command += ["-fflags", "+bitexact", "-c:a", "libmp3lame", "-b:a", "48k", "-ac", "1", str(mp3)]
        subprocess.run(command, check=True)


def finish(sound: np.ndarray, hz: int, ogg: Path, mp3: Path) -> tuple[float, float]:
    """Brings a track to its loudness under its peak, encodes it, and returns what the Ogg file measures."""
    ceiling_db, gain_db = FIRST_CEILING_DB, LOUDNESS_LUFS - 20 * np.log10(np.sqrt((sound**2).mean()))
    sound = resample_poly(sound, TRACK_HZ // 50, hz // 50)
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder) / "track.wav"
        for _ in range(6):
            write_wav(wav, limited(sound * 10 ** (gain_db / 20), TRACK_HZ, ceiling_db), TRACK_HZ)
            encode(wav, ogg, TRACK_QUALITY, mp3)
            loudness, peak = measured(ogg)
            worst = max(peak, measured(mp3)[1])
            if abs(loudness - LOUDNESS_LUFS) <= 0.3 and worst <= PEAK_DBTP - 0.1:
                break
            gain_db += LOUDNESS_LUFS - loudness
            ceiling_db -= max(0.0, worst - (PEAK_DBTP - 0.3))
    return loudness, peak
