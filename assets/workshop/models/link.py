"""One hand-forged link at three levels of detail; the scene lays thirteen chains of it along the parabola."""

import math

import numpy as np

from .measures import BAR_M, PITCH_M
from .mesh import Model
from .sweep import tube

# Inside length equals the pitch (each link hangs in the next), so the bar's middle runs half a bar further out at each end.
LENGTH_M = PITCH_M + BAR_M
WIDTH_M = 0.058
# Bends and sides of the bar: 96, 40 and 12 triangles.
LEVELS = ((8, 6), (5, 4), (2, 3))


def _oval(points):
    """The bar's middle line: two straight flanks and two bends, long axis along east."""
    half = LENGTH_M / 2 - WIDTH_M / 2
    radius = WIDTH_M / 2
    line = []
    per_end = points // 2
    for end in (1, -1):
        for k in range(per_end):
            a = -math.pi / 2 + math.pi * (k + (0.5 if per_end == 1 else 0)) / max(1, per_end - 1 if per_end > 1 else 1)
            x, y = half + radius * math.cos(a), radius * math.sin(a)
            line.append((end * x, end * y, 0.0))
    return np.array(line)


def level(number):
    """A model with the one link of this level, centred on the origin, its oval lying flat."""
    bends, sides = LEVELS[number]
    model = Model(f"link-{number}")
    part = model.part("iron", "attested", "qntrip")
    if number == 2:
        _bar(part)
    elif number == 1:
        tube(part, _oval(4), BAR_M / 2, 5, (0.8, 0.78, 0.76), closed=True)
    else:
        tube(part, _oval(bends), BAR_M / 2, sides, (0.8, 0.78, 0.76), closed=True)
    return model


def _bar(part):
    """Far off a link is two crossed lozenges' worth of iron: a six-sided spindle, flat and wide."""
    half, w, t = LENGTH_M / 2 + BAR_M / 2, WIDTH_M / 2 + BAR_M / 2, BAR_M / 2
    ring = [(0.35, 1.0, 0.0), (0.35, 0.0, 1.0), (0.35, -1.0, 0.0), (0.35, 0.0, -1.0)]
    east = np.array([(half * 0.55 * x / 0.35, w * y, t * z) for x, y, z in ring])
    west = east * (-1, 1, 1)
    for i in range(4):
        j = (i + 1) % 4
        part.poly([east[i], east[j], west[j], west[i]][::-1], (0.8, 0.78, 0.76))
    part.poly(east, (0.8, 0.78, 0.76))
    part.poly(west[::-1], (0.8, 0.78, 0.76))
