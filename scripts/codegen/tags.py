"""The view of an area of the API: its operations, and what they need from other modules."""

from __future__ import annotations

from dataclasses import dataclass

from . import text
from .document import Document, GenerateError, Node
from .kinds import Kind
from .operations import OperationView

__all__ = ["TagView", "tag_views"]


@dataclass(frozen=True)
class TagView:
    name: str
    node: Node
    operations: list[OperationView]

    @property
    def class_name(self) -> str:
        return "".join(part.capitalize() for part in self.name.split("_")) + "Api"

    @property
    def doc(self) -> str:
        return text.block(text.paragraphs(f"{self.node.get('x-name-ko', '')}: {self.node.get('description', '')}"))

    @property
    def kinds(self) -> list[Kind]:
        found: list[Kind] = []
        for operation in self.operations:
            found += [argument.kind for argument in operation.arguments]
            found += operation.payload.kinds
        return found

    @property
    def classes(self) -> set[str]:
        walked = {operation.walk.item for operation in self.operations if operation.walk}
        return walked | {name for kind in self.kinds for name in kind.classes}

    @property
    def enums(self) -> set[str]:
        return {name for operation in self.operations for a in operation.arguments for name in a.kind.enums}


def tag_views(document: Document) -> list[TagView]:
    operations = [OperationView(document, *found) for found in document.operations()]
    for operation in operations:
        if not operation.id.startswith(f"{operation.tag}_"):
            raise GenerateError(f"{operation.id}: the id must begin with its tag, {operation.tag}_")
    declared = [tag["name"] for tag in document.tags]
    unknown = sorted({o.tag for o in operations} - set(declared))
    if unknown:
        raise GenerateError(f"tags that openapi.yaml does not declare: {', '.join(unknown)}")
    by_tag: dict[str, list[OperationView]] = {name: [] for name in declared}
    for operation in operations:
        by_tag[operation.tag].append(operation)
    return [TagView(tag["name"], tag, by_tag[tag["name"]]) for tag in document.tags]
