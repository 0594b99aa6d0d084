"""Rules about one node at a time, which a JSON Schema says: house.yaml."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from ..shapes import misfits
from .places import Spec

HOUSE: Final = Path(__file__).with_suffix(".yaml")


def house(spec: Spec) -> Iterator[str]:
    """Each node is described, named and formed as its role asks for."""
    for place in spec.places:
        node = spec.resolve(place.node)
        roles = {place.role: node} | ({"schema": place.node} if place.is_schema else {})
        yield from (f"{place.where}: {fault}" for _, fault in misfits(HOUSE, roles))
