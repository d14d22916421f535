"""Surfaces as plain arrays, gathered by what they are made of and how sure we are of them.

Knows neither Blender nor files. Frame: east, north, up in metres; faces counter-clockwise seen from outside.
"""

import math

import numpy as np

# Metres that one repeat of a material's texture covers.
TILE_M = {
    "stone": 2.4, "redstone": 1.6, "rock": 9.0, "timber": 1.6, "tile": 1.6, "plaster": 3.0, "iron": 0.4,
    "foliage": 1.6,
}


def newell(points):
    """Unit normal of a polygon."""
    p = np.asarray(points, float)
    q = np.roll(p, -1, 0)
    n = np.array([((p[:, 1] - q[:, 1]) * (p[:, 2] + q[:, 2])).sum(), ((p[:, 2] - q[:, 2]) * (p[:, 0] + q[:, 0])).sum(),
                  ((p[:, 0] - q[:, 0]) * (p[:, 1] + q[:, 1])).sum()])
    length = np.linalg.norm(n)
    return n / length if length > 1e-12 else np.array([0.0, 0.0, 1.0])


class Part:
    """One draw: triangles of one material, certainty, source and era."""

    def __init__(self, material, certainty, source, era):
        self.material, self.certainty, self.source, self.era = material, certainty, source, era
        self.tile_m = TILE_M[material]
        self.points, self.normals, self.uvs, self.tints, self.triangles = [], [], [], [], []
        self.count = 0

    def put(self, points, normals, uvs, tints, triangles):
        """Append finished arrays; triangles count from zero within this call. A fourth tint, 1 by default, is how rocky land is."""
        points = np.asarray(points, float).reshape(-1, 3)
        tints = np.asarray(tints, float)
        tints = np.broadcast_to(tints, (len(points), tints.shape[-1]))
        tints = np.concatenate([tints, np.ones((len(points), 4 - tints.shape[1]))], 1)
        self.points.append(points)
        self.normals.append(np.asarray(normals, float).reshape(-1, 3))
        self.uvs.append(np.asarray(uvs, float).reshape(-1, 2))
        self.tints.append(tints)
        self.triangles.append(np.asarray(triangles, np.int64).reshape(-1, 3) + self.count)
        self.count += len(points)

    def poly(self, points, tint=(1, 1, 1), uvs=None, along=None, shift=(0.0, 0.0)):
        """A flat convex polygon; texture laid on by the face's own plane, `along` being the grain."""
        p = np.asarray(points, float)
        n = newell(p)
        if uvs is None:
            uvs = (project(p, n, along) + np.asarray(shift)) / self.tile_m
        fan = [(0, i, i + 1) for i in range(1, len(p) - 1)]
        self.put(p, np.tile(n, (len(p), 1)), uvs, tint, fan)

    def arrays(self):
        """All corners of the part as (points, normals, uvs, tints, triangles)."""
        return (np.concatenate(self.points), np.concatenate(self.normals), np.concatenate(self.uvs),
                np.concatenate(self.tints), np.concatenate(self.triangles))


def project(points, normal, along=None):
    """Metres across a face: u by the grain if given, else by the level, v at right angles to it."""
    up = np.array([0.0, 0.0, 1.0])
    if along is not None:
        u = np.asarray(along, float) - normal * np.dot(along, normal)
    elif abs(normal[2]) > 0.9:
        u = np.array([1.0, 0.0, 0.0])
    else:
        u = np.cross(up, normal)
    length = np.linalg.norm(u)
    if length < 1e-6:
        u = np.array([0.0, 1.0, 0.0]) if abs(normal[1]) < 0.9 else np.array([1.0, 0.0, 0.0])
        u = u - normal * np.dot(u, normal)
        length = np.linalg.norm(u)
    u = u / length
    v = np.cross(normal, u)
    return np.stack([points @ u, points @ v], -1)


class Model:
    """One file to be: parts by material, certainty, source and era."""

    def __init__(self, name):
        self.name, self.parts = name, {}

    def part(self, material, certainty="conjecture", source="model", era=None):
        """The part for these, made when first asked for."""
        key = (material, certainty, source, era)
        if key not in self.parts:
            self.parts[key] = Part(*key)
        return self.parts[key]

    def triangles(self):
        """How many triangles the model draws."""
        return sum(sum(len(t) for t in p.triangles) for p in self.parts.values())


def frame(bearing_rad=0.0, east=0.0, north=0.0, up=0.0, mirror=False):
    """Points from a local frame (x along the front, y inward, z up) into the site; `mirror` flips x, turning faces over."""
    c, s = math.cos(bearing_rad), math.sin(bearing_rad)

    def place(p):
        p = np.asarray(p, float)
        x = -p[..., 0] if mirror else p[..., 0]
        return np.stack([east + x * c - p[..., 1] * s, north + x * s + p[..., 1] * c, up + p[..., 2]], -1)

    return place


def same(p):
    """The frame that leaves points where they are."""
    return np.asarray(p, float)


_BOX = {"b": (0, 2, 3, 1), "t": (4, 5, 7, 6), "s": (0, 1, 5, 4), "n": (3, 2, 6, 7), "w": (2, 0, 4, 6), "e": (1, 3, 7, 5)}


def box(part, low, high, skip="", tint=(1, 1, 1), place=same, grain=True, taper=(0.0, 0.0), shift=(0.0, 0.0)):
    """An upright box; `taper` draws the top in by so many metres on each side, `skip` leaves faces out."""
    (x0, y0, z0), (x1, y1, z1) = low, high
    tx, ty = taper
    c = [(x0, y0, z0), (x1, y0, z0), (x0, y1, z0), (x1, y1, z0),
         (x0 + tx, y0 + ty, z1), (x1 - tx, y0 + ty, z1), (x0 + tx, y1 - ty, z1), (x1 - tx, y1 - ty, z1)]
    c = np.asarray(place(np.asarray(c, float)))
    along = None
    if part.material == "timber" and grain:
        axes = [c[1] - c[0], c[2] - c[0], c[4] - c[0]]
        along = max(axes, key=lambda a: float(np.linalg.norm(a)))
        along = along / np.linalg.norm(along)
    for name, ids in _BOX.items():
        if name not in skip:
            part.poly(c[list(ids)], tint, along=along, shift=shift)


def beam(part, a, b, width, height, tint=(1, 1, 1), up=(0, 0, 1), skip="", shift=(0.0, 0.0)):
    """A square bar from `a` to `b`, centred on the line between."""
    a, b = np.asarray(a, float), np.asarray(b, float)
    d = b - a
    length = float(np.linalg.norm(d))
    d = d / length
    if abs(np.dot(up, d)) > 0.999:
        up = (1.0, 0.0, 0.0)
    side = np.cross(np.asarray(up, float), d)
    side = side / np.linalg.norm(side)
    top = np.cross(d, side)

    def place(p):
        return a + p[..., :1] * d + p[..., 1:2] * side + p[..., 2:3] * top

    box(part, (0, -width / 2, -height / 2), (length, width / 2, height / 2), skip, tint, place, shift=shift)
