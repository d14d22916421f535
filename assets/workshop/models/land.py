"""The shape of the gorge as one function of place. Invented, as no survey may be had: stylised terrain, never a map."""

import numpy as np

from .measures import WATER_UP_M
from .noise import fbm, smooth

# Where the ground is held flat for stations: half the length along the river, and the back of each terrace.
FLAT_NORTH_M = 34.0
WEST_BACK_M, EAST_BACK_M = 94.0, 128.0
# Masonry stands over these pads (west, east, south, north); the ground under it lies lower.
PADS = [(-65.0, -49.0, -8.5, 14.5), (49.0, 65.0, -8.5, 8.5)]


def river_middle(n):
    """East of the axis of the river at `n` north: straight under the bridge, winding beyond."""
    n = np.asarray(n, float)
    return 70 * np.sin(n / 330 + 0.4) * smooth(110, 420, np.abs(n))


def across(e, n):
    """Distance from the river's axis, and which side: -1 west, +1 east."""
    off = np.asarray(e, float) - river_middle(n)
    return np.abs(off), np.sign(off)


def flatness(e, n):
    """1 where a visitor may stand, falling to 0 outside."""
    d, side = across(e, n)
    back = np.where(side < 0, WEST_BACK_M, EAST_BACK_M)
    along = np.where(side < 0, FLAT_NORTH_M, 95.0)
    return (1 - smooth(along, along + 22, np.abs(n))) * (1 - smooth(back - 6, back + 16, d)) * smooth(52.4, 53.2, d)


def height(e, n):
    """Ground over the origin, metres."""
    e, n = np.asarray(e, float), np.asarray(n, float)
    d, side = across(e, n)
    near = 1 - smooth(24, 70, np.abs(n))
    rough = fbm(e / 14, n / 14, 41, 4)
    shore = 42.5 + (4.5 * fbm(n / 46, side * 9.3, 9, 3) + 2.2 * rough) * (1 - 0.6 * near)
    brink = 53.0 + (1 - near) * (5 * fbm(n / 60, side * 4.1, 17, 3) + 3) + 1.3 * rough * (1 - near)
    bed = WATER_UP_M - 3.6 + 1.2 * fbm(e / 17, n / 17, 5, 3)
    beach = WATER_UP_M + 1.1 + 0.7 * rough
    h = bed + (beach - bed) * smooth(-5.5, 3.0, d - shore)
    # The bank is steep below and leans back near the top, with ledges.
    t = np.clip((d - shore - 3) / np.maximum(brink - shore - 3, 2), 0, 1)
    ledge = 0.05 * np.sin(t * 15 + 3 * fbm(n / 21, e / 60, 23, 2)) * t * (1 - t) * 4
    h = h + (-0.1 - beach) * np.where(d > shore + 3, np.clip(t**0.85 + ledge, 0, 1), 0)
    h = h + 1.1 * rough * smooth(0, 0.2, t) * (1 - smooth(0.8, 1.0, t))
    # Terraces of the valley floor, then the walls.
    back = np.where(side < 0, WEST_BACK_M, EAST_BACK_M) - 45 * (1 - smooth(0, 1, flatness(0 * e + side * 70, n))) * smooth(80, 300, np.abs(n))
    rise = np.clip((d - back - 14 * fbm(e / 90, n / 90, 5, 3)) / 620, 0, 1.7)
    crest = fbm(e / 520 + 3.1, n / 520, 21, 6, 0.5, True)
    wall = rise**0.82 * (400 + 360 * crest) + fbm(e / 80, n / 80, 31, 4) * 22 * np.clip(rise * 5, 0, 1)
    gully = np.clip(fbm(e / 150, n / 150, 51, 4, 0.5, True), 0, 1) ** 3 * 58 * np.clip(rise * 3.5, 0, 1)
    terrace = 2.6 * smooth(64, 82, d) * (1 - smooth(60, 200, np.abs(n)) * 0.4) + 1.6 * rough
    h = h + (terrace * smooth(56, 70, d) * (1 - flatness(e, n))) + wall - gully
    # Held flat where one walks, and kept out of the masonry.
    f = flatness(e, n)
    h = h * (1 - f) + f * (wall - gully + 0.02 * rough)
    for west, east, south, north in PADS:
        inside = smooth(west, west + 1.2, e) * (1 - smooth(east - 0.6, east, e)) * smooth(south, south + 1.2, n) * (1 - smooth(north - 1.2, north, n))
        h = h - 3.0 * inside * (np.abs(e) > 50)
    return h


def steepness(e, n, step=2.0):
    """Steepness as rise over run."""
    return np.hypot((height(e + step, n) - height(e - step, n)) / (2 * step), (height(e, n + step) - height(e, n - step)) / (2 * step))
