"""Views of areas, for the templates."""

from __future__ import annotations

from dataclasses import dataclass

from . import text
from .document import Node
from .operations import OperationView
from .types.kinds import FieldType


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

    @property
    def kinds(self) -> list[FieldType]:
        found: list[FieldType] = []
        for operation in self.operations:
            found += [argument.type for argument in operation.arguments]
            found += operation.payload.kinds
        return found

    @property
    def classes(self) -> set[str]:
        walked = {operation.pagination.item for operation in self.operations if operation.pagination}
        return walked | {name for kind in self.kinds for name in kind.classes}

    @property
    def enums(self) -> set[str]:
        found = {name for operation in self.operations for a in operation.arguments for name in a.type.enums}
        return found | {n for o in self.operations if o.payload.model is None for k in o.payload.kinds for n in k.enums}
