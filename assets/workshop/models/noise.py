"""Seeded gradient noise over the plane; the same numbers on every machine."""

import numpy as np


def _fade(t):
    return t * t * t * (t * (t * 6 - 15) + 10)


def perlin(x, y, seed):
    """One octave of gradient noise, about -1 to 1."""
    x, y = np.asarray(x, float), np.asarray(y, float)
    xi, yi = np.floor(x).astype(np.int64), np.floor(y).astype(np.int64)
    dx, dy = x - xi, y - yi

    def corner(ox, oy):
        h = ((xi + ox) * 374761393 + (yi + oy) * 668265263 + seed * 2246822519) & 0xFFFFFFFF
        h = ((h ^ (h >> 13)) * 1274126177) & 0xFFFFFFFF
        a = ((h ^ (h >> 16)) & 0xFFFF) / 65536 * 2 * np.pi
        return np.cos(a) * (dx - ox) + np.sin(a) * (dy - oy)

    u, v = _fade(dx), _fade(dy)
    low = corner(0, 0) * (1 - u) + corner(1, 0) * u
    high = corner(0, 1) * (1 - u) + corner(1, 1) * u
    return (low * (1 - v) + high * v) * 1.41


def fbm(x, y, seed, octaves=5, gain=0.5, ridged=False):
    """Octaves of noise summed and scaled to about -1 to 1; ridged folds each octave into crests."""
    total, weight, amount = 0.0, 0.0, 1.0
    for k in range(octaves):
        n = perlin(np.asarray(x) * 2.0**k, np.asarray(y) * 2.0**k, seed + k)
        total = total + amount * ((1 - 2 * np.abs(n)) if ridged else n)
        weight += amount
        amount *= gain
    return total / weight


def smooth(low, high, x):
    """0 at `low`, 1 at `high`, eased between and held outside; `low` may be the greater."""
    t = np.clip((np.asarray(x, float) - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)
