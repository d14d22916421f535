"""Makes a site's ambience: river, wind and the creak of iron chains, each a loop without a seam.

Everything is noise shaped by filters that run round the loop as a circle, so that its end meets its beginning.
Nothing is recorded: these are plausible sounds, not the sound of this place.
"""

import sys
import tempfile
from pathlib import Path

import numpy as np
from digests import REPOSITORY, WORKSHOP, record
from narrate_master import encode, limited, measured, write_wav

HZ = 32000
LOUDNESS_LUFS = {"river": -26.0, "wind": -29.0, "chains": -30.0}
QUALITY = {"river": 0, "wind": 0, "chains": 0}
SCRIPTS = ["ambience.py", "narrate_master.py", "digests.py"]


class Loop:
    """A circle of `secs` seconds, with the chance that fills it."""

    def __init__(self, secs: float, seed: int) -> None:
        self.count = int(secs * HZ)
        self.secs = secs
        self.chance = np.random.default_rng(seed)
        self.hz = np.fft.rfftfreq(self.count, 1 / HZ)

    def noise(self, low_hz: float, high_hz: float, slope: float = 0.0) -> np.ndarray:
        """Noise between two frequencies, falling by `slope` (0.5 is pink), of unit strength."""
        hz = np.maximum(self.hz, 1e-6)
        shape = 1 / (1 + (low_hz / hz) ** 4) / (1 + (hz / high_hz) ** 4) / np.maximum(hz, 20) ** slope
        shape[0] = 0
        sound = np.fft.irfft(shape * np.exp(2j * np.pi * self.chance.random(len(hz))), self.count)
        return sound / sound.std()

    def swell(self, rate_hz: float, depth: float) -> np.ndarray:
        """A slow, positive rise and fall about 1."""
        hz = np.maximum(self.hz, 1e-6)
        shape = np.exp(-((hz / rate_hz) ** 2))
        shape[0] = 0
        slow = np.fft.irfft(shape * np.exp(2j * np.pi * self.chance.random(len(hz))), self.count)
        return np.exp(depth * slow / slow.std())

    def add(self, sound: np.ndarray, at: int, piece: np.ndarray) -> None:
        """Lays a piece into the circle, round its end where it reaches that far."""
        np.add.at(sound, (at + np.arange(len(piece))) % self.count, piece)


def river() -> np.ndarray:
    """A fast river heard from a bridge: a deep body, turbulence that comes and goes by bands, foam over it."""
    loop = Loop(18, 29)
    sound = loop.noise(45, 180, 0.7) * loop.swell(0.5, 0.18) * 0.9
    for low_hz in (180, 320, 560, 980, 1700):
        sound += loop.noise(low_hz, low_hz * 1.75, 0.3) * loop.swell(1.7, 0.3) * (400 / low_hz) ** 0.35 * 0.6
    sound += loop.noise(2600, 7000, 0.3) * loop.swell(2.6, 0.35) * 0.16
    gurgle = np.zeros(loop.count)
    for _ in range(int(loop.secs * 22)):
        secs, start_hz = loop.chance.uniform(0.02, 0.07), loop.chance.uniform(220, 900)
        t = np.arange(int(secs * HZ)) / HZ
        wave = np.sin(2 * np.pi * start_hz * (t + 1.6 * t * t)) * np.sin(np.pi * t / secs) ** 2
        loop.add(gurgle, int(loop.chance.integers(loop.count)), wave * loop.chance.uniform(0.2, 1.0))
    return sound + gurgle * 0.35


def wind() -> np.ndarray:
    """Wind in a gorge, in two channels that share their gusts, with a faint note where it meets the iron."""
    loop = Loop(18, 5)
    gust = loop.swell(0.22, 0.33)
    sides = []
    for _ in range(2):
        body = loop.noise(70, 340, 0.5) * gust * loop.swell(0.6, 0.12)
        air = loop.noise(420, 1500, 0.4) * gust**2 * loop.swell(0.9, 0.2) * 0.2
        note = loop.noise(505, 545, 0.0) * gust**3 * 0.025
        sides.append(body + air + note)
    return np.stack(sides)


def chains() -> np.ndarray:
    """Iron under a slow load: links that stick and slip, and now and then one that touches another."""
    loop = Loop(16, 13)
    sound = np.zeros(loop.count)
    for _ in range(9):
        creak(loop, sound)
    for _ in range(14):
        clink(loop, sound)
    far = 1 / (1 + (loop.hz / 2600) ** 2) / (1 + (120 / np.maximum(loop.hz, 1e-6)) ** 2)
    heard = np.fft.irfft(np.fft.rfft(sound) * far, loop.count)
    return heard + loop.noise(80, 500, 0.6) * heard.std() * 0.04


def creak(loop: Loop, sound: np.ndarray) -> None:
    """One slip after another, each a knock on the same few tones of a bar, quickening and slowing."""
    tones_hz = loop.chance.uniform(240, 420) * np.array([1.0, 1.83, 2.71, 4.1])
    at, level = int(loop.chance.integers(loop.count)), loop.chance.uniform(0.25, 0.8)
    slips = int(loop.chance.integers(12, 34))
    for slip in range(slips):
        t = np.arange(int(0.09 * HZ)) / HZ
        knock = sum(np.sin(2 * np.pi * hz * t) * np.exp(-t * (38 + 16 * n)) / (n + 1) for n, hz in enumerate(tones_hz))
        knock *= np.minimum(1, t * 900)
        loop.add(sound, at, knock * level * np.sin(np.pi * (slip + 0.5) / slips) * loop.chance.uniform(0.5, 1))
        at += int(HZ * (0.028 + 0.03 * np.cos(np.pi * slip / slips) ** 2) * loop.chance.uniform(0.8, 1.25))


def clink(loop: Loop, sound: np.ndarray) -> None:
    """Two links touching: a few tones that do not agree, soon gone."""
    t = np.arange(int(0.4 * HZ)) / HZ
    base_hz, level = loop.chance.uniform(700, 1500), loop.chance.uniform(0.1, 0.6) ** 2
    parts = ((1.0, 1.0, 15), (1.58, 0.6, 21), (2.24, 0.45, 29), (2.92, 0.3, 37), (4.1, 0.15, 52))
    ring = sum(np.sin(2 * np.pi * base_hz * ratio * t) * part * np.exp(-t * decay) for ratio, part, decay in parts)
    loop.add(sound, int(loop.chance.integers(loop.count)), ring * np.minimum(1, t * 600) * level)


def main() -> None:
    """Makes the three loops at their loudness and records their digests."""
    site = REPOSITORY / "assets" / "sites" / (sys.argv[1] if len(sys.argv) > 1 else "luding")
    folder = site / "ambience"
    folder.mkdir(parents=True, exist_ok=True)
    outputs = []
    for name, make in (("river", river), ("wind", wind), ("chains", chains)):
        sound, ogg = make(), folder / f"{name}.ogg"
        gain_db = LOUDNESS_LUFS[name] - 20 * np.log10(sound.std())
        for _ in range(4):
            with tempfile.TemporaryDirectory() as scratch:
                wav = Path(scratch) / "loop.wav"
                write_wav(wav, np.stack([circled(row * 10 ** (gain_db / 20)) for row in np.atleast_2d(sound)]), HZ)
                encode(wav, ogg, QUALITY[name])
            loudness, peak = measured(ogg)
            gain_db += LOUDNESS_LUFS[name] - loudness
            if abs(LOUDNESS_LUFS[name] - loudness) < 0.3:
                break
        outputs.append(ogg)
        print(f"{name}: {sound.shape[-1] / HZ:.0f} s, {loudness:.1f} LUFS, {peak:.1f} dBTP, {ogg.stat().st_size // 1000} kB")
    record(site, "ambience", [WORKSHOP / script for script in SCRIPTS], outputs)


def circled(row: np.ndarray) -> np.ndarray:
    """The limiter run round the circle, so that it leaves no seam either."""
    return limited(np.concatenate([row, row, row]), HZ, -8.0)[len(row) : 2 * len(row)]


if __name__ == "__main__":
    main()
