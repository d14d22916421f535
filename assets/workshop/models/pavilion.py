"""The timber pavilions over both bridge heads: attested as such (fx361); bays, heights and roofs are conjecture."""

import numpy as np

from . import roof
from .mesh import beam, box, frame
from .sweep import post

CENTRE_EAST_M = 55.0
# Local frame: x along the river, y away from it. The middle bay is the passage.
BAY_X = (-4.3, -1.95, 1.95, 4.3)
BAY_Y = (-3.0, 0.0, 3.0)
COLUMN_R = 0.17
PLATE_M = 3.55
UPPER_X, UPPER_Y = 3.2, 1.95
LOWER = roof.Sweep(half_x=5.75, half_y=4.45, eave=3.35, ridge=7.0, hip=0.57, top=0.57, lift=0.85, hollow=0.35, reach=2.4)
UPPER = roof.Sweep(half_x=4.65, half_y=3.4, eave=5.85, ridge=8.55, hip=0.42, lift=0.95, hollow=0.45, reach=2.6)
RED, WORN, DARK = (0.82, 0.72, 0.66), (0.9, 0.86, 0.8), (0.6, 0.55, 0.5)


def both():
    """Frames of the two pavilions, the local front toward the river."""
    return [frame(np.pi / 2, -CENTRE_EAST_M), frame(-np.pi / 2, CENTRE_EAST_M)]


def build(model, place):
    """Columns, walls and roof surfaces: what the first view needs."""
    stone, timber = model.part("stone", source="fx361"), model.part("timber", source="fx361")
    tile = model.part("tile", source="fx361")
    _columns(stone, timber, place)
    _frame_beams(timber, place)
    _walls(timber, model.part("plaster", source="fx361"), place)
    roof.cover(LOWER, tile, timber, place, 15, 5)
    roof.cover(UPPER, tile, timber, place, 15, 6)
    roof.crown(LOWER, tile, place)
    roof.crown(UPPER, tile, place)
    roof.gable_walls(UPPER, timber, place)
    _upper_storey(timber, place)


def _columns(stone, timber, place):
    for x in BAY_X:
        for y in BAY_Y:
            foot = place(np.array([x, y, 0.0]))
            post(stone, foot, [(0.30, 0.0), (0.33, 0.10), (0.30, 0.22), (0.22, 0.30)], 8, (0.85, 0.85, 0.85))
            post(timber, foot, [(COLUMN_R * 1.04, 0.28), (COLUMN_R, 1.6), (COLUMN_R * 0.94, PLATE_M)], 8, RED)


def _frame_beams(timber, place):
    def bar(a, b, w, h, tint=DARK):
        beam(timber, place(np.array(a, float)), place(np.array(b, float)), w, h, tint)

    for y in BAY_Y:
        bar((BAY_X[0] - 0.35, y, PLATE_M - 0.12), (BAY_X[3] + 0.35, y, PLATE_M - 0.12), 0.14, 0.26, RED)
        bar((BAY_X[0], y, PLATE_M - 0.55), (BAY_X[3], y, PLATE_M - 0.55), 0.10, 0.18)
    for x in BAY_X:
        bar((x, BAY_Y[0] - 0.35, PLATE_M - 0.18), (x, BAY_Y[2] + 0.35, PLATE_M - 0.18), 0.14, 0.24, RED)
    # Posts of the upper storey stand on the cross beams.
    for x in (-UPPER_X, -1.1, 1.1, UPPER_X):
        for y in (-UPPER_Y, UPPER_Y):
            bar((x, y, PLATE_M), (x, y, UPPER.eave + 0.35), 0.2, 0.2, RED)
    for y in (-UPPER_Y, UPPER_Y):
        bar((-UPPER_X - 0.4, y, UPPER.eave + 0.28), (UPPER_X + 0.4, y, UPPER.eave + 0.28), 0.14, 0.24, RED)
    for x in (-UPPER_X, UPPER_X):
        bar((x, -UPPER_Y - 0.4, UPPER.eave + 0.22), (x, UPPER_Y + 0.4, UPPER.eave + 0.22), 0.14, 0.24, RED)


def _panel(timber, place, a, b, low, high, tint, thick=0.06):
    a, b = np.array(a, float), np.array(b, float)
    mid = (low + high) / 2
    # Ends that stand against a post or a rail are not drawn.
    skip = "bt" if high - low > np.linalg.norm(b - a) else "we"
    beam(timber, place(np.append(a, mid)), place(np.append(b, mid)), thick, high - low, tint, skip=skip)


def _walls(timber, plaster, place):
    """Side bays closed to breast height in boards, plaster above; the passage stays open end to end."""
    for sx in (-1, 1):
        outer, inner = sx * BAY_X[3], sx * BAY_X[2]
        for y0, y1 in ((-3.0, 0.0), (0.0, 3.0)):
            _panel(timber, place, (outer, y0 + 0.16), (outer, y1 - 0.16), 0.12, 1.0, WORN)
            _panel(timber, place, (outer, y0 + 0.16), (outer, y1 - 0.16), 0.02, 0.14, DARK, 0.14)
            _panel(timber, place, (outer, y0 + 0.16), (outer, y1 - 0.16), 0.98, 1.08, DARK, 0.16)
            _panel(plaster, place, (outer, y0 + 0.16), (outer, y1 - 0.16), 2.25, 3.0, (0.95, 0.93, 0.9))
            for k in range(9):
                y = y0 + 0.3 + k * (y1 - y0 - 0.6) / 8
                _panel(timber, place, (outer, y - 0.02), (outer, y + 0.02), 1.08, 2.25, RED, 0.04)
            _panel(timber, place, (outer, y0 + 0.16), (outer, y1 - 0.16), 2.2, 2.3, DARK, 0.1)
            _panel(timber, place, (outer, y0 + 0.16), (outer, y1 - 0.16), 1.62, 1.67, RED, 0.05)
        for y in (-3.0, 3.0):
            a, b = sorted((outer, inner))
            _panel(timber, place, (a + 0.16, y), (b - 0.16, y), 0.1, 0.95, WORN)
            _panel(timber, place, (a + 0.16, y), (b - 0.16, y), 0.93, 1.03, DARK, 0.14)
            for k in range(8):
                x = a + 0.3 + k * (b - a - 0.6) / 7
                _panel(timber, place, (x - 0.02, y), (x + 0.02, y), 1.03, 2.6, RED, 0.04)
            _panel(timber, place, (a + 0.16, y), (b - 0.16, y), 2.55, 2.65, DARK, 0.1)
        # A bench along each side of the passage.
        x = sx * (BAY_X[2] + 0.42)
        box(timber, (x - 0.19, -2.6, 0.42), (x + 0.19, 2.6, 0.48), "", WORN, place)
        for y in (-2.4, 0.6, 2.4):
            box(timber, (x - 0.14, y - 0.05, 0.0), (x + 0.14, y + 0.05, 0.42), "bt", DARK, place)


def _upper_storey(timber, place):
    low, high = 5.0, UPPER.eave + 0.2
    for y in (-UPPER_Y, UPPER_Y):
        _panel(timber, place, (-UPPER_X, y), (UPPER_X, y), low - 0.3, low + 0.25, WORN, 0.08)
        _panel(timber, place, (-UPPER_X, y * 0.96), (UPPER_X, y * 0.96), low, high, (0.42, 0.38, 0.36), 0.04)
    for x in (-UPPER_X, UPPER_X):
        _panel(timber, place, (x, -UPPER_Y), (x, UPPER_Y), low - 0.3, low + 0.25, WORN, 0.08)
        _panel(timber, place, (x * 0.98, -UPPER_Y), (x * 0.98, UPPER_Y), low, high, (0.42, 0.38, 0.36), 0.04)


def fine(model, place):
    """Tile rows, rafters, brackets and lattice bars: what closer looking needs."""
    tile, timber = model.part("tile", source="fx361"), model.part("timber", source="fx361")
    roof.ribs(LOWER, tile, place, segments=3)
    roof.ribs(UPPER, tile, place, segments=4)
    for y in (-UPPER_Y, UPPER_Y):
        for k in range(31):
            x = -UPPER_X + 0.15 + k * (2 * UPPER_X - 0.3) / 30
            _panel(timber, place, (x - 0.018, y), (x + 0.018, y), 5.25, 5.95, RED, 0.04)
    _brackets(timber, place)
    _rafters(timber, place, LOWER)
    _rafters(timber, place, UPPER)


def _brackets(timber, place):
    """Slanting struts from the columns to the eaves, the common Sichuan way of carrying them."""
    for x in BAY_X:
        for sy in (-1, 1):
            beam(timber, place(np.array([x, sy * 3.1, 2.75])), place(np.array([x, sy * 3.95, 3.32])), 0.10, 0.16, RED)
    for y in BAY_Y:
        for sx in (-1, 1):
            beam(timber, place(np.array([sx * 4.4, y, 2.75])), place(np.array([sx * 5.25, y, 3.32])), 0.10, 0.16, RED)


def _rafters(timber, place, sweep):
    s = np.array([0.02, 0.27])
    for k in range(int(2 * sweep.half_x / 0.42)):
        x = -sweep.half_x + 0.3 + k * 0.42
        path = sweep.at(np.clip(x / (sweep.half_x - sweep.half_y * s), -1, 1), s)
        for turn in ((1, 1, 1), (-1, -1, 1)):
            a, b = (p * turn - (0, 0, 0.20) for p in path)
            beam(timber, place(a), place(b), 0.07, 0.08, DARK, skip="te")
