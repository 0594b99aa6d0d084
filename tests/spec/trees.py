"""A copy of the small specification under tests/templates/mini/, to be spoiled."""

from __future__ import annotations

import json
import shutil
from functools import cached_property
from pathlib import Path
from typing import Any

from scripts.bundle import bundle
from scripts.lint.places import Spec

__all__ = ["MINI", "ROOT", "Node", "Tree"]

Node = dict[str, Any]

ROOT = Path(__file__).resolve().parents[2]
MINI = ROOT / "tests" / "templates" / "mini"


class Tree:
    """Files are changed first, then, if need be, the document that they make."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(MINI, folder)

    @cached_property
    def raw(self) -> Node:
        return bundle(self.folder)

    @property
    def spec(self) -> Spec:
        return Spec(self.raw, self.folder)

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def edit(self, name: str, old: str, new: str) -> None:
        text = (self.folder / name).read_text(encoding="utf-8")
        assert old in text, f"{name} does not hold {old!r}"
        self.write(name, text.replace(old, new, 1))

    def remove(self, name: str) -> None:
        (self.folder / name).unlink()

    def example(self, name: str) -> Node:
        node: Node = json.loads((self.folder / "examples" / f"{name}.json").read_text(encoding="utf-8"))
        return node

    def write_example(self, name: str, example: Node) -> None:
        self.write(f"examples/{name}.json", json.dumps(example, ensure_ascii=False))

    def operation(self, name: str) -> Node:
        for item in self.raw["paths"].values():
            for node in item.values():
                if isinstance(node, dict) and node.get("operationId") == name:
                    return node
        raise LookupError(name)

    def body(self, name: str) -> Node:
        schema: Node = self.operation(name)["requestBody"]["content"]["application/json"]["schema"]
        return schema

    def parameter(self, operation: str, name: str) -> Node:
        found: Node = next(node for node in self.operation(operation)["parameters"] if node.get("name") == name)
        return found

    def schema(self, name: str) -> Node:
        schema: Node = self.raw["components"]["schemas"][name]
        return schema

    def field(self, name: str) -> Node:
        """Return a field by a name such as `Order.amount`."""
        schema, _, field = name.partition(".")
        node: Node = self.schema(schema)["properties"][field]
        return node
