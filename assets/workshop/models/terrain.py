"""The gorge near the bridge and the ridges beyond, as grids over the land's shape."""

import numpy as np

from .land import across, flatness, height, steepness
from .measures import WATER_UP_M
from .noise import fbm, smooth
from .mesh import Model

# Where the near gorge ends and the far ring begins, metres from the origin.
NEAR_EAST_M, NEAR_NORTH_M = 240.0, 270.0
FAR_M = 2300.0


def lines(spans):
    """Grid lines from (start, end, step) spans, each line once."""
    out = [np.arange(a, b - 1e-6, s) for a, b, s in spans]
    return np.unique(np.round(np.append(np.concatenate(out), spans[-1][1]), 3))


def near_lines():
    """East and north lines of the near grid: closest along the river's edges."""
    half = [(0, 36, 12), (36, 42, 3), (42, 54.4, 1.55), (54.4, 66, 2.9), (66, 96, 5), (96, 150, 9), (150, NEAR_EAST_M, 15)]
    e = lines(half)
    half_n = [(0, 30, 3), (30, 60, 5), (60, 120, 8.57), (120, NEAR_NORTH_M, 15)]
    n = lines(half_n)
    return np.concatenate([-e[:0:-1], e]), np.concatenate([-n[:0:-1], n])


def far_lines():
    """Lines of the far grid; the near grid's outline is among them."""
    def half(edge):
        return lines([(0, edge, edge / 4), (edge, 720, 30), (720, 1320, 60), (1320, FAR_M, 140)])

    e, n = half(NEAR_EAST_M), half(NEAR_NORTH_M)
    return np.concatenate([-e[:0:-1], e]), np.concatenate([-n[:0:-1], n])


def _normals(e, n, step):
    gx = (height(e + step, n) - height(e - step, n)) / (2 * step)
    gy = (height(e, n + step) - height(e, n - step)) / (2 * step)
    out = np.stack([-gx, -gy, np.ones_like(gx)], -1)
    return out / np.linalg.norm(out, axis=-1, keepdims=True)


def _draped(e, n, up, tile_m):
    """Texture coordinates that follow the slope across the valley, so that cliffs do not smear."""
    slope = np.gradient(up, axis=1) / np.maximum(np.gradient(e, axis=1), 1e-6)
    mean = sum(np.roll(slope, k, 0) for k in range(-3, 4)) / 7
    run = np.cumsum(np.sqrt(1 + mean**2) * np.gradient(e, axis=1), 1)
    return np.stack([n / tile_m, run / tile_m], -1)


# Mean colour of each texture, linear light: what a tint of 1 would show.
MEAN = {"grass": (0.330, 0.318, 0.217), "rock": (0.278, 0.257, 0.218), "ground": (0.293, 0.253, 0.185)}
GRASS, DRY, SCREE, ROCK, BEACH, EARTH = (np.array(c) for c in (
    (0.098, 0.122, 0.052), (0.190, 0.168, 0.092), (0.235, 0.216, 0.180), (0.150, 0.137, 0.116), (0.225, 0.214, 0.190), (0.250, 0.216, 0.160)))


def colours(e, n, up):
    """Colour of the ground by height, steepness and chance, linear; and how rocky it is, 0 to 1.

    One field for all materials: where grass meets rock only the texture changes, so that no edge of a triangle shows.
    """
    slope = steepness(e, n, 4.0)
    d, side = across(e, n)
    patch, large, fine = fbm(e / 60, n / 60, 71, 4), fbm(e / 300, n / 300, 73, 3), fbm(e / 13, n / 13, 79, 3)
    rockiness = smooth(0.62, 1.0, slope + 0.30 * patch + 0.12 * fine)
    dryness = smooth(-0.35, 0.45, large + 0.8 * patch + 0.2 * fine)[..., None]
    colour = GRASS + (DRY - GRASS) * dryness
    colour = colour + (SCREE - colour) * (smooth(0.42, 0.72, slope + 0.25 * fine) * 0.6)[..., None]
    colour = colour + (EARTH - colour) * (flatness(e, n) * (0.75 + 0.2 * fine) * smooth(100, 84, d))[..., None]
    colour = colour + (ROCK * (1 + 0.42 * patch + 0.22 * fine)[..., None] - colour) * rockiness[..., None]
    mossy = smooth(0.1, 0.5, patch + 0.5 * fine) * smooth(WATER_UP_M + 4, WATER_UP_M + 9, up) * 0.7
    colour = colour + (GRASS - colour) * (mossy * rockiness)[..., None]
    colour = colour + (BEACH - colour) * (1 - smooth(WATER_UP_M + 1.5, WATER_UP_M + 4.5, up + 1.5 * fine))[..., None]
    wet = 0.40 + 0.60 * smooth(WATER_UP_M + 0.3, WATER_UP_M + 5.5, up + 2.0 * fine)
    return colour * wet[..., None], rockiness


def _put(model, e, n, up, keep, step, plain=False):
    normals = _normals(e, n, step)
    colour, rockiness = colours(e, n, up)
    rows, cols = e.shape
    ids = np.arange(rows * cols).reshape(rows, cols)
    points = np.stack([e, n, up], -1).reshape(-1, 3)
    trodden = (flatness(e, n) > 0.4) & (np.abs(e) < 92)
    kinds = np.full(e.shape, 1) if plain else np.where(trodden, 2, np.where(rockiness > 0.5, 1, 0))
    for kind, material in enumerate(("grass", "rock", "ground")):
        part, tint = model.part(material), np.clip(colour / np.array(MEAN[material]), 0, 1)
        uvs = _draped(e, n, up, part.tile_m) if kind == 1 else np.stack([e, n], -1) / part.tile_m
        triangles = []
        for r in range(rows - 1):
            for c in range(cols - 1):
                if not keep(e[r, c], e[r, c + 1], n[r, c], n[r + 1, c]):
                    continue
                q = ids[r, c], ids[r, c + 1], ids[r + 1, c + 1], ids[r + 1, c]
                # The shorter diagonal in height gives smoother crests.
                a, b = abs(up[r, c] - up[r + 1, c + 1]), abs(up[r, c + 1] - up[r + 1, c])
                pair = [(q[0], q[1], q[2]), (q[0], q[2], q[3])] if a <= b else [(q[0], q[1], q[3]), (q[1], q[2], q[3])]
                for t in pair:
                    votes = np.bincount([kinds.flat[i] for i in t], minlength=3)
                    if int(votes.argmax()) == kind:
                        triangles.append(t)
        if triangles:
            used, back = np.unique(np.array(triangles), return_inverse=True)
            part.put(points[used], normals.reshape(-1, 3)[used], uvs.reshape(-1, 2)[used], tint.reshape(-1, 3)[used], back.reshape(-1, 3))


def gorge(model):
    """Near banks, bed, terraces and the feet of the walls, with a skirt that hides the seam to the far ring."""
    e, n = np.meshgrid(*near_lines())
    up = height(e, n)
    edge = np.zeros_like(up, bool)
    edge[[0, -1], :] = edge[:, [0, -1]] = True
    _put(model, e, n, up, lambda *_: True, 1.5)


def far():
    """The ring of ridges to about two kilometres."""
    model = Model("far")
    e, n = np.meshgrid(*far_lines())
    up = height(e, n)
    # The ring passes under the near grid's rim, so that no gap shows between the two.
    rim = (np.abs(e) <= NEAR_EAST_M + 0.1) & (np.abs(n) <= NEAR_NORTH_M + 0.1)
    up = np.where(rim, up - 6, up)
    inside = lambda e0, e1, n0, n1: max(abs(e0), abs(e1)) <= NEAR_EAST_M * 0.9 and max(abs(n0), abs(n1)) <= NEAR_NORTH_M * 0.9
    _put(model, e, n, up, lambda *c: not inside(*c), 14.0, plain=True)
    return model
