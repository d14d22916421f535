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
    return 70 * np.sin(n / 330 + 0.4) * smooth(110, 420, np.abs(n)) + 90 * np.sin(n / 610 + 1.9) * smooth(380, 900, np.abs(n))


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


def _walls(d, side, e, n):
    """Height of the valley's sides over its floor: spurs and gullies that run down to the river, steep to their crests."""
    flat = smooth(80, 300, np.abs(n))
    back = np.where(side < 0, WEST_BACK_M - 42 * flat, EAST_BACK_M - 66 * flat)
    warp = 40 * fbm(d / 160, n / 160 + side * 3.3, 61, 3)
    spur = fbm((n + warp) / 420 + side * 2.7, d / 1500, 11, 2, 0.5, True)
    # Spurs reach toward the river, the hollows between them stand back.
    x = d - back - 14 - 60 * (0.55 - spur) * smooth(60, 160, np.abs(n) + 0.4 * d)
    up = np.maximum(x, 0)
    rise = 0.70 * up + 0.00012 * np.minimum(up, 700) ** 2
    rise = np.where(rise > 480, 480 + 520 * np.tanh((rise - 480) / 760), rise) * (0.72 + 0.40 * spur)
    deep = np.minimum(up * 0.20, 62)
    main = fbm((n + 0.9 * warp) / 118 + side * 5.1, d / 700, 51, 2, 0.5, True)
    side_gully = fbm((n + warp) / 47, (d + 0.5 * n) / 190, 53, 3, 0.5, True)
    near = smooth(1500, 420, d)
    rise = rise + deep * (0.95 * main + 0.34 * side_gully * near - 0.45)
    # Cliff bands: beds harder than the rest break the slope into steps.
    bed = rise + 0.10 * n + 14 * fbm(d / 120, n / 150, 67, 2)
    rise = rise + near * smooth(10, 60, up) * 6.5 * np.sin(bed / 46 * 2 * np.pi)
    return rise + fbm(e / 46, n / 46, 31, 4) * 9 * smooth(0, 90, up)


def height(e, n):
    """Ground over the origin, metres."""
    e, n = np.asarray(e, float), np.asarray(n, float)
    d, side = across(e, n)
    near = 1 - smooth(18, 52, np.abs(n))
    rough = fbm(e / 14, n / 14, 41, 4)
    # Debris fans push the shore out here and there; between them the bank falls straight.
    fan = np.clip(fbm(n / 44, side * 6.7, 19, 2) * 1.7, 0, 1) * (1 - near)
    shore = 42.5 + (4.5 * fbm(n / 46, side * 9.3, 9, 3) + 2.2 * rough) * (1 - 0.6 * near) - 5.0 * fan
    brink = 53.0 + (1 - near) * (7 * fbm(n / 60, side * 4.1, 17, 3) + 4) + 1.3 * rough * (1 - near)
    bed = WATER_UP_M - 3.6 + 1.2 * fbm(e / 17, n / 17, 5, 3)
    beach = WATER_UP_M + 1.1 + 0.7 * rough
    h = bed + (beach - bed) * smooth(-5.5, 3.0, d - shore)
    # The bank is steep below and leans back near the top, with ledges; a fan lies at its angle of rest.
    t = np.clip((d - shore - 3) / np.maximum(brink - shore - 3, 2), 0, 1)
    ledge = 0.075 * np.sin(t * 17 + 4 * fbm(n / 21, e / 60, 23, 2)) * t * (1 - t) * 4
    steep = np.clip(t**0.8 + ledge, 0, 1) * (1 - fan) + t * fan
    h = h + (-0.1 - beach) * np.where(d > shore + 3, steep, 0)
    buttress = fbm(e / 26, n / 13, 83, 4, 0.55, True) * (1 - 0.8 * fan)
    h = h + (1.4 * rough + 3.6 * buttress - 1.0) * smooth(0, 0.3, t) * (1 - smooth(0.7, 1.0, t))
    wall = _walls(d, side, e, n)
    terrace = 2.6 * smooth(64, 82, d) * (1 - smooth(60, 200, np.abs(n)) * 0.4) + 1.6 * rough
    h = h + (terrace * smooth(56, 70, d) * (1 - flatness(e, n))) + wall
    # Held flat where one walks, and kept out of the masonry.
    f = flatness(e, n)
    h = h * (1 - f) + f * (wall + 0.02 * rough)
    for west, east, south, north in PADS:
        under = (e > west) & (e < east) & (n > south) & (n < north) & (np.abs(e) > 50)
        deep = smooth(west + 2, west + 3.2, e) * smooth(east - 2, east - 3.2, e) * smooth(south + 2, south + 3.2, n) * smooth(north - 1, north - 1.8, n)
        h = h - under * (0.25 + 8.0 * deep)
    return h


def steepness(e, n, step=2.0):
    """Steepness as rise over run."""
    return np.hypot((height(e + step, n) - height(e - step, n)) / (2 * step), (height(e, n + step) - height(e, n - step)) / (2 * step))
