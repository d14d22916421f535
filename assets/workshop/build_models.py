"""Makes the models of Luding Bridge: `python3 assets/workshop/build_models.py`. Needs bpy 5.0.1 for ray casting."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from models import build, digest  # noqa: E402

SITE = HERE.parent / "sites" / "luding"


def main():
    """Build every GLB and record what it was made from."""
    folder = SITE / "models"
    folder.mkdir(parents=True, exist_ok=True)
    report = build.write(folder)
    scripts = [Path(__file__).resolve(), *sorted((HERE / "models").glob("*.py"))]
    digest.record(SITE / "built.toml", "models", scripts, sorted(folder.glob("*.glb")), HERE.parent.parent, SITE)
    print(f"{sum(t for _, t, _ in report)} triangles, {sum(n for _, _, n in report)} draws")


if __name__ == "__main__":
    main()
