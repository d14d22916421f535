"""Boulders, shrubs and trees as small solids; kinds and places are conjecture."""

import math

import numpy as np

from .land import across, flatness, height, steepness
from .measures import WATER_UP_M
from .noise import fbm
from .sweep import tube


def _ball(rings, sides):
    """Unit ball as (points, triangles), poles on z."""
    points = [(0, 0, -1.0)]
    for r in range(1, rings):
        a = -math.pi / 2 + math.pi * r / rings
        turn = 0.5 * (r % 2)
        points += [(math.cos(a) * math.cos(2 * math.pi * (k + turn) / sides), math.cos(a) * math.sin(2 * math.pi * (k + turn) / sides), math.sin(a)) for k in range(sides)]
    points.append((0, 0, 1.0))
    t = [(0, 1 + (k + 1) % sides, 1 + k) for k in range(sides)]
    for r in range(rings - 2):
        low, high = 1 + r * sides, 1 + (r + 1) * sides
        for k in range(sides):
            j = (k + 1) % sides
            if r % 2:
                t += [(low + k, low + j, high + j), (low + k, high + j, high + k)]
            else:
                t += [(low + k, low + j, high + k), (low + j, high + j, high + k)]
    last, low = len(points) - 1, 1 + (rings - 2) * sides
    t += [(low + k, low + (k + 1) % sides, last) for k in range(sides)]
    return np.array(points), np.array(t)


BALLS = {"big": _ball(5, 8), "mid": _ball(4, 6), "small": _ball(3, 5)}


def lump(part, middle, size, rng, kind="mid", rough=0.22, tint=(1, 1, 1), soft=True, ground_shade=0.45):
    """A ball pushed about by chance; darker below, where a clump shades itself."""
    base, triangles = BALLS[kind]
    push = 1 + rough * (rng.random(len(base)) * 2 - 1)
    spin = rng.random() * 2 * math.pi
    c, s = math.cos(spin), math.sin(spin)
    local = base * push[:, None]
    local = np.stack([local[:, 0] * c - local[:, 1] * s, local[:, 0] * s + local[:, 1] * c, local[:, 2]], -1) * np.asarray(size)
    points = local + np.asarray(middle)
    if soft:
        normals = base / np.asarray(size)
        normals = np.stack([normals[:, 0] * c - normals[:, 1] * s, normals[:, 0] * s + normals[:, 1] * c, normals[:, 2]], -1)
        normals /= np.linalg.norm(normals, axis=1, keepdims=True)
        shade = ground_shade + (1 - ground_shade) * (base[:, 2] * 0.5 + 0.5) ** 0.8
        # Seen from the side the texture wraps; a plane from above would smear.
        uvs = np.stack([local[:, 0] + local[:, 1] * 0.6, local[:, 2] + local[:, 1] * 0.5], -1) / part.tile_m + rng.random(2)
        part.put(points, normals, uvs, np.asarray(tint) * shade[:, None], triangles)
    else:
        for t in triangles:
            part.poly(points[t], tint, shift=tuple(rng.random(2) * 3))


def boulders(model, count=150):
    """Rounded rock along both shores, larger near the water."""
    part, rng = model.part("rock"), np.random.default_rng(14)
    placed = 0
    while placed < count:
        n, side = (rng.random() * 2 - 1) * 150, rng.choice((-1, 1))
        d = 39.5 + rng.random() ** 0.8 * 8
        e = side * d
        up = float(height(e, n))
        if up > WATER_UP_M + 4 or up < WATER_UP_M - 1.6 or (abs(n) < 6 and d > 45):
            continue
        r = 0.35 + 1.5 * rng.random() ** 3
        wet = 0.42 + 0.5 * min(1.0, max(0.0, (up + r * 0.5 - WATER_UP_M) / 2.5))
        shade = wet * (0.8 + 0.25 * rng.random())
        lump(part, (e, n, up + r * 0.15), (r * (1 + 0.5 * rng.random()), r, r * 0.7), rng, "mid", 0.2,
             np.array([1, 0.98, 0.95]) * shade, ground_shade=0.6)
        placed += 1


GREENS = np.array([[0.90, 0.96, 0.80], [0.80, 0.92, 0.80], [1.0, 0.96, 0.74], [0.78, 0.86, 0.74]])


def tree(leaves, wood, foot, tall, rng, kind="mid"):
    """A broad-leaved tree: a leaning trunk, a few limbs, a crown of overlapping clumps."""
    foot = np.asarray(foot, float)
    lean = (rng.random(2) - 0.5) * 0.12 * tall
    top = foot + (lean[0], lean[1], tall * 0.62)
    tube(wood, [foot - (0, 0, 0.3), foot + (lean[0] * 0.2, lean[1] * 0.2, tall * 0.25), top], [tall * 0.035, tall * 0.024, tall * 0.010], 5, (0.5, 0.48, 0.46))
    green = GREENS[rng.integers(len(GREENS))] * (0.85 + 0.25 * rng.random())
    clumps = 7 + int(rng.integers(4))
    spin = rng.random() * 6.28
    for k in range(clumps):
        share = (k + 0.4) / clumps
        a, ring = spin + k * 2.4, tall * (0.04 + 0.17 * math.sin(math.pi * min(1.0, 0.25 + share * 0.75)))
        z = tall * (0.84 - 0.46 * share + 0.06 * rng.random())
        r = tall * (0.17 + 0.07 * rng.random())
        middle = foot + (lean[0] * 0.8 + ring * math.cos(a), lean[1] * 0.8 + ring * math.sin(a), z)
        if kind == "big" and k % 3 == 0:
            tube(wood, [foot + (lean[0] * 0.6, lean[1] * 0.6, tall * 0.3), middle], [tall * 0.014, tall * 0.005], 3, (0.5, 0.48, 0.46))
        tint = np.clip(green * (0.82 + 0.3 * rng.random()), 0, 1)
        lump(leaves, middle, (r * 1.15, r * 1.15, r * 0.8), rng, "mid" if kind == "big" else "small", 0.30, tint, ground_shade=0.55)
        if kind == "big":
            sprays(leaves, middle, r, foot + (0, 0, tall * 0.45), rng, tint)


def sprays(leaves, middle, radius, crown, rng, tint, count=24):
    """Small leafy facets standing off a clump, so that its outline is not a ball's."""
    for _ in range(count):
        out = rng.normal(size=3)
        out[2] = out[2] * 0.8 + 0.25
        out /= np.linalg.norm(out)
        side = np.cross(out, rng.normal(size=3))
        side /= np.linalg.norm(side)
        tip = np.cross(out, side) + out * 0.35
        at = middle + out * radius * (0.80 + 0.25 * rng.random()) * np.array([1.1, 1.1, 0.8])
        size = radius * (0.17 + 0.15 * rng.random())
        points = np.array([at - side * size * 0.62, at - tip * size * 0.7, at + side * size * 0.62, at + tip * size])
        # Lit as part of the whole crown, not as a loose leaf.
        normal = (at - crown) / np.linalg.norm(at - crown)
        shade = 0.62 + 0.38 * (normal[2] * 0.5 + 0.5)
        if np.dot(np.cross(points[1] - points[0], points[2] - points[0]), out) < 0:
            points = points[::-1]
        uvs = np.array([(0, 0.2), (0.2, 0), (0.4, 0.2), (0.2, 0.45)]) * size + rng.random(2)
        leaves.put(points, np.tile(normal, (4, 1)), uvs, tint * shade, [(0, 1, 2), (0, 2, 3)])


def planting(model):
    """Trees by the stations and the town, shrubs on the banks and the lower walls."""
    leaves, wood, rng = model.part("foliage"), model.part("timber"), np.random.default_rng(29)
    set_by_hand = [(-66, 22, 8.5), (-78, -18, 9.5), (-84, 16, 8), (-61, -30, 6.5), (-88, -4, 7), (-70, 31, 7.5),
                   (60, 16, 8), (67.6, -27, 9), (58, 30, 7), (66, -34, 8.5), (59, 48, 7.5), (60, 66, 9), (60, -52, 7)]
    for e, n, tall in set_by_hand:
        tree(leaves, wood, (e, n, float(height(e, n))), tall, rng, "big")
    count = 0
    while count < 46:
        e, n = (rng.random() * 2 - 1) * 170, (rng.random() * 2 - 1) * 190
        d, _ = across(e, n)
        if d < 58 or flatness(e, n) > 0.4 or steepness(e, n) > 0.9 or float(fbm(e / 50, n / 50, 91, 2)) < -0.05:
            continue
        tree(leaves, wood, (e, n, float(height(e, n))), 5 + 4.5 * rng.random(), rng, "small")
        count += 1


def shrubs(model, count=260):
    """Low scrub wherever soil could hold, thinning with steepness."""
    leaves, rng, placed = model.part("foliage"), np.random.default_rng(58), 0
    while placed < count:
        side = rng.choice((-1, 1))
        e, n = side * (47 + rng.random() ** 1.6 * 160), (rng.random() * 2 - 1) * 210
        d, _ = across(e, n)
        up = float(height(e, n))
        if d < 47 or up < WATER_UP_M + 3.5 or flatness(e, n) > 0.3 or steepness(e, n) > 1.7 or (d < 56 and abs(n) < 11):
            continue
        r = 0.5 + 0.9 * rng.random() + (0.8 if d > 90 else 0)
        green = GREENS[rng.integers(len(GREENS))] * (0.75 + 0.3 * rng.random())
        lump(leaves, (e, n, up + r * 0.25), (r * 1.2, r * 1.1, r * 0.75), rng, "small", 0.28, np.clip(green, 0, 1))
        placed += 1
