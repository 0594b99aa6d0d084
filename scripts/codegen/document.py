"""The bundled document with the look-ups that the views need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

__all__ = ["METHODS", "Document", "GenerateError", "Node"]

Node = dict[str, Any]

METHODS = ("get", "post", "put", "delete", "patch", "head", "options", "trace")


class GenerateError(Exception):
    """Generation stops here; the message is one line that says where and why."""


@dataclass(frozen=True)
class Document:
    raw: Node

    @property
    def tags(self) -> list[Node]:
        return list(self.raw.get("tags", []))

    @property
    def schemas(self) -> Node:
        schemas: Node = self.raw.get("components", {}).get("schemas", {})
        return schemas

    def operations(self) -> Iterator[tuple[str, str, Node, Node]]:
        """Every operation as (method, path, operation, path item), in the document's order."""
        for path, item in self.raw.get("paths", {}).items():
            for method in METHODS:
                if method in item:
                    yield method, path, item[method], item

    def resolve(self, node: Node) -> Node:
        """The node itself, or what its `$ref` points at with the keys beside the `$ref` laid over it."""
        reference = node.get("$ref")
        if reference is None:
            return node
        target: Any = self.raw
        for step in reference.removeprefix("#/").split("/"):
            if not isinstance(target, dict) or step not in target:
                raise GenerateError(f"{reference}: nothing stands there")
            target = target[step]
        beside = {key: value for key, value in node.items() if key != "$ref"}
        return {**self.resolve(target), **beside}

    @staticmethod
    def component(node: Node) -> str | None:
        """The name of the component that a `$ref` points at."""
        reference = node.get("$ref")
        return reference.rsplit("/", 1)[-1] if isinstance(reference, str) else None
