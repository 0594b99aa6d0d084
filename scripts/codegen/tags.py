"""Views of areas, for the templates."""

from __future__ import annotations

from dataclasses import dataclass

from . import text
from .document import Node
from .operations import OperationView


@dataclass(frozen=True)
class TagView:
    """An area of the API."""

    name: str
    node: Node
    operations: list[OperationView]

    @property
    def class_name(self) -> str:
        return "".join(part.capitalize() for part in self.name.split("_")) + "Api"

    @property
    def doc(self) -> str:
        return text.block(text.named(self.node.get("x-name-ko", ""), self.node.get("description", "")))
