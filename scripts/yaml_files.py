"""YAML of this project: spec/, and the tables beside the modules that read them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml


def load_yaml(path: Path) -> Any:
    """None where there is no such file."""
    return yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader) if path.exists() else None


def beside(module: str, name: str = "") -> Any:
    """The table with the name of a module (`__file__`), or another one in its folder."""
    path = Path(module)
    return load_yaml(path.with_name(name) if name else path.with_suffix(".yaml"))
