"""Makes what Luding Bridge looks like: `python3 assets/workshop/build_models.py [models|textures]`. Needs bpy 5.0.1, numpy, Pillow."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT, SITE = HERE.parents[1], HERE.parent / "sites" / "luding"
sys.path.insert(0, str(HERE))

from models.digest import record  # noqa: E402


def models():
    """Build every GLB; returns what was written."""
    from models import build

    folder = SITE / "models"
    folder.mkdir(parents=True, exist_ok=True)
    report = build.write(folder)
    print(f"{sum(t for _, t, _ in report)} triangles, {sum(n for _, _, n in report)} draws")
    return sorted(folder.glob("*.glb"))


def textures():
    """Build every texture; returns what was written."""
    from textures import build

    folder = SITE / "textures"
    folder.mkdir(parents=True, exist_ok=True)
    made = build.write(folder)
    print(f"{sum(p.stat().st_size for p in made)} bytes in {len(made)} textures")
    return sorted(made)


def main():
    """Build the sections named, or all, and record what each was made from."""
    for section in sys.argv[1:] or ["models", "textures"]:
        made = {"models": models, "textures": textures}[section]()
        # What bpy, numpy and Pillow make depends on their versions.
        scripts = [Path(__file__).resolve(), HERE / "requirements.txt", HERE / "models" / "digest.py", *(HERE / section).glob("*.py")]
        record(SITE / "built.toml", section, set(scripts), made, ROOT, SITE)


if __name__ == "__main__":
    main()
