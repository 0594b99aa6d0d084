"""The bundled document as a flat list of places, each with a name that a person finds again in spec/."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ..codegen.document import Document, Node
from ..evidence import Evidence, load

BRANCHES = ("allOf", "anyOf", "oneOf")


@dataclass(frozen=True)
class Place:
    where: str
    role: str
    """tag, scheme, operation, webhook, parameter, response, body, component, property, schema, items or branch."""
    name: str
    node: Node
    parent: Node
    request: bool = False
    """It belongs to what a caller sends."""

    @property
    def is_schema(self) -> bool:
        return self.role in {"body", "component", "property", "schema", "items", "branch"}

    @property
    def in_envelope(self) -> bool:
        return self.where.partition(".")[0].endswith("Envelope")


@dataclass(frozen=True)
class Spec:
    raw: Node
    folder: Path

    @cached_property
    def document(self) -> Document:
        return Document(self.raw)

    @cached_property
    def evidence(self) -> Evidence:
        return load(self.folder)

    @cached_property
    def places(self) -> list[Place]:
        return list(_places(self))

    def of(self, *roles: str) -> Iterator[Place]:
        return (place for place in self.places if place.role in roles)

    @cached_property
    def operations(self) -> list[tuple[str, str, Node, Node]]:
        """(operationId, method, operation, path item)"""
        return [(node["operationId"], method, node, item) for method, _, node, item in self.document.operations()]

    def located(self, line: str) -> str:
        """The line with the file of spec/ that it is about before it."""
        document = Document(self.raw, self.folder)
        name = re.split(r"[.: ]", line, maxsplit=1)[0]
        owner = next((path for path, item in document.paths_of() if item.get("operationId") == name), name)
        if owner in document.files:
            return f"{document.files[owner]}: {line}"
        return f"spec/{line}" if (self.folder / line.partition(":")[0]).is_file() else line

    def resolve(self, node: Node) -> Node:
        return self.document.resolve(node)

    def components(self, section: str) -> Node:
        found: Node = self.raw.get("components", {}).get(section, {})
        return found

    def parameters(self, operation: Node, item: Node) -> list[Node]:
        return [self.resolve(node) for node in [*item.get("parameters", []), *operation.get("parameters", [])]]

    def body(self, operation: Node) -> Node:
        """The schema of the request body."""
        content = operation.get("requestBody", {}).get("content", {})
        found: Node = content.get("application/json", {}).get("schema", {})
        return found


def types_of(node: Node) -> set[str]:
    kinds = node.get("type", [])
    return {*(kinds if isinstance(kinds, list) else [kinds])} - {"null"}


def _places(spec: Spec) -> Iterator[Place]:
    """The shape of each node is held by scripts/shapes.yaml before."""
    raw = spec.raw
    for tag in raw.get("tags", []):
        yield Place(f"tag {tag['name']}", "tag", tag["name"], tag, raw)
    for name, scheme in spec.components("securitySchemes").items():
        yield Place(f"security scheme {name}", "scheme", name, scheme, raw)
    seen: set[int] = set()
    for where, _, operation, item in spec.operations:
        yield Place(where, "operation", where, operation, item)
        for node in [*item.get("parameters", []), *operation.get("parameters", [])]:
            if "$ref" not in node and id(node) not in seen:
                seen.add(id(node))
                yield from _parameter(node, where)
        if body := spec.body(operation):
            yield from _schema(body, where, "body", where, operation, request=True)
        yield from _answers(operation, where)
    for name, item in raw.get("webhooks", {}).items():
        for _, _, operation, _ in Document({"paths": {name: item}}).operations():
            yield Place(f"webhook {name}", "webhook", name, operation, item)
            yield from _answers(operation, f"webhook {name}")
    for node in spec.components("parameters").values():
        yield from _parameter(node, "parameters")
    for name, node in spec.components("responses").items():
        yield from _answer(node, f"response {name}")
    for name, node in spec.components("schemas").items():
        yield from _schema(node, name, "component", name, raw, request=bool(node.get("x-request")))


def _parameter(node: Node, where: str) -> Iterator[Place]:
    name = node["name"]
    yield Place(f"{where}.{name}", "parameter", name, node, node, request=True)
    yield from _schema(node["schema"], f"{where}.{name}", "schema", name, node, request=True)


def _answers(operation: Node, where: str) -> Iterator[Place]:
    for status, answer in operation.get("responses", {}).items():
        if "$ref" not in answer:
            yield from _answer(answer, f"{where} {status}")


def _answer(node: Node, where: str) -> Iterator[Place]:
    yield Place(where, "response", where, node, node)
    for media in node.get("content", {}).values():
        if "schema" in media:
            yield from _schema(media["schema"], where, "schema", where, node, request=False)


def _schema(node: Node, where: str, role: str, name: str, parent: Node, *, request: bool) -> Iterator[Place]:
    yield Place(where, role, name, node, parent, request)
    for key, child in node.get("properties", {}).items():
        yield from _schema(child, f"{where}.{key}", "property", key, node, request=request)
    for key in ("items", "additionalProperties"):
        if isinstance(child := node.get(key), dict):
            yield from _schema(child, f"{where}[]", "items", name, node, request=request)
    for key in BRANCHES:
        for child in node.get(key, []):
            yield from _schema(child, where, "branch", name, node, request=request)
