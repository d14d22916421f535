"""Digests of what was read and what was made, so that a stale output can be told; one section each for every maker."""

import hashlib
import re


def _sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def record(file, section, scripts, outputs, root, site):
    """Rewrite `[section]` of `file`, leaving all others as they are."""
    lines = [f"[{section}]"]
    lines += [f'script."{p.relative_to(root).as_posix()}" = "{_sha256(p)}"' for p in sorted(scripts)]
    lines += [f'output."{p.relative_to(site).as_posix()}" = "{_sha256(p)}"' for p in sorted(outputs)]
    old = file.read_text(encoding="utf-8") if file.exists() else ""
    parts = [s.strip() for s in re.split(r"(?m)^(?=\[)", old) if s.strip()]
    kept = [s for s in parts if not s.startswith(f"[{section}]")]
    file.write_text("\n\n".join(sorted([*kept, "\n".join(lines)])) + "\n", encoding="utf-8")
