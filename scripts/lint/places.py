"""The bundled document as a flat list of places, each with a name that a person can find in spec/."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ..codegen.document import Document, Node, types_of
from ..evidence import Evidence, load

BRANCHES = ("allOf", "anyOf", "oneOf")


def required_of(node: Node) -> list[str]:
    """Return the fields that a schema requires. `true`, which belongs to a body, is reported elsewhere."""
    required = node.get("required")
    return required if isinstance(required, list) else []


@dataclass(frozen=True)
class Place:
    where: str
    role: str
    """tag, scheme, operation, webhook, parameter, response, body, component, property, schema, items or branch."""
    name: str
    node: Node
    parent: Node
    request: bool = False
    """Whether it belongs to a request."""

    @property
    def is_schema(self) -> bool:
        return self.role in {"body", "component", "property", "schema", "items", "branch"}


@dataclass
class Spec(Document):
    folder: Path

    @cached_property
    def evidence(self) -> Evidence:
        return load(self.folder)

    @cached_property
    def places(self) -> list[Place]:
        return list(_places(self))

    @cached_property
    def seen(self) -> list[tuple[Place, Node]]:
        """Each place as house.yaml and extensions.yaml check it: its node by its role, and other facts."""
        return [(place, self._seen(place)) for place in self.places]

    def _seen(self, place: Place) -> Node:
        node = self.resolve(place.node)
        described = place.node if place.role == "property" else place.parent if place.role == "schema" else {}
        found: Node = {place.role: node, "node": node, "name": place.name}
        found["text"] = str(described.get("description", ""))
        found["types"] = sorted(types_of(self.resolve(node.get("schema", node))))
        if place.role == "operation":
            (tag, *_) = node.get("tags") or [""]
            found["verb"] = place.name.removeprefix(f"{tag}_").partition("_")[0]
            found["secured"] = self.secured(node)
        marks = {
            "request": place.request,
            "in_envelope": place.where.partition(".")[0].endswith("Envelope"),
            "needed": place.role == "property" and place.name in required_of(place.parent),
        }
        found |= {mark: True for mark, stands in marks.items() if stands}
        return found | ({"schema": place.node} if place.is_schema else {})

    def of(self, *roles: str) -> Iterator[Place]:
        return (place for place in self.places if place.role in roles)

    def located(self, line: str) -> str:
        """Return the line with the file of spec/ that it is about in front."""
        if (self.folder / line.partition(":")[0]).is_file():
            return f"spec/{line}"
        named = re.match(r"(?:response |webhook |parameters\.)?([^.: ]*)", line)
        name = named[1] if named else ""
        owner = next((one.path for one in self.operations if one.id == name), name)
        if owner in self.files:
            return f"{self.files[owner]}: {line}"
        return super().located(line)


def _places(spec: Spec) -> Iterator[Place]:
    """Iterate over the places. scripts/shapes.yaml has checked the shape of each node before."""
    raw = spec.raw
    for tag in raw.get("tags", []):
        yield Place(f"tag {tag['name']}", "tag", tag["name"], tag, raw)
    for name, scheme in spec.components("securitySchemes").items():
        yield Place(f"security scheme {name}", "scheme", name, scheme, raw)
    seen: set[int] = set()
    for operation in spec.operations:
        where = operation.id
        yield Place(where, "operation", where, operation.node, operation.item)
        for node in operation.parameters:
            if "$ref" not in node and id(node) not in seen:
                seen.add(id(node))
                yield from _parameter(node, where)
        if operation.body:
            yield from _schema(operation.body, where, "body", where, operation.node, request=True)
        yield from _answers(operation.node, where)
    for webhook in Document({"paths": raw.get("webhooks", {})}).operations:
        where = f"webhook {webhook.path}"
        yield Place(where, "webhook", webhook.path, webhook.node, webhook.item)
        yield from _answers(webhook.node, where)
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
