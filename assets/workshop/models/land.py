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
    buttress = fbm(e / 26, n / 15, 83, 4, 0.55, True)
    h = h + (1.4 * rough + 2.6 * buttress - 0.8) * smooth(0, 0.3, t) * (1 - smooth(0.7, 1.0, t))
    # Terraces of the valley floor, then the walls, whose spurs and gullies run down to the river.
    back = np.where(side < 0, WEST_BACK_M, EAST_BACK_M) - 45 * (1 - smooth(0, 1, flatness(0 * e + side * 70, n))) * smooth(80, 300, np.abs(n))
    spur = fbm(n / 190 + side * 2.7, d / 900, 11, 3, 0.5, True)
    rise = np.clip((d - back - 10 - 85 * np.clip(0.45 - spur, 0, 1) - 10 * fbm(e / 90, n / 90, 5, 3)) / 900, 0, 2.2)
    # Far off only the broad crests are kept: the grid there could not carry more.
    crest = fbm(e / 560 + 3.1, n / 560, 21, 4, 0.45, True)
    broad = 0.5 * fbm(e / 560 + 3.1, n / 560, 21, 1, 0.45, True) + 0.6 * fbm(e / 420, n / 420, 27, 2)
    crest = broad + (crest - broad) * smooth(1000, 350, d)
    wall = rise**0.95 * (190 + 210 * crest + 80 * spur * smooth(1200, 500, d)) + fbm(e / 80, n / 80, 31, 4) * 16 * np.clip(rise * 7, 0, 1)
    gully = np.clip(fbm(e / 170, n / 120, 51, 3, 0.45, True), 0, 1) ** 2 * 60 * np.clip(rise * 4, 0, 1)
    terrace = 2.6 * smooth(64, 82, d) * (1 - smooth(60, 200, np.abs(n)) * 0.4) + 1.6 * rough
    h = h + (terrace * smooth(56, 70, d) * (1 - flatness(e, n))) + wall - gully
    # Held flat where one walks, and kept out of the masonry.
    f = flatness(e, n)
    h = h * (1 - f) + f * (wall - gully + 0.02 * rough)
    for west, east, south, north in PADS:
        under = (e > west) & (e < east) & (n > south) & (n < north) & (np.abs(e) > 50)
        deep = smooth(west + 2, west + 3.2, e) * smooth(east - 2, east - 3.2, e) * smooth(south + 2, south + 3.2, n) * smooth(north - 1, north - 1.8, n)
        h = h - under * (0.25 + 8.0 * deep)
    return h


def steepness(e, n, step=2.0):
    """Steepness as rise over run."""
    return np.hypot((height(e + step, n) - height(e - step, n)) / (2 * step), (height(e, n + step) - height(e, n - step)) / (2 * step))
