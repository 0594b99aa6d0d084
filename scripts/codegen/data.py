"""Write PG profiles and code tables below generated/, as JSON that is read when it is asked for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..evidence import load

__all__ = ["write_data"]


def write_data(spec: Path, package: Path) -> None:
    """`data/pg/<pg>.json` and `data/codes.json` of the package, where `spec` has something to say."""
    evidence = load(spec)
    for name, profile in evidence.profiles.items():
        _write(package / "data" / "pg" / f"{name}.json", {key: profile[key] for key in profile if key != "unknown"})
    if evidence.codes:
        _write(package / "data" / "codes.json", evidence.codes)


def _write(path: Path, node: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(node, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
