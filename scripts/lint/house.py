"""Rules about one place at a time, which a JSON Schema says: house.yaml."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from ..shapes import misfits
from .places import Spec

HOUSE: Final = Path(__file__).with_suffix(".yaml")


def house(spec: Spec) -> Iterator[str]:
    """Each node is described, named, marked and formed as its role and its name ask for."""
    for place, seen in spec.seen:
        yield from (f"{place.where}: {fault}" for _, fault in misfits(HOUSE, seen))
