"""Changes in how calls behave although names and types stayed: bounds, closed sets, rules, repeating, masking.

They are read from the specification in each release, `generated/openapi.json`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ...codegen.document import Document, Node, Operation
from .changes import Change
from .rules import BETWEEN_ARGUMENTS, BOUNDS, REFUSALS, compare_facets, twin_bounds
from .signatures import Role

Behaviour = dict[str, dict[str, Any]]
"""Facts by the keys of `RULES`, for each operation, argument and field by its name in a change."""


def read_behaviour(bundle: Path) -> Behaviour:
    reader = _Reader(bundle)
    for name, schema in reader.document.schemas.items():
        for other, node in schema.get("properties", {}).items():
            reader.mask(f"`{name}.{other}`", reader.document.resolve(node))
            reader.found[f"`{name}.{other}`"]["identity"] = other in schema.get("x-identity", ())
    return reader.found


def roles(*bundles: Path) -> dict[str, Role]:
    """Return whether users write a model or read it, and both if the releases differ in that."""
    found: dict[str, Role] = {}
    for reader in map(_Reader, bundles):
        for name in reader.document.schemas:
            role: Role = "request" if name in reader.written else "answer"
            found[name] = role if found.get(name, role) == role else "both"
    return found


class _Reader:
    def __init__(self, bundle: Path) -> None:
        self.document = Document(json.loads(bundle.read_text(encoding="utf-8")))
        self.found: Behaviour = {}
        self.written = set[str]()
        for operation in self.document.operations:
            self.operation(operation)

    def operation(self, operation: Operation) -> None:
        name, node = f"{operation.tag}.{operation.id.removeprefix(f'{operation.tag}_')}", operation.node
        self.found[f"`{name}`"] = {
            "request": f"{operation.method.upper()} {operation.path}",
            "repeatable": operation.method == "get" or bool(node.get("x-safe")),
            "deprecated": bool(node.get("deprecated")),
        } | {key: node[key] for key in (*BETWEEN_ARGUMENTS, "x-refusal") if key in node}
        for parameter in self.document.parameters(operation):
            if "x-call-option" not in parameter:
                argument = self._name(parameter["name"], parameter)
                self._schema(name, argument, parameter, ())
                self.found[f"`{name}`: `{argument}`"]["wire"] = f"`{parameter['name']}` ({parameter['in']})"
                self._schema(name, argument, parameter["schema"], ())
        self._schema(name, "", operation.body, ())

    @staticmethod
    def _name(name: str, node: Node) -> str:
        return str(node.get("x-python-name", name.removesuffix("[]")))

    def _schema(self, operation: str, name: str, node: Node, above: tuple[int, ...]) -> None:
        self.written |= {self.document.component(node) or ""}
        node = self.document.resolve(node)
        properties = node.get("properties", {})
        if id(properties) in above:  # a schema within itself
            return
        if name:
            facets = self.found.setdefault(f"`{operation}`: `{name}`", {})
            facets |= {key: node[key] for key in (*BOUNDS, *REFUSALS, "default") if key in node}
            if "enum" in node and "x-open-enum" not in node:
                facets["enum"] = [value for value in node["enum"] if value is not None]
            self.mask(f"`{operation}: {name}`", node)
        rules = {f"{key} {name}".strip(): node[key] for key in BETWEEN_ARGUMENTS if key in node}
        self.found[f"`{operation}`"] |= rules
        inner = (*above, id(properties)) if properties else above
        for other, schema in properties.items():
            argument = f"{name}.{self._name(other, schema)}".strip(".")
            self._schema(operation, argument, schema, inner)
            self.found[f"`{operation}`: `{argument}`"]["wire"] = f"`{other}` (body)"
        for branch in (*node.get("allOf", ()), *node.get("anyOf", ()), *node.get("oneOf", ())):
            self._schema(operation, name, branch, inner)
        if isinstance(node.get("items"), dict):
            self._schema(operation, name, node["items"], inner)

    def mask(self, shown: str, node: Node) -> None:
        facets = self.found.setdefault(shown, {"masked": False})
        facets["masked"] |= bool(node.get("x-sensitive"))


def compare_behaviour(old: Behaviour, new: Behaviour) -> list[Change]:
    """Compare only what both releases have: additions and removals are found by name."""
    found: list[Change] = []
    for shown in old.keys() & new.keys():
        before, after = dict(old[shown]), dict(new[shown])
        found += twin_bounds(shown, before, after)
        found += compare_facets(shown, before, after)
    return found
