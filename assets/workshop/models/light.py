"""Ambient occlusion at every corner: how much of the sky a spot of surface sees. Needs Blender's ray tree, keeps no scene."""

import math

import numpy as np
import bpy  # noqa: F401  (mathutils lives inside it)
from mathutils import Vector
from mathutils.bvhtree import BVHTree

RAYS = 24
# How far a surface darkens its neighbour, metres: buildings close by, the gorge widely.
REACH_M = {"rock": 24.0}
NEAR_M = 4.0
# Darkest corner: some light always comes back from what shades it, and through leaves much.
FLOOR, LEAF_FLOOR = 0.38, 0.6


def _directions():
    """Cosine-weighted directions on the unit hemisphere about +z, on a spiral, so that no seed is needed."""
    i = np.arange(RAYS) + 0.5
    r, a = np.sqrt(i / RAYS), i * math.pi * (3 - math.sqrt(5))
    return np.stack([r * np.cos(a), r * np.sin(a), np.sqrt(1 - r * r)], -1)


def tree(parts):
    """What casts shade: all triangles of these parts."""
    points, triangles, count = [], [], 0
    for part in parts:
        p, _, _, _, t = part.arrays()
        points.append(p)
        triangles.append(t + count)
        count += len(p)
    points, triangles = np.concatenate(points), np.concatenate(triangles)
    return BVHTree.FromPolygons(points.tolist(), triangles.tolist(), all_triangles=True)


def _inward(points, triangles):
    """Each corner drawn a little toward the middle of its faces: a corner touching another solid must not look buried."""
    middle, faces = np.zeros_like(points), np.zeros(len(points))
    centre = points[triangles].mean(1)
    for k in range(3):
        np.add.at(middle, triangles[:, k], centre)
        np.add.at(faces, triangles[:, k], 1)
    step = middle / np.maximum(faces, 1)[:, None] - points
    length = np.linalg.norm(step, axis=1, keepdims=True)
    return points + step * np.minimum(0.3, 0.35 / np.maximum(length, 1e-9))


def occlusion(part, shade):
    """Share of open sky at each corner of the part, FLOOR to 1."""
    points, normals, _, _, triangles = part.arrays()
    reach = REACH_M.get(part.material, NEAR_M)
    start = _inward(points, triangles) + normals * 0.015
    key = np.round(np.concatenate([start * 50, normals * 20], 1)).astype(np.int64)
    _, first, back = np.unique(key, axis=0, return_index=True, return_inverse=True)
    local, open_sky = _directions(), np.empty(len(first))
    for row, i in enumerate(first):
        n = normals[i]
        side = np.cross((0.0, 0.0, 1.0) if abs(n[2]) < 0.9 else (1.0, 0.0, 0.0), n)
        side /= np.linalg.norm(side)
        world = local @ np.stack([side, np.cross(n, side), n])
        origin, shaded, buried = Vector(start[i]), 0.0, 0
        for d in world:
            _, hit, _, distance = shade.ray_cast(origin, Vector(d), reach)
            if distance is None:
                continue
            if hit[0] * d[0] + hit[1] * d[1] + hit[2] * d[2] > 0:
                buried += 1
            shaded += (1 - distance / reach) ** 0.7
        open_sky[row] = math.nan if buried > RAYS * 0.6 else 1 - shaded / RAYS
    value = _filled(open_sky[back.ravel()], triangles)
    return LEAF_FLOOR + (1 - LEAF_FLOOR) * value if part.material == "foliage" else value


def _filled(value, triangles):
    """Corners inside another solid take the mean of their face's other corners."""
    for _ in range(3):
        bad = np.isnan(value)
        if not bad.any():
            break
        total, weight = np.zeros(len(value)), np.zeros(len(value))
        corner = value[triangles]
        good = ~np.isnan(corner)
        sums, counts = np.where(good, corner, 0).sum(1), good.sum(1)
        for k in range(3):
            np.add.at(total, triangles[:, k], sums)
            np.add.at(weight, triangles[:, k], counts)
        value = np.where(bad & (weight > 0), total / np.maximum(weight, 1), value)
    return np.clip(np.nan_to_num(value, nan=0.6), FLOOR, 1)
