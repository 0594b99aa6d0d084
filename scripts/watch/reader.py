"""The walk over an API document that yields its facts: the vendor's Swagger 2.0, or our OpenAPI 3.1 in its shape."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from ..codegen.document import METHODS
from ..steps import StepError
from .facts import BOUNDS, Fact, Facts, empty

Node = dict[str, Any]
SENTENCE = re.compile(r"[^\x21-\x7e]")  # a blank or a letter beyond ASCII marks a text, not a value


def mapping(value: Any, where: str) -> Node:
    if not isinstance(value, dict):
        raise StepError(f"{where}: an object is expected here, not {type(value).__name__}")
    return value


def name_of(reference: Any) -> str:
    return str(reference).rsplit("/", 1)[-1]


SAMPLE = "(sample)"


def shown(value: Any) -> Any:
    """Return a value as the document has it, or a placeholder if it is a text or a whole sample."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return SAMPLE if len(text) > 40 or SENTENCE.search(text) else value


def _types(node: Node) -> list[str]:
    kind = node.get("type", [])
    return [str(one) for one in kind] if isinstance(kind, list) else [str(kind)]


def _choices(node: Node) -> list[Node]:
    return [] if "properties" in node else node.get("anyOf") or node.get("oneOf") or []


class Reader:
    def __init__(self) -> None:
        self.facts: Facts = empty()

    def marks(self, node: Node) -> Fact:  # noqa: ARG002, for those who know marks
        """Return the facts in the extensions at a node: PG lists, rules, texts."""
        return {}

    def whole(self, node: Node) -> Node:
        """Return the node with its reference resolved, unless that is to a definition."""
        return node

    def type_of(self, node: Node, place: str) -> str:
        parts: list[str] = []
        node = self.whole(node)
        if "$ref" in node:
            parts.append(name_of(node["$ref"]))
        elif choices := _choices(node):
            parts.append(" or ".join(filter(None, (self.type_of(one, place) for one in choices))))
        elif "properties" in node or "allOf" in node:
            self.definition(node, place, inline=True)
            parts.append(place)
        elif "array" in _types(node) and "items" in node:
            items = node["items"]
            inner = self.type_of(items, f"{place}[]") if isinstance(items, dict) else json.dumps(items)
            parts.append(f"array of {inner}")
        else:
            parts += filter(None, [" or ".join(kind for kind in _types(node) if kind != "null")])
        if isinstance(node.get("schema"), dict):
            parts.append(self.type_of(node["schema"], place))
        return " + ".join(parts)

    def parts(self, node: Node) -> Iterator[tuple[str, Node]]:
        """Iterate over the node itself, the branches of a choice, and items, whose bounds are named `items.…`."""
        node = self.whole(node)
        yield "", node
        for branch in _choices(node):
            yield from self.parts(branch)
        if isinstance(node.get("items"), dict):
            yield from (("items.", part) for _, part in self.parts(node["items"]))

    def fact(self, node: Node, place: str, *, required: bool) -> Fact:
        """Return the facts of one parameter or field."""
        fact: Fact = {"type": self.type_of(node, place)}
        if required:
            fact["required"] = True
        for prefix, part in self.parts(node):
            values = part.get("enum") or part.get("x-portone-enum") or part.get("x-open-enum")
            if values and "values" not in fact:
                fact["values"] = sorted((value for value in values if value is not None), key=str)
            for bound in BOUNDS:
                if bound in part:
                    fact.setdefault("bounds", {}).setdefault(prefix + bound, part[bound])
            if not prefix and "null" in _types(part):
                fact["null"] = True
            if not prefix and "format" in part:
                fact.setdefault("format", part["format"])
        node = self.whole(node)
        if "default" in node:
            fact["default"] = shown(node["default"])
        if node.get("deprecated"):
            fact["deprecated"] = True
        return fact | self.marks(node)

    def definition(self, node: Node, name: str, *, inline: bool = False) -> None:
        found: Fact = {"fields": {}}
        self.facts["definitions"][name] = found  # taken before the walk: a schema may refer to itself
        required: set[str] = set()
        parts = [mapping(part, name) for part in (node, *(node.get("allOf") or ()))]
        for part in parts:
            if "$ref" in part:
                found.setdefault("extends", []).append(name_of(part["$ref"]))
            required.update(str(field) for field in part.get("required") or () if part.get("required") is not True)
        for part in parts:
            for field, schema in mapping(part.get("properties") or {}, name).items():
                place = f"{name}.{field}"
                found["fields"][field] = self.fact(mapping(schema, place), place, required=field in required)
        if ghosts := sorted(required - set(found["fields"])):
            found["ghosts"] = ghosts
        if not inline:  # an inline object's PG marks are the field's, which carries them already
            found |= self.marks(node)

    def operation(self, node: Node, key: str, shared: list[Any]) -> Fact:
        found: Fact = {
            "id": str(node.get("operationId", "")),
            "tags": sorted(str(tag) for tag in node.get("tags") or ()),
            "consumes": sorted(str(kind) for kind in node.get("consumes") or ()),
            "statuses": {},
            "parameters": {},
            **self.marks(node),
        }
        self.facts["operations"][key] = found
        if node.get("deprecated"):
            found["deprecated"] = True
        for parameter in (*shared, *(node.get("parameters") or ())):
            parameter = mapping(parameter, f"{key} parameters")
            name, place = str(parameter.get("name", "")), str(parameter.get("in", ""))
            if name in found["parameters"]:
                name = f"{name} ({place})"
            fact = self.fact(parameter, f"{key} {name}", required=parameter.get("required") is True)
            found["parameters"][name] = {"in": place, **fact}
        for status, answer in mapping(node.get("responses") or {}, f"{key} responses").items():
            schema = mapping(answer, f"{key} {status}").get("schema")
            found["statuses"][str(status)] = self.type_of(schema, f"{key} {status}") if isinstance(schema, dict) else ""
        return found

    def read(self, document: Node) -> Facts:
        for name, node in mapping(document.get("definitions") or {}, "definitions").items():
            self.definition(mapping(node, str(name)), str(name))
        for path, item in mapping(document.get("paths"), "paths").items():
            shared = mapping(item, str(path)).get("parameters") or []
            for method in METHODS:
                if method in item:
                    key = f"{method.upper()} {path}"
                    self.operation(mapping(item[method], key), key, shared)
        return self.facts
