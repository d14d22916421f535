"""Stone at the bridge heads: abutments, paving, cheek walls that take the rails, and the anchor well. Shapes are conjecture."""

import numpy as np

from .mesh import box
from .measures import DECK_NORTHS_M, HALF_M, RAILS, TREAD_OVER_M, WATER_UP_M
from .sweep import tube

RNG = 1706
# The well is 2 m by 5 m and 6 m deep (qntrip); which of the four is shown, and that it lies open, is conjecture.
WELL_WEST, WELL_EAST, WELL_SOUTH, WELL_NORTH, WELL_DEEP_M = -60.5, -55.5, 10.0, 12.0, 6.0


def _sided(side, low, high):
    """A box given by its distance from mid-span, turned to the west (-1) or east (+1) head."""
    (d0, y0, z0), (d1, y1, z1) = low, high
    return ((d0, y0, z0), (d1, y1, z1)) if side > 0 else ((-d1, y0, z0), (-d0, y1, z1))


def _battered(stone, side, d0, d1, y0, y1, low, lean):
    """A pier whose river face and flanks draw in toward the top; `lean` is metres per metre for the d0, y0 and y1 faces.

    Plain faces: courses and joints are in the stone's sheet, so that no ledge shimmers from afar.
    """
    levels = np.linspace(low, -0.32, 5)

    def ring(z):
        out = -0.32 - z
        a, b = d0 - lean[0] * out, (y0 - lean[1] * out, y1 + lean[2] * out)
        # Seen from above, counter-clockwise for the east head; the west is its mirror image.
        return [(side * d, y, z) for d, y in ((a, b[0]), (d1, b[0]), (d1, b[1]), (a, b[1]))]

    def tint(z):
        # Spray and floods have darkened the foot.
        wet = 0.55 + 0.45 * min(1.0, max(0.0, (z - WATER_UP_M - 0.3) / 6.5))
        return np.array([1.0, 0.985, 0.95]) * 0.92 * wet

    for z0, z1 in zip(levels, levels[1:]):
        under, over = ring(z0), ring(z1)
        for k in (0, 2, 3):
            j = (k + 1) % 4
            face = [under[k], under[j], over[j], over[k]]
            stone.poly(face if side > 0 else face[::-1], [tint(p[2]) for p in (face if side > 0 else face[::-1])], shift=(0.37, 0.32))


def abutment(model, side):
    """The battered tower under the head, from the river bed to the paving, and the wings beside it."""
    stone = model.part("stone")
    # The face under the chains stands plumb at the top so that the clear span is true.
    _battered(stone, side, HALF_M, 62.0, -5.0, 5.0, -16.5, (0.06, 0.075, 0.075))
    # Wings that hold the terrace up beside the tower; on the west they leave the shaft of the anchor well free.
    if side < 0:
        wings = [(52.2, 65.0, -8.5, -5.0), (52.2, 55.3, 5.0, 14.5), (55.3, 60.7, 5.0, 9.8), (55.3, 60.7, 12.2, 14.5), (60.7, 65.0, 5.0, 14.5)]
    else:
        wings = [(52.2, 65.0, -8.5, -5.0), (52.2, 65.0, 5.0, 8.5)]
    outer = max(y1 for *_, y1 in wings)
    for d0, d1, y0, y1 in wings:
        _battered(stone, side, d0, d1, y0, y1, -10.0, tuple(0.075 * k for k in (d0 == 52.2, y0 < -8, y1 == outer)))


def paving(model, side):
    """The terrace at up 0 and its overhanging edge course; the anchor well is left open on the west."""
    stone = model.part("stone")
    north = 14.5 if side < 0 else 8.5
    edge = 0.1
    strips = [(HALF_M, 52.2, -5.05, 5.05), (52.2, 65.0, -8.55, north + 0.05)]
    for d0, d1, y0, y1 in strips:
        a, b = _sided(side, (d0 - (edge if d0 > 52 else 0), y0 - edge, -0.32), (d1, y1 + edge, 0.0))
        box(stone, a, b, "bt", (0.74, 0.73, 0.70))
        xs = np.arange(d0 - (edge if d0 > 52 else 0), d1 + 1e-6, (d1 - d0 + (edge if d0 > 52 else 0)) / max(1, round((d1 - d0) / 1.28)))
        ys = np.linspace(y0 - edge, y1 + edge, max(2, round((y1 - y0) / 1.25)) + 1)
        if side < 0 and d0 > 52:
            xs, ys = _snap(xs, (55.5, 60.5)), _snap(ys, (WELL_SOUTH, WELL_NORTH))
        for x0, x1 in zip(xs, xs[1:]):
            for v0, v1 in zip(ys, ys[1:]):
                mx, my = -(x0 + x1) / 2 if side < 0 else (x0 + x1) / 2, (v0 + v1) / 2
                if WELL_WEST < mx < WELL_EAST and WELL_SOUTH < my < WELL_NORTH:
                    continue
                u0, u1 = (x0, x1) if side > 0 else (-x1, -x0)
                worn = 0.80 - 0.10 * np.exp(-((my / 1.6) ** 2))
                stone.poly([(u0, v0, 0), (u1, v0, 0), (u1, v1, 0), (u0, v1, 0)], (worn, worn, worn * 0.98))


def _snap(values, wanted):
    """Move the nearest inner lines onto the wanted ones."""
    values = np.array(values)
    for w in wanted:
        inner = np.abs(values - w)
        inner[[0, -1]] = 1e9
        values[inner.argmin()] = w
    return values


def threshold(model, side):
    """Sill over the chain holes, cheek walls that take the hand-rails, and the iron of the holes."""
    stone, iron = model.part("stone"), model.part("iron", source="qntrip")
    top = TREAD_OVER_M
    a, b = _sided(side, (HALF_M, -1.12, 0.0), (HALF_M + 0.55, 1.12, top))
    box(stone, a, b, "b", (0.8, 0.79, 0.76))
    a, b = _sided(side, (HALF_M + 0.55, -1.12, 0.0), (HALF_M + 1.1, 1.12, top / 2))
    box(stone, a, b, "b", (0.84, 0.83, 0.8))
    for sy in (-1, 1):
        a, b = _sided(side, (HALF_M + 0.02, min(sy * 1.12, sy * 1.72), 0.0), (HALF_M + 1.35, max(sy * 1.12, sy * 1.72), 1.28))
        box(stone, a, b, "b", (0.8, 0.79, 0.76), taper=(0.03, 0.03))
        a, b = _sided(side, (HALF_M - 0.04, min(sy * 1.06, sy * 1.78), 1.28), (HALF_M + 1.41, max(sy * 1.06, sy * 1.78), 1.42))
        box(stone, a, b, "", (0.86, 0.85, 0.82), taper=(0.05, 0.05))
    holes = [(n, 0.0) for n in DECK_NORTHS_M] + RAILS
    for n, up in holes:
        face = HALF_M if up == 0 else HALF_M + 0.025
        x0, x1 = sorted((side * (face - 0.012), side * (face + 0.1)))
        box(iron, (x0, n - 0.085, up - 0.085), (x1, n + 0.085, up + 0.085), "", (0.5, 0.48, 0.47))
        x0, x1 = sorted((side * (face - 0.016), side * face))
        box(iron, (x0, n - 0.055, up - 0.055), (x1, n + 0.055, up + 0.055), "", (0.10, 0.10, 0.10))


def well(model):
    """One anchor well seen from above: lined shaft, kerb, and the row of iron piles that hold the chains."""
    stone, iron = model.part("stone", source="qntrip"), model.part("iron", source="qntrip")
    w, e, s, n = WELL_WEST, WELL_EAST, WELL_SOUTH, WELL_NORTH
    levels = np.linspace(-WELL_DEEP_M, 0, 7)
    for z0, z1 in zip(levels, levels[1:]):
        dark = 0.12 + 0.55 * (1 + z1 / WELL_DEEP_M) ** 1.6
        tint = (dark, dark * 0.98, dark * 0.95)
        for a, b in (((w, s), (w, n)), ((e, n), (e, s)), ((e, s), (w, s)), ((w, n), (e, n))):
            stone.poly([(*b, z0), (*a, z0), (*a, z1), (*b, z1)][::-1], tint)
    stone.poly([(w, s, -WELL_DEEP_M), (e, s, -WELL_DEEP_M), (e, n, -WELL_DEEP_M), (w, n, -WELL_DEEP_M)], (0.1, 0.1, 0.1))
    k, h, tint = 0.34, 0.42, (0.82, 0.81, 0.78)
    box(stone, (w - k, s - k, 0), (e + k, s, h), "b", tint)
    box(stone, (w - k, n, 0), (e + k, n + k, h), "b", tint)
    box(stone, (w - k, s, 0), (w, n, h), "bsn", tint)
    box(stone, (e, s, 0), (e + k, n, h), "bsn", tint)
    # Eight ground piles on the west (qntrip; cnfou counts otherwise), and a cross pile before them.
    for i in range(8):
        x = w + 0.55 + i * (e - w - 1.1) / 7
        tube(iron, [(x, s + 0.35, -3.2), (x, s + 0.75, -1.1)], 0.06, 7, (0.6, 0.58, 0.56), caps=True)
    tube(iron, [(w + 0.05, s + 0.72, -1.5), (e - 0.05, s + 0.72, -1.5)], 0.08, 8, (0.6, 0.58, 0.56))


def parapets(model):
    """Low dry-stone walls along the brink, so that the terraces end where the floors end."""
    rng = np.random.default_rng(RNG)
    stone = model.part("stone")
    runs = [(-53.6, -31.0, -8.9), (-53.6, 14.9, 31.0), (53.6, -31.0, -8.9), (53.6, 8.9, 31.0)]
    for x, y0, y1 in runs:
        for z0, z1, mean in ((-0.5, 0.2, 0.95), (0.18, 0.40, 0.75)):
            y = y0 + 0.2 * rng.random()
            while y < y1 - 0.25:
                length = mean * (0.6 + 0.9 * rng.random())
                shade, half = 0.66 + 0.3 * rng.random(), 0.25 + 0.05 * rng.random() - (0.03 if z0 > 0 else 0)
                top = z1 + (rng.random() - 0.5) * 0.07
                nudge = (rng.random(2) - 0.5) * 0.05
                # Inside one block of the sheet, so that a rubble stone shows no joint.
                box(stone, (x - half + nudge[0], y, z0), (x + half + nudge[0], min(y + length, y1) - 0.015, top), "b",
                    np.array([1, 0.985, 0.95]) * shade, taper=(0.05 + 0.03 * rng.random(), 0.035), shift=(rng.random() * 2, rng.random() * 2))
                y += length


def river_steps(model):
    """A flight from the west terrace down toward the beach; seen, not walked."""
    stone = model.part("stone")
    rng = np.random.default_rng(RNG + 7)
    for k in range(30):
        x, z = -53.2 + k * 0.30, -0.1 - k * 0.46
        shade = 0.6 + 0.2 * rng.random()
        box(stone, (x, -38.0, z - 1.6), (x + 0.5, -36.2, z), "b", (shade, shade * 0.985, shade * 0.95))
