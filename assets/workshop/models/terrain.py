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
    half = [(0, 36, 18), (36, 42, 3), (42, 54.4, 1.55), (54.4, 66, 2.9), (66, 96, 6), (96, 150, 9), (150, NEAR_EAST_M, 15)]
    e = lines(half)
    half_n = [(0, 60, 4), (60, 120, 7.5), (120, NEAR_NORTH_M, 12.5)]
    n = lines(half_n)
    return np.concatenate([-e[:0:-1], e]), np.concatenate([-n[:0:-1], n])


def far_lines():
    """Lines of the far grid; the near grid's outline is among them."""
    def half(edge):
        return lines([(0, edge, edge / 8), (edge, 720, 32), (720, 1320, 75), (1320, FAR_M, 163)])

    e, n = half(NEAR_EAST_M), half(NEAR_NORTH_M)
    return np.concatenate([-e[:0:-1], e]), np.concatenate([-n[:0:-1], n])


def _normals(e, n, step):
    gx = (height(e + step, n) - height(e - step, n)) / (2 * step)
    gy = (height(e, n + step) - height(e, n - step)) / (2 * step)
    out = np.stack([-gx, -gy, np.ones_like(gx)], -1)
    return out / np.linalg.norm(out, axis=-1, keepdims=True)


def _draped(e, n, up, tile_m):
    """Texture coordinates that climb with the slope, so that neither cliff nor flat smears: along the valley, and away and up."""
    d, side = across(e, n)
    return np.stack([n / tile_m, (d + up) * side / tile_m], -1)


# Mean colour of land as the engine holds it, linear light: what a tint of 1 would show.
MEAN = np.array((0.323, 0.296, 0.254))
SCRUB, DRY, SOIL, ROCK, PALE, DARK, BEACH, EARTH = (np.array(c) for c in (
    (0.050, 0.066, 0.032), (0.124, 0.114, 0.056), (0.158, 0.122, 0.076), (0.112, 0.100, 0.082), (0.172, 0.155, 0.126), (0.054, 0.051, 0.046),
    (0.155, 0.147, 0.128), (0.160, 0.133, 0.096)))


def _toward(colour, other, share):
    return colour + (other - colour) * np.clip(share, 0, 1)[..., None]


def colours(e, n, up):
    """Colour of the ground by height, steepness, hollow or crest, and chance, linear; and how rocky it is, 0 to 1."""
    # One reach for near and far grid, so that their seam does not show.
    slope = steepness(e, n, 7.0)
    d, _ = across(e, n)
    # Small patches fade out where the grid could not carry them.
    near = smooth(620, 200, np.hypot(e, n))
    patch, large, fine = fbm(e / 60, n / 60, 71, 4) * (0.35 + 0.65 * near), fbm(e / 300, n / 300, 73, 3), fbm(e / 13, n / 13, 79, 3) * near
    wide = 18.0
    hollow = (height(e + wide, n) + height(e - wide, n) + height(e, n + wide) + height(e, n - wide)) / 4 - up
    hollow = np.clip(hollow / (0.35 * wide), -1, 1)
    rocky = np.clip(smooth(0.48, 0.90, slope + 0.28 * patch - 0.30 * hollow), 0, 1)
    # Dry slopes: ochre soil and straw, scrub where water gathers, grey rock with pale and dark beds where it is steep.
    colour = _toward(np.broadcast_to(SOIL, (*e.shape, 3)), DRY, smooth(-0.3, 0.35, large + 0.5 * patch))
    colour = _toward(colour, SCRUB, smooth(-0.05, 0.75, 0.9 * hollow + 0.75 * patch + 0.45 * fine + 0.2) * (1 - 0.6 * smooth(0.9, 1.4, slope)))
    beds = np.sin((up + 0.10 * n + 22 * fbm(e / 140, n / 140, 63, 3)) / 23 * 2 * np.pi)
    rock = _toward(np.broadcast_to(ROCK, (*e.shape, 3)), PALE, smooth(0.0, 0.9, beds * 0.7 + 0.6 * patch + 0.25 * fine))
    rock = _toward(rock, DARK, smooth(0.25, 1.0, -beds * 0.7 - 0.5 * patch + 0.5 * hollow))
    rock = _toward(rock, SOIL, 0.45 * smooth(-0.1, 0.6, large + 0.3 * fine))
    colour = colour * (1 - rocky[..., None]) + rock * rocky[..., None]
    # Scree below the walls, trodden earth on the terraces, gravel by the water, and the margin that spray keeps wet.
    colour = _toward(colour, PALE * 0.95, 0.55 * smooth(0.30, 0.75, hollow) * smooth(0.45, 0.62, slope) * smooth(0.1, -0.3, patch))
    colour = _toward(colour, EARTH * (1 + 0.16 * fine)[..., None], flatness(e, n) * (0.8 + 0.3 * patch) * smooth(100, 84, d))
    low = up + 1.6 * fine
    colour = _toward(colour, BEACH * (1 + 0.25 * fine)[..., None], 1 - smooth(WATER_UP_M + 1.3, WATER_UP_M + 3.6, low))
    rocky = np.where(up < WATER_UP_M + 2.4, 0.35, rocky)
    wet = 0.34 + 0.66 * smooth(WATER_UP_M + 0.2, WATER_UP_M + 2.6, low) * (0.8 + 0.2 * smooth(WATER_UP_M + 2, WATER_UP_M + 6.5, low))
    return colour * wet[..., None], rocky


def _put(model, e, n, up, keep, step):
    colour, rocky = colours(e, n, up)
    rows, cols = e.shape
    ids = np.arange(rows * cols).reshape(rows, cols)
    part, triangles = model.part("rock"), []
    for r in range(rows - 1):
        for c in range(cols - 1):
            if not keep(e[r, c], e[r, c + 1], n[r, c], n[r + 1, c]):
                continue
            q = ids[r, c], ids[r, c + 1], ids[r + 1, c + 1], ids[r + 1, c]
            # The shorter diagonal in height gives smoother crests.
            a, b = abs(up[r, c] - up[r + 1, c + 1]), abs(up[r, c + 1] - up[r + 1, c])
            triangles += [(q[0], q[1], q[2]), (q[0], q[2], q[3])] if a <= b else [(q[0], q[1], q[3]), (q[1], q[2], q[3])]
    used, back = np.unique(np.array(triangles), return_inverse=True)
    tint = np.concatenate([np.clip(colour / MEAN, 0, 1), rocky[..., None]], -1)
    points = np.stack([e, n, up], -1).reshape(-1, 3)
    flat = lambda a: a.reshape(-1, a.shape[-1])[used]
    part.put(points[used], flat(_normals(e, n, step)), flat(_draped(e, n, up, part.tile_m)), flat(tint), back.reshape(-1, 3))


def gorge(model):
    """Near banks, bed, terraces and the feet of the walls."""
    e, n = np.meshgrid(*near_lines())
    up = height(e, n)
    _put(model, e, n, up, lambda *_: True, 2.0)


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
