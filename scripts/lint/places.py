"""The bundled document as a flat list of places, each with a name that a person finds again in spec/."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

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
        """(where, method, operation, path item)"""
        return [
            (_name_of(method, path, operation), method, operation, item)
            for path, item in _mapping(self.raw.get("paths")).items()
            for method, _, operation, item in Document({"paths": {path: item}}).operations()
        ]

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
        return _mapping(_mapping(self.raw.get("components")).get(section))

    def parameters(self, operation: Node, item: Node) -> list[Node]:
        return [self.resolve(node) for node in [*item.get("parameters", []), *operation.get("parameters", [])]]

    def body(self, operation: Node) -> Node:
        """The schema of the request body."""
        content = _mapping(_mapping(operation.get("requestBody")).get("content"))
        return _mapping(_mapping(content.get("application/json")).get("schema"))


def _name_of(method: str, path: str, operation: Node) -> str:
    return str(operation.get("operationId") or f"{method.upper()} {path}")


def types_of(node: Node) -> set[str]:
    kinds = node.get("type")
    return {str(kind) for kind in (kinds if isinstance(kinds, list) else [kinds]) if kind} - {"null"}


def _mapping(node: Any) -> Node:
    return node if isinstance(node, dict) else {}


def _list(node: Any) -> list[Node]:
    return [item for item in node if isinstance(item, dict)] if isinstance(node, list) else []


def _places(spec: Spec) -> Iterator[Place]:
    raw = spec.raw
    for tag in _list(raw.get("tags")):
        yield Place(f"tag {tag.get('name')}", "tag", str(tag.get("name")), tag, raw)
    for name, scheme in spec.components("securitySchemes").items():
        yield Place(f"security scheme {name}", "scheme", name, scheme, raw)
    seen: set[int] = set()
    for where, _, operation, item in spec.operations:
        yield Place(where, "operation", where, operation, item)
        for node in [*_list(item.get("parameters")), *_list(operation.get("parameters"))]:
            if "$ref" not in node and id(node) not in seen:
                seen.add(id(node))
                yield from _parameter(node, where)
        if body := spec.body(operation):
            yield from _schema(body, where, "body", where, operation, request=True)
        for status, response in _mapping(operation.get("responses")).items():
            if isinstance(response, dict) and "$ref" not in response:
                yield from _response(response, f"{where} {status}")
    for name, item in _mapping(raw.get("webhooks")).items():
        for operation in _mapping(item).values():
            yield Place(f"webhook {name}", "webhook", name, operation, item)
            for status, response in _mapping(operation.get("responses")).items():
                yield from _response(_mapping(response), f"webhook {name} {status}")
    for node in spec.components("parameters").values():
        yield from _parameter(_mapping(node), "parameters")
    for name, node in spec.components("responses").items():
        yield from _response(_mapping(node), f"response {name}")
    for name, node in spec.components("schemas").items():
        yield from _schema(_mapping(node), name, "component", name, raw, request=bool(_mapping(node).get("x-request")))


def _parameter(node: Node, where: str) -> Iterator[Place]:
    name = str(node.get("name"))
    yield Place(f"{where}.{name}", "parameter", name, node, node, request=True)
    if schema := _mapping(node.get("schema")):
        yield from _schema(schema, f"{where}.{name}", "schema", name, node, request=True)


def _response(node: Node, where: str) -> Iterator[Place]:
    yield Place(where, "response", where, node, node)
    for media in _mapping(node.get("content")).values():
        if schema := _mapping(_mapping(media).get("schema")):
            yield from _schema(schema, where, "schema", where, node, request=False)


def _schema(node: Node, where: str, role: str, name: str, parent: Node, *, request: bool) -> Iterator[Place]:
    yield Place(where, role, name, node, parent, request)
    for key, child in _mapping(node.get("properties")).items():
        yield from _schema(_mapping(child), f"{where}.{key}", "property", key, node, request=request)
    for key in ("items", "additionalProperties"):
        if child := _mapping(node.get(key)):
            yield from _schema(child, f"{where}[]", "items", name, node, request=request)
    for key in BRANCHES:
        for child in _list(node.get(key)):
            yield from _schema(child, where, "branch", name, node, request=request)
