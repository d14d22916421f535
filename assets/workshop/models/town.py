"""Timber and plaster houses of the near town edge and the west bank, with street and garden walls. All conjecture."""

import numpy as np

from . import roof
from .land import height
from .mesh import Model, beam, box, frame
from .sweep import grid

# West edge of the street, its width, and how far it runs along the river.
STREET_WEST_M, STREET_WIDE_M, STREET_SOUTH_M, STREET_NORTH_M = 70.0, 5.2, -84.0, 84.0


# Lime wash, bare rammed earth, and mud plaster gone grey.
WALLS = [(0.98, 0.95, 0.89), (0.80, 0.64, 0.46), (0.74, 0.60, 0.45), (0.70, 0.65, 0.58)]


class Look:
    """What one house may differ in, drawn from the seed."""

    def __init__(self, rng):
        self.worn = 0.60 + 0.35 * rng.random()
        self.wall = np.array(WALLS[rng.choice(4, p=(0.3, 0.3, 0.2, 0.2))]) * (0.82 + 0.2 * rng.random())
        self.roof = np.array([1.0, 0.98 + 0.02 * rng.random(), 0.94 + 0.06 * rng.random()]) * (0.70 + 0.32 * rng.random())
        self.pitch = 0.25 + 0.11 * rng.random()
        self.boarded = rng.random() < 0.55
        self.upper = rng.random() < 0.5
        self.lean_to = rng.random() < 0.45


def house(model, place, bays, deep, storeys, rng):
    """A row house; local frame x along the street front, y inward, the front at y 0, ground at z 0."""
    timber, plaster, tile, stone = (model.part(m) for m in ("timber", "plaster", "tile", "stone"))
    look = Look(rng)
    bay, low = 3.3 + 0.4 * rng.random(), 2.75
    wide, tall = bays * bay, low + (2.35 if storeys == 2 else 0.55)
    x0, x1 = -wide / 2, wide / 2
    wood, wash = np.array([1, 0.96, 0.90]) * look.worn, look.wall
    box(stone, (x0 - 0.2, -0.5, -1.6), (x1 + 0.2, deep + 0.2, 0.18), "b", (0.75, 0.74, 0.71), place)
    for k in range(bays + 1):
        x = x0 + k * bay
        box(timber, (x - 0.1, -0.1, 0.18), (x + 0.1, 0.1, tall), "bt", wood * 0.75, place)
    for a, b in (((x0, 0.02), (x1, 0.02)), ((x1, deep), (x0, deep)), ((x1, 0), (x1, deep)), ((x0, deep), (x0, 0))):
        _wall(plaster, place, a, b, 0.18, tall, wash)
    for z in (low - 0.1, tall - 0.12):
        for y in (-0.02, deep + 0.02):
            beam(timber, place(np.array([x0, y, z])), place(np.array([x1, y, z])), 0.16, 0.2, wood * 0.7)
        for x in (x0, x1):
            beam(timber, place(np.array([x, 0, z])), place(np.array([x, deep, z])), 0.14, 0.18, wood * 0.7)
    ridge = tall + deep * look.pitch + 0.55
    for x in (x0, x1):
        # Braced frame showing in the gable, the chuandou manner.
        for share in (0.32, 0.68):
            top = tall + (ridge - tall) * (1 - abs(share - 0.5) * 2) - 0.15
            box(timber, (x - 0.08, deep * share - 0.08, 0.18), (x + 0.08, deep * share + 0.08, top), "bt", wood * 0.7, place)
        gable = [(x, 0, tall), (x, deep, tall), (x, deep / 2, ridge - 0.1)]
        plaster.poly(place(np.array(gable if x > 0 else gable[::-1], float)), wash * 0.96)
    _front(timber, plaster, place, look, x0, bay, bays, low, tall, storeys, wood)
    shifted = lambda p: place(np.asarray(p) + (0, deep / 2, 0))
    roof.gabled(tile, timber, shifted, wide / 2 + 0.65, deep / 2 + 0.95, tall - 0.28, ridge + 0.1, tint=look.roof)
    if look.lean_to:
        _lean_to(model, place, x1, deep, low, wash, look.roof)


def _lean_to(model, place, x1, deep, low, wash, roof_tint):
    """A shed against the end wall, under a single slope."""
    plaster, tile = model.part("plaster"), model.part("tile")
    out, high, edge = 2.6, low - 0.15, low - 1.0
    y0, y1 = deep * 0.2, deep * 0.92
    plaster.poly(place(np.array([(x1 + out, y0, -0.6), (x1 + out, y1, -0.6), (x1 + out, y1, edge), (x1 + out, y0, edge)])), wash * 0.9)
    for y, turn in ((y0, 1), (y1, -1)):
        wall = np.array([(x1, y, -0.6), (x1 + out, y, -0.6), (x1 + out, y, edge), (x1, y, high)])
        plaster.poly(place(wall[::turn]), wash * 0.86)
    top = np.array([(x1 + out + 0.4, y0 - 0.35, edge - 0.1), (x1 + out + 0.4, y1 + 0.35, edge - 0.1), (x1 - 0.1, y1 + 0.35, high + 0.1), (x1 - 0.1, y0 - 0.35, high + 0.1)])
    tile.poly(place(top), roof_tint)
    for k in range(4):
        a, b = top[k], top[(k + 1) % 4]
        tile.poly(place(np.array([a - (0, 0, 0.12), b - (0, 0, 0.12), b, a])), roof_tint * 0.8)


def _wall(part, place, a, b, low, high, tint):
    points = np.array([(*a, low), (*b, low), (*b, high), (*a, high)], float)
    part.poly(place(points), tint)


def _front(timber, plaster, place, look, x0, bay, bays, low, tall, storeys, wood):
    """Board shutters or doors below, windows above."""
    for k in range(bays):
        a, b = x0 + k * bay + 0.12, x0 + (k + 1) * bay - 0.12
        if look.boarded or k == bays // 2:
            for i in range(3):
                c, d = a + i * (b - a) / 3 + 0.02, a + (i + 1) * (b - a) / 3 - 0.02
                panel = np.array([(c, -0.07, 0.24), (d, -0.07, 0.24), (d, -0.07, low - 0.3), (c, -0.07, low - 0.3)])
                timber.poly(place(panel), wood * (0.62 + 0.09 * ((i * 7 + k) % 4)), along=place(np.array([0, 0, 1.0])) - place(np.zeros(3)))
        else:
            box(timber, (a, -0.06, 0.2), (b, -0.01, 1.0), "bn", wood * 0.8, place)
            _window(timber, place, (a + b) / 2, -0.02, 1.05, min(1.5, b - a - 0.3), 1.15, wood)
        if storeys == 2:
            if look.upper:
                box(timber, (a, -0.06, low + 0.02), (b, -0.01, low + 0.75), "bn", wood * 0.78, place)
            _window(timber, place, (a + b) / 2, -0.02, low + 0.8, min(1.7, b - a - 0.2), 1.1, wood)


def _window(timber, place, x, y, z, wide, high, wood):
    """A dark opening with a latticed frame."""
    opening = np.array([(x - wide / 2, y - 0.04, z), (x + wide / 2, y - 0.04, z), (x + wide / 2, y - 0.04, z + high), (x - wide / 2, y - 0.04, z + high)])
    timber.poly(place(opening), (0.14, 0.13, 0.12))
    for k in (1, 2, 3):
        c = x - wide / 2 + k * wide / 4
        bar = np.array([(c - 0.035, y - 0.06, z), (c + 0.035, y - 0.06, z), (c + 0.035, y - 0.06, z + high), (c - 0.035, y - 0.06, z + high)])
        timber.poly(place(bar), wood * 0.66)
    for z1 in (z, z + high):
        box(timber, (x - wide / 2 - 0.06, y - 0.09, z1 - 0.045), (x + wide / 2 + 0.06, y - 0.03, z1 + 0.045), "nwe", wood * 0.66, place)


def street(model):
    """Flagged street along the terrace and the square before the bridge."""
    stone = model.part("stone")
    for west, east, south, north in ((64.9, STREET_WEST_M, -8.5, 8.5), (STREET_WEST_M, STREET_WEST_M + STREET_WIDE_M, STREET_SOUTH_M, STREET_NORTH_M)):
        xs = np.linspace(west, east, max(2, round((east - west) / 1.8) + 1))
        ys = np.linspace(south, north, max(2, round((north - south) / 2.6) + 1))
        for r in range(len(ys) - 1):
            e, n = np.meshgrid(xs, ys[r:r + 2])
            points = np.stack([e, n, np.maximum(height(e, n), 0) * 0 + 0.012], -1)
            shade = 0.74 + 0.06 * np.sin(r * 2.399)
            grid(stone, points, (shade, shade * 0.99, shade * 0.96), np.stack([e, n], -1) / stone.tile_m)


def garden_wall(model, a, b, high=1.5):
    """A coped rubble wall from a to b, stepping with the ground."""
    stone, tile = model.part("stone"), model.part("tile")
    a, b = np.asarray(a, float), np.asarray(b, float)
    pieces = max(1, round(float(np.linalg.norm(b - a)) / 3.5))
    for k in range(pieces):
        p, q = a + (b - a) * k / pieces, a + (b - a) * (k + 1) / pieces
        z = float(height(*((p + q) / 2)))
        beam(stone, (*p, z + high / 2 - 0.4), (*q, z + high / 2 - 0.4), 0.42, high + 0.8, (0.74, 0.73, 0.7))
        beam(tile, (*p, z + high + 0.05), (*q, z + high + 0.05), 0.62, 0.12, (0.8, 0.8, 0.8))


def build():
    """The whole town edge, both banks."""
    model, rng = Model("town"), np.random.default_rng(1935)
    street(model)
    # West row with its back to the river, north and south of the square; fronts look east on the street.
    rows = [(STREET_WEST_M - 0.6, np.pi / 2, [20, 33, 46.5, 60, 73], 6.2), (STREET_WEST_M - 0.6, np.pi / 2, [-46, -60, -74], 6.2),
            (STREET_WEST_M + STREET_WIDE_M + 0.6, -np.pi / 2, [-71, -57.5, -44, -30.5, -17.5, 18, 31, 44.5, 58, 71], 7.4)]
    for east, bearing, norths, deep in rows:
        for n in norths:
            e = east + (rng.random() - 0.5) * 0.7
            house(model, frame(bearing, e, n, 0.0), int(rng.integers(2, 4)), deep + rng.random(), 2 if rng.random() < 0.6 else 1, rng)
    for n in (-62, -40, -20, 2, 24, 48):
        e = 98 + 5 * rng.random()
        house(model, frame(-np.pi / 2 + (rng.random() - 0.5) * 0.2, e, n, float(height(e + 3, n))), int(rng.integers(2, 4)), 7.0, int(rng.integers(1, 3)), rng)
    # The house that closes the view at the end of the square.
    house(model, frame(-np.pi / 2, 76.6, 0.0, 0.0), 3, 7.8, 2, rng)
    for e, n, turn in ((-86, 24, 0.9), (-92, 6, 1.4), (-87, -26, 1.9)):
        house(model, frame(turn, e, n, float(height(e, n))), int(rng.integers(2, 4)), 6.2, 1, rng)
    garden_wall(model, (-80, 33), (-80, 18))
    garden_wall(model, (-96, -14), (-83, -14), 1.2)
    garden_wall(model, (57, 20), (57, 40), 1.3)
    return model
