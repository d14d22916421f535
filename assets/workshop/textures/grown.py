"""What grew or lay there: rock, grass, gravel, leaves, and the river's skin."""

import numpy as np

from .patterns import by_number, colour, mix, shaded, smooth


def rock(s):
    """Weathered gneiss in slanting beds with steep joints, 9 m a sheet."""
    wu, wv = s.fbm(4, 4, 61, 5, 0.55) * 0.10, s.fbm(4, 4, 67, 5, 0.55) * 0.10
    u, v = s.u + wu, s.v + wv
    bed = s.fbm(2, 17, 33, 6, 0.6, u=u, v=v)
    steps = np.floor((bed + 1.2) * 7) / 7
    ledge = (bed + 1.2) * 7 - np.floor((bed + 1.2) * 7)
    joint = s.fbm(9, 3, 3, 4, 0.55, u=u, v=v, ridged=True)
    crack = smooth(0.72, 0.92, joint) * smooth(-0.2, 0.3, s.fbm(3, 3, 83, 3))
    ridge, grit = s.fbm(6, 7, 21, 7, 0.6, ridged=True), s.fbm(70, 70, 25, 3, 0.65)
    height = steps * 0.05 + smooth(0, 0.5, ledge) * 0.012 + ridge * 0.035 - crack * 0.012 + grit * 0.003
    tone = np.clip(0.45 + (steps - 1.2) * 0.55 + ridge * 0.34 + grit * 0.16, 0, 1)
    base = mix(colour("6c6861"), colour("b3ada2"), tone)
    base = mix(base, colour("96836a"), smooth(0.08, 0.5, s.fbm(4, 5, 71, 5, 0.55)) * 0.5)
    base = mix(base, colour("6f7262"), smooth(0.14, 0.5, s.fbm(7, 7, 77, 6, 0.6)) * 0.5)
    base = base * (1 - 0.3 * crack)[..., None]
    return shaded(base, height, 7, 0.02), height, 1.0


def grass(s):
    """Short dry-valley grass and bare soil, 5 m a sheet."""
    tuft, blade, cross = s.fbm(9, 9, 2, 5, 0.6), s.fbm(80, 40, 5, 3, 0.7), s.fbm(40, 80, 6, 3, 0.7)
    bare = smooth(0.12, 0.42, s.fbm(6, 6, 41, 5, 0.6))
    base = mix(colour("87866f"), colour("b0ad92"), np.clip(0.5 + tuft * 0.6 + blade * 0.5, 0, 1))
    base = mix(base, colour("aea48f"), bare * 0.75)
    height = tuft * 0.02 + np.maximum(blade, cross) * 0.016 * (1 - 0.6 * bare)
    return shaded(base * (1 + 0.28 * cross[..., None]), height, 14), height, 1.0


def ground(s):
    """Trodden earth with gravel, 3.2 m a sheet."""
    f1, _, number = s.cells(46, 46, 6, 0.95)
    g1, _, small = s.cells(90, 90, 16, 0.95)
    earth, patch = s.fbm(12, 12, 3, 5, 0.6), s.fbm(3, 3, 9, 4)
    share = smooth(-0.25, 0.35, patch + earth * 0.5)
    pebble = smooth(0.55, 0.25, f1) * (by_number(number, 2) < 0.2 + 0.5 * share)
    grit = smooth(0.5, 0.2, g1) * (by_number(small, 3) < 0.35 + 0.3 * share)
    base = mix(colour("8d8069"), colour("a99c84"), np.clip(0.5 + earth * 0.8, 0, 1))
    base = mix(base, mix(colour("86827a"), colour("b5b0a5"), by_number(small, 5)), grit * 0.7)
    base = mix(base, mix(colour("878176"), colour("b3ab9b"), by_number(number, 7)), pebble * 0.75)
    height = pebble * 0.018 + grit * 0.008 + earth * 0.01
    return shaded(base, height, 28), height, 1.2


def foliage(s):
    """Leaves seen as a mass, light over dark, 1.6 m a sheet."""
    layers = []
    for across, up, seed, share in ((34, 22, 5, 0.8), (23, 37, 8, 0.7), (44, 44, 19, 0.6)):
        wu, wv = s.fbm(9, 9, seed + 40, 3) * 0.03, s.fbm(9, 9, seed + 50, 3) * 0.03
        first, _, number = s.cells(across, up, seed, 0.95, s.u + wu, s.v + wv)
        layers.append((smooth(0.6, 0.25, first) * (by_number(number, 4) < share), by_number(number, 2)))
    deep = smooth(-0.4, 0.35, s.fbm(5, 5, 12, 5, 0.6))
    base = np.broadcast_to(colour("454f34"), (*deep.shape, 3))
    for leaf, tone in layers:
        lit = mix(colour("6d7a4c"), colour("a7ad7b"), np.clip(tone * 0.6 + deep * 0.45, 0, 1))
        base = mix(base, lit, leaf * (0.35 + 0.65 * deep))
    return base, layers[0][0] * 0.02, 1.0


def water(s):
    """Broken water: long folds with smaller ones across; only the normals are used."""
    wu, wv = s.fbm(3, 3, 5, 3) * 0.05, s.fbm(3, 3, 6, 3) * 0.05
    height = s.fbm(4, 7, 3, 6, 0.55, u=s.u + wu, v=s.v + wv) * 0.5 - np.abs(s.fbm(7, 11, 8, 5, 0.55, u=s.u + wu, v=s.v + wv)) * 0.4
    return None, height * 0.03, 1.6
