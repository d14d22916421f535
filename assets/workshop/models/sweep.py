"""Round and curved things: tubes, turned posts and smooth grids."""

import math

import numpy as np

from .mesh import same


def grid(part, points, tint=(1, 1, 1), uvs=None, flip=False, flat=False, normals=None):
    """A surface through rows and columns of points, shaded smoothly unless `flat`."""
    p = np.asarray(points, float)
    rows, cols = p.shape[:2]
    if uvs is None:
        u = np.concatenate([np.zeros((rows, 1)), np.cumsum(np.linalg.norm(np.diff(p, axis=1), axis=2), 1)], 1)
        v = np.concatenate([np.zeros((1, cols)), np.cumsum(np.linalg.norm(np.diff(p, axis=0), axis=2), 0)], 0)
        uvs = np.stack([u, v], -1) / part.tile_m
    if flat:
        for r in range(rows - 1):
            for c in range(cols - 1):
                ids = [(r, c), (r, c + 1), (r + 1, c + 1), (r + 1, c)]
                ids = ids[::-1] if flip else ids
                part.poly([p[i] for i in ids], tint, [uvs[i] for i in ids])
        return
    if normals is None:
        normals = np.cross(np.gradient(p, axis=1), np.gradient(p, axis=0))
        length = np.linalg.norm(normals, axis=2, keepdims=True)
        normals = normals / np.where(length < 1e-9, 1, length) * (-1 if flip else 1)
    q = (np.arange(rows - 1)[:, None] * cols + np.arange(cols - 1)[None, :]).ravel()
    t = np.concatenate([np.stack([q, q + 1, q + cols + 1], 1), np.stack([q, q + cols + 1, q + cols], 1)])
    tints = tint if np.ndim(tint) < 2 else np.asarray(tint, float).reshape(-1, np.shape(tint)[-1])
    part.put(p.reshape(-1, 3), normals.reshape(-1, 3), np.asarray(uvs).reshape(-1, 2), tints, t[:, ::-1] if flip else t)


def tube(part, path, radius, sides, tint=(1, 1, 1), closed=False, caps=False, place=same, flat=False):
    """A round bar along a path; `radius` may change from point to point."""
    path = np.asarray(place(np.asarray(path, float)), float)
    n = len(path)
    radius = np.broadcast_to(np.asarray(radius, float), (n,))
    ahead = (np.roll(path, -1, 0) if closed else np.vstack([path[1:], path[-1:]]))
    behind = (np.roll(path, 1, 0) if closed else np.vstack([path[:1], path[:-1]]))
    d = ahead - behind
    d /= np.linalg.norm(d, axis=1, keepdims=True)
    # One reference for the whole path keeps rings from twisting; it must not lie along the path.
    reference = min(np.eye(3), key=lambda a: float(np.abs(d @ a).max()))
    s = np.cross(reference, d)
    s /= np.linalg.norm(s, axis=1, keepdims=True)
    t = np.cross(d, s)
    angle = np.arange(sides + 1) / sides * 2 * math.pi
    out = np.cos(angle)[None, :, None] * s[:, None] + np.sin(angle)[None, :, None] * t[:, None]
    rings = path[:, None] + out * radius[:, None, None]
    run = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])
    if closed:
        run = np.append(run, run[-1] + np.linalg.norm(path[0] - path[-1]))
        rings, out = np.concatenate([rings, rings[:1]]), np.concatenate([out, out[:1]])
    girth = 2 * math.pi * float(radius.max())
    uvs = np.stack(np.broadcast_arrays(run[:, None], angle[None, :] / (2 * math.pi) * girth), -1) / part.tile_m
    grid(part, rings, tint, uvs, flat=flat, normals=None if flat else out)
    if caps:
        part.poly(rings[0, :-1][::-1], tint)
        part.poly(rings[-1, :-1], tint)


def post(part, foot, profile, sides, tint=(1, 1, 1)):
    """A turned post: `profile` holds (radius, height) from the foot up."""
    foot = np.asarray(foot, float)
    path = [foot + (0, 0, z) for _, z in profile]
    tube(part, path, [r for r, _ in profile], sides, tint)
