"""The imperial stele of 1709 on the east bank: reddish stone with a black inset (fx361). Size and setting are conjecture."""

import numpy as np

from .mesh import box

EAST_M, NORTH_M = 64.0, -11.4
WIDE_M, HIGH_M, THICK_M = 1.25, 2.55, 0.26


def build(model):
    """Stele, pedestal and the low kerb around; no lettering, as none is documented well enough to cut."""
    red = model.part("redstone", source="fx361")
    stone = model.part("stone", source="fx361")
    x, y = EAST_M, NORTH_M
    box(stone, (x - 1.75, y - 1.3, -0.1), (x + 1.75, y + 1.3, 0.16), "b", (0.8, 0.79, 0.77))
    box(stone, (x - 1.05, y - 0.6, 0.16), (x + 1.05, y + 0.6, 0.34), "b", (0.84, 0.83, 0.8), taper=(0.05, 0.05))
    box(red, (x - 0.85, y - 0.36, 0.34), (x + 0.85, y + 0.36, 0.78), "b", (0.86, 0.84, 0.82), taper=(0.07, 0.06))
    base = 0.78
    _slab(red, x, y, base)
    # The inset faces the road, a finger's breadth proud of the red face.
    face = y + THICK_M / 2 + 0.012
    red.poly([(x + 0.44, face, base + 0.3), (x - 0.44, face, base + 0.3), (x - 0.44, face, base + 1.82), (x + 0.44, face, base + 1.82)],
              (0.13, 0.155, 0.17))
    for a, b in (((-0.5, 0.24), (0.5, 0.3)), ((-0.5, 1.82), (0.5, 1.88)), ((-0.5, 0.3), (-0.44, 1.82)), ((0.44, 0.3), (0.5, 1.82))):
        box(red, (x + a[0], y + THICK_M / 2 - 0.02, base + a[1]), (x + b[0], y + THICK_M / 2 + 0.03, base + b[1]), "s", (0.8, 0.78, 0.76))
    # A low kerb with corner posts keeps feet off.
    for sx in (-1, 1):
        for sy in (-1, 1):
            box(stone, (x + sx * 1.9 - 0.12, y + sy * 1.5 - 0.12, -0.1), (x + sx * 1.9 + 0.12, y + sy * 1.5 + 0.12, 0.72), "b", (0.8, 0.79, 0.76), taper=(0.03, 0.03))
    for sx in (-1, 1):
        box(stone, (x + sx * 1.9 - 0.07, y - 1.4, -0.1), (x + sx * 1.9 + 0.07, y + 1.4, 0.42), "b", (0.82, 0.81, 0.78))
    box(stone, (x - 1.8, y - 1.57, -0.1), (x + 1.8, y - 1.43, 0.42), "b", (0.82, 0.81, 0.78))


def _slab(red, x, y, base):
    """An upright slab with a shouldered round head."""
    w, h = WIDE_M / 2, HIGH_M
    turn = np.linspace(0, np.pi, 13)
    outline = [(-w, 0.0), (w, 0.0), (w, h - 0.5)]
    outline += [(w * np.cos(a), h - 0.5 + 0.5 * np.sin(a)) for a in turn[1:-1]]
    outline += [(-w, h - 0.5)]
    front = [(x - u, y + THICK_M / 2, base + v) for u, v in outline]
    back = [(x - u, y - THICK_M / 2, base + v) for u, v in outline]
    red.poly(front, (0.95, 0.93, 0.92))
    red.poly(back[::-1], (0.85, 0.83, 0.82))
    for i in range(len(outline)):
        j = (i + 1) % len(outline)
        red.poly([front[j], front[i], back[i], back[j]], (0.88, 0.86, 0.85))
