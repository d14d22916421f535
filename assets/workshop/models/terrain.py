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
        return np.array([0, edge * 0.5, edge, edge * 1.3, edge * 1.7, edge * 2.2, edge * 2.8, edge * 3.5, edge * 4.4, edge * 5.6, edge * 7, FAR_M])
    e, n = half(NEAR_EAST_M), half(NEAR_NORTH_M)
    fine = lambda a: np.unique(np.concatenate([a, (a[1:] + a[:-1]) / 2, (a[1:] * 3 + a[:-1]) / 4, (a[1:] + a[:-1] * 3) / 4]))
    e, n = fine(e), fine(n)
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


def tints(e, n, up):
    """Colour of the ground by height, steepness and chance: wet rock, dry grass, scree, terraced green."""
    slope = steepness(e, n, 3.0)
    d, side = across(e, n)
    patch, large, fine = fbm(e / 60, n / 60, 71, 4), fbm(e / 300, n / 300, 73, 3), fbm(e / 11, n / 11, 79, 3)
    rockiness = smooth(0.75, 1.25, slope + 0.35 * patch + 0.2 * fine)
    grass = np.array([0.80, 0.82, 0.66]) * (1 + 0.16 * patch[..., None])
    dry = np.array([0.98, 0.88, 0.70])
    scree = np.array([0.92, 0.90, 0.86])
    colour = grass + (dry - grass) * smooth(-0.1, 0.5, large + 0.6 * patch)[..., None]
    colour = colour + (scree - colour) * smooth(0.55, 0.8, slope + 0.3 * fine)[..., None]
    beach = (1 - smooth(WATER_UP_M + 1.5, WATER_UP_M + 4.5, up + 1.5 * fine))[..., None]
    rock = np.array([0.86, 0.83, 0.78]) * (1 + 0.20 * patch + 0.12 * fine)[..., None]
    wet = 0.42 + 0.58 * smooth(WATER_UP_M + 0.3, WATER_UP_M + 5.5, up + 2.0 * fine)
    colour = colour * (1 - beach) + np.array([0.80, 0.79, 0.76]) * beach
    return np.clip(colour, 0, 1) * wet[..., None], np.clip(rock, 0, 1) * wet[..., None], rockiness


def _put(model, e, n, up, keep, step):
    normals = _normals(e, n, step)
    soil, rock, rockiness = tints(e, n, up)
    rows, cols = e.shape
    ids = np.arange(rows * cols).reshape(rows, cols)
    points = np.stack([e, n, up], -1).reshape(-1, 3)
    flat = flatness(e, n) * (up > -1)
    kinds = np.where(flat > 0.5, 2, np.where(rockiness > 0.5, 1, 0))
    for kind, (material, colour) in enumerate((("grass", soil), ("rock", rock), ("ground", np.clip(soil * 1.1, 0, 1)))):
        part = model.part(material)
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
            part.put(points[used], normals.reshape(-1, 3)[used], uvs.reshape(-1, 2)[used], colour.reshape(-1, 3)[used], back.reshape(-1, 3))


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
    _put(model, e, n, up, lambda *c: not inside(*c), 12.0)
    return model
