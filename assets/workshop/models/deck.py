"""The planks in both states, and the small chains that tie the rails to the deck."""

import numpy as np

from .measures import (DECK_NORTHS_M, HALF_M, PITCH_M, PLANK_LENGTH_M, PLANK_STEP_M, PLANK_THICK_M, PLANK_WIDTH_M, RAILS, STRIP_M,
                       TREAD_OVER_M, WALKWAY_M, deck_up_m)
from .mesh import Model, beam

LINK_HALF_M = 0.04
TIE_STEP_M = 2.0


def _board(part, east, north, length, width, over, rng, lengthwise):
    """One board lying on the parabola, each a little its own."""
    # Old boards are grey and dark; here and there one has been renewed.
    shade = (0.40 + 0.30 * rng.random()) * (1.35 if rng.random() < 0.07 else 1.0)
    warm = np.array([1.0, 0.955 + 0.04 * rng.random(), 0.90 + 0.08 * rng.random()])
    slip = (rng.random(2) - 0.5) * (0.02 if lengthwise else 0.05)
    if lengthwise:
        a, b = (east - length / 2 + 0.006, north + slip[0]), (east + length / 2 - 0.006, north + slip[0] * 0.4)
    else:
        a, b = (east + slip[0], north - length / 2 + slip[1]), (east + slip[0] * 0.3, north + length / 2 + slip[1])
    a3, b3 = (np.array([e, n, deck_up_m(e) + over]) for e, n in (a, b))
    beam(part, a3, b3, width, PLANK_THICK_M, warm * shade, skip="bwe" if lengthwise else "b", shift=(rng.random() * 4, rng.random() * 4))


def _cross(part, rng, easts):
    for east in easts:
        _board(part, east, 0.0, PLANK_LENGTH_M - 0.06 * rng.random(), PLANK_WIDTH_M, LINK_HALF_M + PLANK_THICK_M / 2, rng, False)


def today():
    """The whole deck: cross planks like a lattice, the walkway in the middle, a strip along each side.

    Lengths and widths are cnfou's, a travel page that is no independent evidence; thickness and spacing are our own. So: conjecture.
    """
    model, rng = Model("deck-today"), np.random.default_rng(2024)
    part = model.part("timber", "conjecture", "cnfou", "today")
    _cross(part, rng, np.arange(-HALF_M + 0.12, HALF_M - 0.1, PLANK_STEP_M))
    over = TREAD_OVER_M - PLANK_THICK_M / 2
    boards = 3
    width = WALKWAY_M / boards
    for i in range(boards):
        for k in range(34):
            length = 2 * HALF_M / 34
            # Joints of neighbouring boards are staggered by a third.
            east = -HALF_M + (k + 0.5) * length + (i - 1) * length / 3
            west_end, east_end = max(-HALF_M, east - length / 2), min(HALF_M, east + length / 2)
            _board(part, (west_end + east_end) / 2, (i - 1) * width, east_end - west_end, width - 0.012, over, rng, True)
    for north in (-1.15, 1.15):
        for k in range(34):
            _board(part, -HALF_M + (k + 0.5) * 100 / 34, north, 100 / 34, STRIP_M, over, rng, True)
    ties(model, "today")
    return model


def in_1935():
    """29 May 1935: planks largely removed. What lay where is not recorded; the boards here are conjecture."""
    model, rng = Model("deck-1935"), np.random.default_rng(1935)
    part = model.part("timber", "conjecture", "model", "1935")
    easts = np.arange(-HALF_M + 0.12, HALF_M - 0.1, PLANK_STEP_M)
    # Boards grow rare away from the west head, and a few hang on before the east head.
    left = [e for e in easts if rng.random() < 0.92 * np.exp(-((e + HALF_M) / 9.0) ** 2) + 0.012 + 0.35 * np.exp(-((e - HALF_M) / 2.2) ** 2)]
    _cross(part, rng, left)
    over = TREAD_OVER_M - PLANK_THICK_M / 2
    for i, reach in ((0, 3), (1, 3), (2, 2)):
        for k in range(reach):
            length = 100 / 34
            _board(part, -HALF_M + (k + 0.5) * length, (i - 1) * 0.25, length, 0.24, over, rng, True)
    ties(model, "1935")
    return model


def ties(model, era):
    """Small chains from each rail pair down to the outer deck chain; attested, their spacing is conjecture."""
    part = model.part("iron", "conjecture", "qntrip", era)
    outer = DECK_NORTHS_M[-1]
    for side in (-1, 1):
        rails = [(n, over) for n, over in RAILS if n * side > 0]
        (n_low, low), (n_high, high) = sorted(rails, key=lambda r: r[1])
        for k in range(1, int(2 * HALF_M / TIE_STEP_M)):
            east = -HALF_M + k * TIE_STEP_M
            up = deck_up_m(east)
            path = [(east, outer * side, up), (east, n_low, up + low), (east, n_high, up + high)]
            _small_chain(part, np.array(path))


def _small_chain(part, path):
    """Links as two crossed blades, each link turned a quarter to the last: four triangles apiece, seen from both sides."""
    for a, b in zip(path, path[1:]):
        length = float(np.linalg.norm(b - a))
        count = max(2, round(length / (PITCH_M * 1.1)))
        d = (b - a) / length
        for k in range(count):
            p, q = a + d * length * (k - 0.08) / count, a + d * length * (k + 1.08) / count
            wide = np.array([1.0, 0, 0]) if k % 2 else np.cross(d, (1.0, 0, 0))
            thin = np.cross(d, wide)
            m = (p + q) / 2
            for out in (wide * 0.024, thin * 0.010):
                part.poly([p, m - out, q, m + out], (0.62, 0.6, 0.58))
