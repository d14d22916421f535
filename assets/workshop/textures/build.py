"""Which sheets are made, how large and how hard they are pressed."""

from PIL import Image
import numpy as np

from . import built, grown
from .patterns import Sheet, normals

MASTER = 1024
# Maker, base size, base quality, normal size, normal quality; a normal size of zero means none.
SETS = {
    "stone": (built.stone, 512, 72, 512, 45), "rock": (grown.land, 512, 72, 512, 45), "timber": (built.timber, 512, 72, 256, 55),
    "tile": (built.tile, 512, 72, 512, 55), "plaster": (built.plaster, 512, 65, 0, 0), "redstone": (built.redstone, 256, 70, 0, 0), "iron": (built.iron, 256, 70, 0, 0),
    "foliage": (grown.foliage, 256, 65, 0, 0),
}


def _save(path, values, size, quality):
    image = Image.fromarray((np.clip(values, 0, 1) * 255 + 0.5).astype(np.uint8))
    image.resize((size, size), Image.Resampling.BOX).save(path, quality=quality, alpha_quality=quality - 35, method=6)
    return path


def write(folder, only=None):
    """Make all sheets."""
    sheet, made = Sheet(MASTER), []
    for name, (maker, base_size, base_quality, normal_size, normal_quality) in SETS.items():
        if only and name not in only:
            continue
        base, height, strength = maker(sheet)
        made.append(_save(folder / f"{name}_base.webp", base, base_size, base_quality))
        if normal_size:
            made.append(_save(folder / f"{name}_normal.webp", normals(height, strength), normal_size, normal_quality))
    return made
