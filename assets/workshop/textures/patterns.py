"""Periodic noise, cells and the step from height to normals; a sheet is a square that repeats without a seam."""

import numpy as np


class Sheet:
    """A square of `size` texels; u runs right, v runs up as in glTF's flipped image, both 0 to 1."""

    def __init__(self, size):
        self.size = size
        a = (np.arange(size) + 0.5) / size
        self.u, down = np.meshgrid(a, a)
        self.v = 1 - down

    def perlin(self, across, up, seed, u=None, v=None):
        """Gradient noise of `across` by `up` cells, about -1 to 1."""
        angle = np.random.default_rng(seed).random((up, across)) * 2 * np.pi
        gx, gy = np.cos(angle), np.sin(angle)
        x, y = (self.u if u is None else u) * across, (self.v if v is None else v) * up
        xi, yi = np.floor(x).astype(int), np.floor(y).astype(int)
        dx, dy = x - xi, y - yi

        def corner(ox, oy):
            i, j = (yi + oy) % up, (xi + ox) % across
            return gx[i, j] * (dx - ox) + gy[i, j] * (dy - oy)

        fade = lambda t: t * t * t * (t * (t * 6 - 15) + 10)
        s, t = fade(dx), fade(dy)
        low = corner(0, 0) * (1 - s) + corner(1, 0) * s
        return 1.41 * (low * (1 - t) + (corner(0, 1) * (1 - s) + corner(1, 1) * s) * t)

    def fbm(self, across, up, seed, octaves=5, gain=0.5, u=None, v=None, ridged=False):
        """Octaves of noise as far as the texels carry them."""
        total, weight, amount = np.zeros((self.size, self.size)), 0.0, 1.0
        for k in range(octaves):
            if max(across, up) * 2**k > self.size // 2:
                break
            n = self.perlin(across * 2**k, up * 2**k, seed + k, u, v)
            total += amount * ((1 - 2 * np.abs(n)) if ridged else n)
            weight += amount
            amount *= gain
        return total / weight

    def cells(self, across, up, seed, jitter=0.9, u=None, v=None):
        """Worley cells: distance to the nearest and the second seed, and the nearest one's number."""
        rng = np.random.default_rng(seed)
        px, py = 0.5 + jitter * (rng.random((up, across)) - 0.5), 0.5 + jitter * (rng.random((up, across)) - 0.5)
        x, y = (self.u if u is None else u) * across, (self.v if v is None else v) * up
        cx, cy = np.floor(x).astype(int), np.floor(y).astype(int)
        first = np.full(x.shape, 9.0)
        second, number = first.copy(), np.zeros(x.shape, int)
        for oy in (-1, 0, 1):
            for ox in (-1, 0, 1):
                i, j = (cy + oy) % up, (cx + ox) % across
                d = np.hypot(x - (cx + ox + px[i, j]), y - (cy + oy + py[i, j]))
                nearer = d < first
                second = np.where(nearer, first, np.minimum(second, d))
                number = np.where(nearer, i * across + j, number)
                first = np.where(nearer, d, first)
        return first, second, number


def smooth(low, high, x):
    """0 below `low`, 1 above `high`, eased between."""
    t = np.clip((x - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def by_number(number, seed):
    """A chance value for each cell."""
    return np.random.default_rng(seed).random(int(number.max()) + 1)[number]


def colour(code):
    """sRGB share of a hex colour."""
    return np.array([int(code[i:i + 2], 16) / 255 for i in (0, 2, 4)])


def mix(a, b, t):
    """From colour or sheet `a` to `b`."""
    return a + (b - a) * np.asarray(t)[..., None]


def blurred(height, radius):
    """Height averaged over about `radius` of the sheet, without a seam."""
    n = len(height)
    f = np.fft.fftfreq(n) * n
    keep = np.exp(-(f[:, None] ** 2 + f[None, :] ** 2) * (2 * np.pi * radius) ** 2 / 2)
    return np.real(np.fft.ifft2(np.fft.fft2(height) * keep))


def shaded(base, height, strength, radius=0.012):
    """Base colour darkened in its hollows."""
    return base * np.clip(1 + np.minimum(height - blurred(height, radius), 0) * strength, 0.35, 1)[..., None]


def normals(height, strength):
    """Normal map (OpenGL, +Y up) of a height sheet."""
    n = len(height)
    dx = (np.roll(height, -1, 1) - np.roll(height, 1, 1)) * 0.5 * n
    dy = (np.roll(height, 1, 0) - np.roll(height, -1, 0)) * 0.5 * n
    out = np.stack([-dx * strength, -dy * strength, np.ones_like(height)], -1)
    return out / np.linalg.norm(out, axis=-1, keepdims=True) * 0.5 + 0.5
