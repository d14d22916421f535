"""What people made: dressed stone, timber, tile, plaster, iron. Colours are of weathered material in overcast light."""

import numpy as np

from .patterns import by_number, colour, mix, shaded, smooth


def stone(s):
    """Grey ashlar, 2.4 m a sheet: four courses of three blocks, tooled and worn."""
    rows, cols = 4, 3
    wobble = s.fbm(8, 8, 3, 4) * 0.006
    y = (s.v + wobble) * rows
    row = np.floor(y).astype(int) % rows
    x = (s.u + wobble * 0.7) * cols + np.array([0.0, 0.46, 0.13, 0.62])[row]
    col = np.floor(x).astype(int) % cols
    fx, fy = x - np.floor(x), y - np.floor(y)
    grainy = s.fbm(40, 40, 5, 3)
    edge = np.minimum(np.minimum(fx, 1 - fx) * 0.8, np.minimum(fy, 1 - fy) * 0.6) + grainy * 0.006
    block = smooth(0.001, 0.012, edge + grainy * 0.004)
    number = row * cols + col
    grain, pits, stain = s.fbm(24, 24, 11, 5, 0.62), s.fbm(90, 90, 17, 2, 0.6), s.fbm(3, 4, 31, 4, 0.55)
    tooling = np.sin((s.u * 3 + s.v * 1.2 + by_number(number, 8)) * 2 * np.pi * 23) * 0.5 * smooth(-0.1, 0.5, by_number(number, 12) - 0.4)
    height = block * (0.010 + 0.005 * by_number(number, 3)) + grain * 0.003 + pits * 0.0016 + tooling * 0.0006
    tone = np.clip(by_number(number, 4) * 0.55 + grain * 0.55 + 0.25, 0, 1)
    base = mix(colour("6b6860"), colour("9c978b"), tone)
    base = mix(base, colour("8d7c66"), (by_number(number, 9) > 0.7) * 0.4)
    base = mix(base, colour("585a4d"), smooth(0.1, 0.5, stain) * 0.55)
    base = mix(colour("4f4b43") * (1 + 0.2 * grain[..., None]), base, block) * (1 + 0.16 * pits[..., None])
    return shaded(base, height, 24), height, 4.0


def redstone(s):
    """Fine reddish sandstone, bedded, 1.6 m a sheet."""
    bed = s.fbm(2, 26, 5, 4, 0.55)
    grain, blotch = s.fbm(60, 60, 9, 3, 0.7), s.fbm(4, 5, 13, 4)
    height = bed * 0.002 + grain * 0.0016
    base = mix(colour("84695f"), colour("a08a7e"), np.clip(0.5 + bed * 0.5 + grain * 0.35, 0, 1))
    base = mix(base, colour("6f5c55"), smooth(0.05, 0.45, blotch) * 0.55)
    return shaded(base, height, 40), height, 4.0


def timber(s):
    """Weathered softwood with the grain along u, 1.6 m a sheet; boards are cut by the models."""
    wander = s.fbm(3, 5, 21, 3) * 0.018
    v = s.v + wander
    broad, fine = s.fbm(2, 22, 3, 3, 0.6, v=v), s.fbm(5, 110, 7, 2, 0.6, v=v)
    rings = np.sin((v * 26 + broad * 1.6) * 2 * np.pi)
    checks = smooth(0.46, 0.62, s.fbm(3, 64, 15, 2, 0.5, v=v))
    worn = smooth(0.05, 0.4, s.fbm(5, 4, 27, 4))
    height = rings * 0.0007 + fine * 0.0012 - checks * 0.004 + broad * 0.001
    base = mix(colour("76685a"), colour("a59480"), np.clip(0.5 + broad * 0.5 + fine * 0.5 + rings * 0.12, 0, 1))
    base = mix(base, colour("a39c90"), worn * 0.5)
    first, _, number = s.cells(5, 7, 33, 0.9)
    knot = smooth(0.16, 0.03, np.where(by_number(number, 2) > 0.75, first, 1.0))
    base = mix(base, colour("5a4433"), np.clip(knot, 0, 1) * 0.7)
    base = base * (1 - 0.55 * checks[..., None])
    return shaded(base, height, 60, 0.006), height, 5.0


def tile(s):
    """Small grey tiles, 1.6 m a sheet: six rows of covers over pans, sixteen overlapping courses a sheet."""
    cols, rows = 6, 12
    x = s.u * cols + 0.5
    fx = x - np.floor(x) - 0.5
    col = np.floor(x).astype(int) % cols
    across = np.abs(fx) * 2
    cover = across < 0.52
    y = s.v * rows + np.where(cover, 0.0, 0.5) + s.fbm(12, 3, 9, 2) * 0.08
    row, fy = np.floor(y).astype(int) % rows, y - np.floor(y)
    number = row * cols * 2 + col * 2 + cover
    profile = np.where(cover, np.sqrt(np.clip(1 - (across / 0.52) ** 2, 0, 1)), -np.sin((across - 0.52) / 0.48 * np.pi / 2) * 0.45)
    lap = 1 - fy
    height = profile * 0.05 + lap * 0.022 + (by_number(number, 3) - 0.5) * 0.006 + s.fbm(24, 24, 3, 3) * 0.002
    grain = s.fbm(30, 30, 6, 4, 0.6)
    tone = np.clip(by_number(number, 5) * 0.7 + grain * 0.6 + 0.18, 0, 1)
    base = mix(colour("45484a"), colour("73777a"), tone)
    base = mix(base, colour("6f7260"), smooth(0.12, 0.45, s.fbm(4, 4, 14, 5, 0.6)) * 0.45)
    base = mix(base, colour("8b8d86"), smooth(0.35, 0.6, s.fbm(26, 26, 44, 3)) * 0.4)
    shadow = 0.62 + 0.38 * smooth(0.0, 0.16, np.minimum(fy + 0.03, 1.0))
    groove = np.where(cover, 1.0, 0.58 + 0.42 * smooth(0.52, 0.78, across))
    return shaded(base * (shadow * groove)[..., None], height, 6), height, 1.1


def plaster(s):
    """Lime wash over mud plaster, 3 m a sheet, stained from below."""
    broad, fine = s.fbm(4, 4, 3, 6, 0.55), s.fbm(28, 28, 8, 4, 0.6)
    run, peel = s.fbm(14, 2, 12, 4, 0.55), smooth(0.34, 0.46, s.fbm(5, 5, 40, 5, 0.55))
    height = broad * 0.004 + fine * 0.0012 - peel * 0.003
    base = mix(colour("c9c1b0"), colour("b0a58f"), np.clip(0.5 + broad, 0, 1))
    base = mix(base, colour("a59a84"), smooth(0.05, 0.5, run) * 0.4)
    base = mix(base, colour("a1886a"), peel * 0.7) * (1 + 0.08 * fine[..., None])
    return shaded(base, height, 25), height, 2.0


def iron(s):
    """Hand-forged bar, dark with brown rust, 0.4 m a sheet."""
    hammer, _, _ = s.cells(9, 9, 4, 0.95)
    rust, fine = s.fbm(6, 6, 8, 5, 0.6), s.fbm(50, 50, 12, 3, 0.6)
    height = -smooth(0.0, 0.8, hammer) * 0.004 + fine * 0.001
    base = mix(colour("4d4b4a"), colour("6f6c69"), np.clip(0.5 + fine * 0.6, 0, 1))
    base = mix(base, colour("6b4f3e"), smooth(0.0, 0.4, rust) * 0.7)
    return shaded(base, height, 30), height, 5.0
