"""Digests of what a script read and wrote, kept by section in a site's built.toml.

Each script rewrites its own section and leaves the others as they are.
"""

import fcntl
import hashlib
import tomllib
from pathlib import Path

WORKSHOP = Path(__file__).resolve().parent
REPOSITORY = WORKSHOP.parent.parent


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal; empty where there is no file."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def named(path: Path, site: Path) -> str:
    """How built.toml names a file: from the site folder, or from the repository where it lies outside."""
    base = site if path.is_relative_to(site) else REPOSITORY
    return path.relative_to(base).as_posix()


def recorded(site: Path, section: str) -> dict[str, dict[str, str]]:
    """The `input` and `output` digests of a section, empty where nothing is recorded yet."""
    built = site / "built.toml"
    table = tomllib.loads(built.read_text("utf-8")).get(section, {}) if built.is_file() else {}
    return {"input": table.get("input", {}), "output": table.get("output", {})}


def record(site: Path, section: str, inputs: list[Path], outputs: list[Path]) -> None:
    """Writes one section anew: what was read, what was written, with their digests as they are now."""
    lines = [f"[{section}]"]
    for kind, paths in (("input", inputs), ("output", outputs)):
        lines += [f'{kind}."{named(path, site)}" = "{digest(path)}"' for path in sorted(set(paths))]
    built = site / "built.toml"
    with built.open("a+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        kept = without(file.read(), section).rstrip("\n")
        file.seek(0)
        file.truncate()
        file.write((kept + "\n\n" if kept else "") + "\n".join(lines) + "\n")


def without(text: str, section: str) -> str:
    """The text of a built.toml without one section, with everything else as it stands."""
    kept, inside = [], False
    for line in text.splitlines(keepends=True):
        if line.startswith("["):
            name = line.strip().strip("[]")
            inside = name == section or name.startswith(section + ".")
        if not inside:
            kept.append(line)
    return "".join(kept)
