"""What grew or lay there: rock and soil, and leaves."""

import numpy as np

from .patterns import by_number, colour, mix, shaded, smooth


def land(s):
    """Rock in slanting beds with steep joints, 9 m a sheet, and in its alpha the soil between: grit, tufts and stones.

    Both are set about one half in linear light: the sheet says how much lighter or darker a spot is, the models say of
    what colour. The same sheet, drawn larger, gives beds and buttresses to cliffs and ridges.
    """
    wu, wv = s.fbm(4, 4, 61, 5, 0.55) * 0.10, s.fbm(4, 4, 67, 5, 0.55) * 0.10
    u, v = s.u + wu, s.v + wv
    bed = s.fbm(2, 15, 33, 6, 0.6, u=u, v=v)
    part = (bed + 1.2) * 6
    steps, ledge = np.floor(part) / 6, part - np.floor(part)
    joint = s.fbm(8, 3, 3, 4, 0.55, u=u, v=v, ridged=True)
    crack = smooth(0.70, 0.92, joint) * smooth(-0.25, 0.3, s.fbm(3, 3, 83, 3))
    ridge, grit = s.fbm(5, 6, 21, 7, 0.6, ridged=True), s.fbm(70, 70, 25, 3, 0.65)
    height = steps * 0.06 + smooth(0, 0.5, ledge) * 0.014 + ridge * 0.040 - crack * 0.016 + grit * 0.003
    tone = 0.47 + (steps - 1.2) * 0.42 + ridge * 0.26 + grit * 0.15 - 0.22 * crack
    warm = smooth(0.0, 0.5, s.fbm(4, 5, 71, 5, 0.55))[..., None] * np.array([0.035, 0.0, -0.045])
    stone = np.clip(tone, 0.05, 1)[..., None] * (1 + warm)
    stone = shaded(stone, height, 9, 0.02)

    first, _, number = s.cells(40, 40, 6, 0.95)
    pebble = smooth(0.5, 0.25, first) * (by_number(number, 2) < 0.16)
    tuft = s.fbm(7, 7, 2, 6, 0.62)
    blade = np.maximum(s.fbm(90, 50, 5, 2, 0.7), s.fbm(50, 90, 6, 2, 0.7))
    clump = smooth(0.05, 0.35, tuft + 0.25 * blade)
    soil = 0.52 + 0.20 * s.fbm(60, 60, 44, 3, 0.7) + 0.14 * tuft - 0.20 * clump * (0.6 + 0.7 * blade)
    soil = soil + pebble * (by_number(number, 5) - 0.35) * 0.5
    return np.concatenate([_about_half(stone), _about_half(soil[..., None])], -1), height, 1.0


def _about_half(code):
    """A sheet of sRGB code values scaled until its mean in linear light is one half."""
    light = np.clip(code, 0.01, 1.2) ** 2.2
    for _ in range(4):
        light = np.clip(light * (0.5 / light.mean()), 0, 1)
    return light ** (1 / 2.2)


def foliage(s):
    """A spray of leaves, 1.6 m a sheet; the alpha leaves out the gaps between them."""
    layers, cover = [], np.zeros_like(s.u)
    for across, up, seed, share in ((17, 12, 5, 0.72), (12, 19, 8, 0.66), (22, 22, 19, 0.5)):
        wu, wv = s.fbm(6, 6, seed + 40, 3) * 0.04, s.fbm(6, 6, seed + 50, 3) * 0.04
        first, _, number = s.cells(across, up, seed, 0.95, s.u + wu, s.v + wv)
        leaf = smooth(0.58, 0.34, first) * (by_number(number, 4) < share)
        layers.append((leaf, by_number(number, 2)))
        cover = np.maximum(cover, leaf)
    deep = smooth(-0.4, 0.35, s.fbm(4, 4, 12, 4, 0.6))
    base = np.broadcast_to(colour("4c573a"), (*deep.shape, 3))
    for leaf, tone in layers:
        lit = mix(colour("687648"), colour("97a06c"), np.clip(tone * 0.6 + deep * 0.4, 0, 1))
        base = mix(base, lit, leaf)
    gaps = np.clip(cover + smooth(0.05, -0.35, s.fbm(5, 5, 23, 3)) * 0.6, 0, 1)
    return np.concatenate([base, gaps[..., None]], -1), layers[0][0] * 0.02, 1.0
