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


BALL = _ball(4, 6)


def lump(part, middle, size, rng, rough=0.22, tint=(1, 1, 1), ground_shade=0.45):
    """A ball pushed about by chance; darker below, where it shades itself."""
    base, triangles = BALL
    push = 1 + rough * (rng.random(len(base)) * 2 - 1)
    spin = rng.random() * 2 * math.pi
    c, s = math.cos(spin), math.sin(spin)
    turned = lambda p: np.stack([p[:, 0] * c - p[:, 1] * s, p[:, 0] * s + p[:, 1] * c, p[:, 2]], -1)
    local = turned(base * push[:, None]) * np.asarray(size)
    normals = turned(base / np.asarray(size))
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    shade = ground_shade + (1 - ground_shade) * (base[:, 2] * 0.5 + 0.5) ** 0.8
    # Seen from the side the texture wraps; a plane from above would smear.
    uvs = np.stack([local[:, 0] + local[:, 1] * 0.6, local[:, 2] + local[:, 1] * 0.5], -1) / part.tile_m + rng.random(2)
    part.put(local + np.asarray(middle), normals, uvs, np.asarray(tint) * shade[:, None], triangles)


def boulders(model, count=96):
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
        lump(part, (e, n, up + r * 0.15), (r * (1 + 0.5 * rng.random()), r, r * 0.7), rng, 0.26,
             np.array([0.72, 0.70, 0.68]) * shade, ground_shade=0.6)
        placed += 1


GREENS = np.array([[0.86, 0.92, 0.72], [0.74, 0.86, 0.70], [0.96, 0.92, 0.66], [0.72, 0.80, 0.66]])


def leafage(leaves, middle, size, count, card_m, rng, tint, shut_in=0.5):
    """A crown of small leafy cards about an ellipsoid, lit as one round body, darker inside and below."""
    middle, size = np.asarray(middle, float), np.asarray(size, float)
    out = rng.normal(size=(count, 3))
    out /= np.linalg.norm(out, axis=1, keepdims=True)
    # Clumps rather than an even ball: cards gather about a few of their neighbours.
    knots = out[rng.integers(0, max(4, count // 7), count)]
    out = out + knots * 0.9
    out /= np.linalg.norm(out, axis=1, keepdims=True)
    far = 0.55 + 0.45 * rng.random(count) ** 0.6
    centre = middle + out * size * far[:, None]
    facing = out + rng.normal(size=(count, 3)) * 0.7
    facing /= np.linalg.norm(facing, axis=1, keepdims=True)
    side = np.cross(facing, rng.normal(size=(count, 3)))
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    tip = np.cross(facing, side)
    half = (card_m * (0.65 + 0.6 * rng.random(count)) / 2)[:, None]
    corners = np.stack([centre - side * half - tip * half, centre + side * half - tip * half,
                        centre + side * half + tip * half, centre - side * half + tip * half], 1)
    normal = corners - (middle - (0, 0, size[2] * 0.5))
    normal /= np.linalg.norm(normal, axis=2, keepdims=True)
    height_share = ((corners[..., 2] - middle[2]) / size[2] * 0.5 + 0.5).clip(0, 1)
    shade = (shut_in + (1 - shut_in) * height_share) * (0.7 + 0.3 * far[:, None])
    shade = shade * (0.85 + 0.3 * rng.random((count, 1)))
    span = half[:, None] * 2 / leaves.tile_m * 0.8
    uvs = rng.random((count, 1, 2)) + np.array([(0, 0), (1, 0), (1, 1), (0, 1)])[None] * span
    q = np.arange(count)[:, None] * 4
    triangles = np.concatenate([q + (0, 1, 2), q + (0, 2, 3)])
    leaves.put(corners, normal, uvs, (np.asarray(tint) * shade[..., None]).reshape(-1, 3).clip(0, 1), triangles)


def tree(leaves, wood, foot, tall, rng, kind="mid"):
    """A broad-leaved tree: a leaning trunk, a few limbs, and crowns of leaves about their ends."""
    foot = np.asarray(foot, float)
    lean = (rng.random(2) - 0.5) * 0.12 * tall
    top = foot + (lean[0], lean[1], tall * 0.66)
    tube(wood, [foot - (0, 0, 0.3), foot + (lean[0] * 0.2, lean[1] * 0.2, tall * 0.3), top], [tall * 0.032, tall * 0.022, tall * 0.009], 5, (0.42, 0.40, 0.38))
    green = GREENS[rng.integers(len(GREENS))] * (0.80 + 0.3 * rng.random())
    crowns, cards = (5, 24) if kind == "big" else (2, 20)
    spin = rng.random() * 6.28
    for k in range(crowns):
        a, ring = spin + k * 6.283 / crowns, tall * (0.0 if k == 0 else 0.17 + 0.05 * rng.random())
        middle = foot + (lean[0] * 0.8 + ring * math.cos(a), lean[1] * 0.8 + ring * math.sin(a), tall * (0.76 if k == 0 else 0.58 + 0.12 * rng.random()))
        r = tall * (0.21 + 0.05 * rng.random()) * (1.0 if kind == "big" else 1.1)
        if k and kind == "big":
            tube(wood, [foot + (lean[0] * 0.5, lean[1] * 0.5, tall * 0.34), middle], [tall * 0.013, tall * 0.004], 3, (0.42, 0.40, 0.38))
        leafage(leaves, middle, (r, r, r * 0.86), cards, tall * 0.16, rng, green * (0.88 + 0.2 * rng.random()))


def planting(model):
    """Trees by the stations and the town, shrubs on the banks and the lower walls."""
    leaves, wood, rng = model.part("foliage"), model.part("timber"), np.random.default_rng(29)
    set_by_hand = [(-66, 22, 8.5), (-84, -36, 9.5), (-84, 16, 8), (-61, -30, 6.5), (-88, -4, 7), (-70, 31, 7.5),
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
        leafage(leaves, (e, n, up + r * 0.2), (r * 1.2, r * 1.1, r * 0.7), 8, r * 1.5, rng, green, 0.65)
        placed += 1
