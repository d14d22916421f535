"""Tiled roofs with the hollow sweep and raised corners of western Sichuan. Local frame: ridge along x, z up. Shapes are conjecture."""

from dataclasses import dataclass

import numpy as np

from .mesh import beam, same
from .sweep import grid


@dataclass
class Sweep:
    """One roof: half length and depth at the eaves, heights, and how far up the hips run (`top` 1 reaches the ridge)."""

    half_x: float
    half_y: float
    eave: float
    ridge: float
    hip: float = 0.45
    top: float = 1.0
    lift: float = 0.75
    hollow: float = 0.5
    reach: float = 2.6

    def at(self, x_share, s):
        """A point of the front slope: `x_share` -1 to 1 along it, `s` 0 at the eaves to 1 at the ridge."""
        x_share, s = np.broadcast_arrays(np.asarray(x_share, float), np.asarray(s, float))
        half = self.half_x - self.half_y * np.minimum(s, self.hip)
        return self._bent(x_share * half, self.half_y * (1 - s), half - np.abs(x_share) * half, s)

    def side(self, y_share, s):
        """A point of the hip end at positive x; `s` runs to `hip` only."""
        y_share, s = np.broadcast_arrays(np.asarray(y_share, float), np.asarray(s, float))
        half = self.half_y * (1 - s)
        return self._bent(self.half_x - self.half_y * s, y_share * half, half - np.abs(y_share) * half, s)

    def _bent(self, x, y, to_hip, s):
        bend = np.clip(1 - to_hip / self.reach, 0, 1) ** 2.2 * np.clip(1 - s / self.hip, 0, 1) ** 1.6
        rise = (1 - self.hollow) * s + self.hollow * s * s
        out = 0.42 * self.lift * bend
        z = self.eave + (self.ridge - self.eave) * rise + self.lift * bend
        return np.stack(np.broadcast_arrays(x + np.sign(x) * out, y + np.sign(y) * out, z), -1)


def _corners(n):
    """Shares from -1 to 1, closer together toward both ends, where the eaves turn up."""
    t = np.linspace(-1, 1, n)
    return np.sign(t) * (1 - (1 - np.abs(t)) ** 1.35)


def _turned(p):
    return p * np.array([-1.0, -1.0, 1.0])


def slopes(roof, cols=17, rows=9):
    """The roof's surfaces as grids of points, each seen from above with rows from eave to ridge and columns to the left."""
    s = np.linspace(0, roof.top, rows)[:, None] ** 1.1 * (roof.top ** -0.1 if roof.top < 1 else 1)
    front = roof.at(-_corners(cols)[None, :], s)
    out = [front, _turned(front)]
    hips = np.linspace(0, min(roof.hip, roof.top), max(4, rows // 2 + 1))[:, None]
    side = roof.side(_corners(cols - 4)[None, :], hips)
    return out + [side, _turned(side)]


def cover(roof, tile, timber, place=same, cols=17, rows=9, thick=0.15):
    """Tile above, boarded soffit below, and the edge between."""
    for points in slopes(roof, cols, rows):
        top = np.asarray(place(points))
        grid(tile, top, (0.95, 0.95, 0.95), _uvs(points, tile.tile_m))
        under = np.asarray(place(points - (0, 0, thick)))
        grid(timber, under, (0.62, 0.58, 0.55), flip=True)
        edge = np.stack([under[0], top[0]])
        grid(tile, edge, (0.8, 0.8, 0.8), _edge_uvs(points[0], thick, tile.tile_m))


def _uvs(points, tile_m):
    """Courses level along the eaves and columns of tiles running up the slope."""
    across = points[..., 0] if abs(points[0, 0, 0] - points[0, -1, 0]) > abs(points[0, 0, 1] - points[0, -1, 1]) else points[..., 1]
    up = np.concatenate([np.zeros((1, points.shape[1])), np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=2), 0)], 0)
    return np.stack([across, up], -1) / tile_m


def _edge_uvs(row, thick, tile_m):
    across = row[:, 0] if abs(row[0, 0] - row[-1, 0]) > abs(row[0, 1] - row[-1, 1]) else row[:, 1]
    return np.stack([np.stack([across, 0 * across], -1), np.stack([across, 0 * across + thick], -1)]) / tile_m


def ridge_bar(part, path, width, height, place=same, tint=(0.9, 0.9, 0.9)):
    """A built-up ridge: a coping of tiles along a path, narrower above, with closed ends."""
    p = np.asarray(path, float)
    d = np.gradient(p, axis=0)
    side = np.stack([-d[:, 1], d[:, 0], 0 * d[:, 0]], -1)
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    width, height = np.broadcast_to(width, (len(p),)), np.broadcast_to(height, (len(p),))
    shape = [(-0.5, -0.12), (-0.5, 0.55), (-0.32, 1.0), (0.32, 1.0), (0.5, 0.55), (0.5, -0.12)]
    rings = np.stack([p + side * (w * width)[:, None] + np.array([0, 0, 1.0]) * (h * height)[:, None] for w, h in shape], 1)
    rings = np.asarray(place(rings))
    for k in range(len(shape) - 1):
        grid(part, rings[:, [k, k + 1]][:, ::-1], tint, flat=False)
    part.poly(rings[0][::-1], tint)
    part.poly(rings[-1], tint)


def crown(roof, part, place=same):
    """Main ridge with rising ends, slanting ridges at the gables and along the hips to their curled tips."""
    if roof.top >= 1:
        t = np.linspace(-1, 1, 15)
        half = roof.half_x - roof.half_y * roof.hip + 0.28
        line = np.stack([t * half, 0 * t, roof.ridge + 0.02 + 0.30 * np.abs(t) ** 4], -1)
        ridge_bar(part, line, 0.26, 0.42 + 0.16 * np.abs(t) ** 6, place)
        for sx in (-1, 1):
            tip = [(sx * (half - 0.1 + 0.55 * k - 0.12 * k * k), 0.0, roof.ridge + 0.55 + 0.75 * k ** 1.5) for k in np.linspace(0, 1, 5)]
            ridge_bar(part, tip, [0.2, 0.16, 0.13, 0.09, 0.03], [0.3, 0.26, 0.2, 0.13, 0.05], place)
    for sx in (-1, 1):
        for sy in (-1, 1):
            turn = np.array([sx, sy, 1.0])
            if roof.top >= 1:
                gable = roof.at(1.0, np.linspace(0.985, roof.hip, 7)) * turn + (0, 0, 0.02)
                ridge_bar(part, gable, 0.2, 0.26, place)
            s = np.linspace(min(roof.hip, roof.top), 0, 9)
            hip = roof.at(1.0, s)
            way = hip[-1] - hip[-2]
            way = way / np.linalg.norm(way)
            curl = [hip[-1] + way * 0.28 * k + np.array([0, 0, 0.34 * (k / 3) ** 1.8]) for k in (1, 2, 3)]
            path = np.concatenate([hip, curl]) * turn + (0, 0, 0.02)
            taper = np.array([1] * 8 + [0.95, 0.8, 0.6, 0.25])
            ridge_bar(part, path, 0.2 * taper, 0.24 * taper, place)


def gable_walls(roof, timber, place=same, tint=(0.8, 0.76, 0.72)):
    """The upright triangles of a hip-and-gable roof, boarded, with barge boards along their edges."""
    s = np.linspace(roof.hip, 1.0, 6)
    for sx in (-1, 1):
        rim = roof.at(1.0, s)
        rim[:, 0] -= 0.32
        left, right = rim * (sx, 1, 1), rim * (sx, -1, 1)
        for k in range(len(s) - 1):
            quad = [left[k], left[k + 1], right[k + 1], right[k]]
            timber.poly(np.asarray(place(np.array(quad if sx < 0 else quad[::-1]) - (0, 0, 0.1))), tint, along=(0, 0, 1))
            for row in (left, right):
                a, b = row[k] + (sx * 0.26, 0, -0.2), row[k + 1] + (sx * 0.26, 0, -0.2)
                beam(timber, place(a), place(b), 0.05, 0.26, (0.7, 0.62, 0.56))


def ribs(roof, tile, place=same, segments=6):
    """Rows of half-round cover tiles, from the eaves up to hip, gable or ridge."""
    # Six rows to a sheet of the tile texture, lying on the covers drawn there.
    gap = tile.tile_m / 6
    count = int((roof.half_x - 0.1) / gap)
    for x in np.arange(-count, count + 1) * gap:
        reach = min(roof.top, 1.0 if abs(x) <= roof.half_x - roof.half_y * roof.hip else (roof.half_x - abs(x)) / roof.half_y)
        if reach < 0.03:
            continue
        s = np.linspace(0, reach * 0.995, segments)
        share = x / (roof.half_x - roof.half_y * np.minimum(s, roof.hip))
        path = roof.at(np.clip(share, -1, 1), s)
        for turn in (np.array([1, 1, 1.0]), np.array([-1, -1, 1.0])):
            _rib(tile, path * turn, (1.0, 0, 0), place)
    count = int((roof.half_y - 0.1) / gap)
    for y in np.arange(-count, count + 1) * gap:
        reach = min(roof.hip, roof.top, (roof.half_y - abs(y)) / roof.half_y)
        if reach < 0.03:
            continue
        s = np.linspace(0, reach * 0.995, max(3, segments - 2))
        path = roof.side(np.clip(y / (roof.half_y * (1 - s)), -1, 1), s)
        for turn in (np.array([1, 1, 1.0]), np.array([-1, -1, 1.0])):
            _rib(tile, path * turn, (0, 1.0, 0), place)


def _rib(tile, path, side, place):
    side = np.array(side) * 0.075
    left, right, top = path - side, path + side, path + (0, 0, 0.07)
    left[0, 2] -= 0.03
    right[0, 2] -= 0.03
    rows = np.asarray(place(np.stack([left, top, right], 1)))
    slope = np.gradient(rows[:, 1], axis=0)
    facing = np.cross(rows[0, 2] - rows[0, 0], slope[0])[2] > 0
    grid(tile, rows, (0.88, 0.88, 0.88), flip=not facing)
    ends = [rows[0, 0], rows[0, 1], rows[0, 2]]
    tile.poly(ends if not facing else ends[::-1], (0.75, 0.75, 0.75))


def gabled(tile, timber, place, half_x, half_y, eave, ridge, thick=0.12, rows=4, hollow=0.3, tint=(0.92, 0.92, 0.92)):
    """A plain two-slope roof for houses, with its ridge."""
    s = np.linspace(0, 1, rows)
    z = eave + (ridge - eave) * ((1 - hollow) * s + hollow * s * s)
    for turn in (np.array([1, 1, 1.0]), np.array([-1, -1, 1.0])):
        x = np.array([half_x, 0, -half_x])
        points = np.stack([np.broadcast_to(x[None, :], (rows, 3)), np.broadcast_to((half_y * (1 - s))[:, None], (rows, 3)),
                           z[:, None] + 0.12 * (np.abs(x[None, :]) / half_x) ** 2 * np.ones((rows, 1))], -1) * turn
        top = np.asarray(place(points))
        grid(tile, top, tint, _uvs(points, tile.tile_m))
        under = np.asarray(place(points - (0, 0, thick)))
        grid(timber, under, (0.55, 0.52, 0.5), flip=True)
        grid(tile, np.stack([under[0], top[0]]), (0.75, 0.75, 0.75), _edge_uvs(points[0], thick, tile.tile_m))
        for end in (0, 2):
            edge = np.stack([under[:, end], top[:, end]], 1)
            grid(timber, edge, (0.6, 0.56, 0.52), flip=end == 2)
    t = np.linspace(-1, 1, 5)
    line = np.stack([t * (half_x + 0.05), 0 * t, ridge + 0.12 * t * t + 0.1 * t**6], -1)
    ridge_bar(tile, line, 0.2, 0.24, place, np.asarray(tint) * 0.85)
