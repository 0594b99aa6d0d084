"""Whether each part of a document has the shape that everything after the bundler takes for granted.

Not a validator of OpenAPI: only what would otherwise stop a later step with a traceback instead of a line.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

TEXTS = {"$ref", "operationId", "name", "in", "description", "summary", "version", "x-name-ko", "x-python-name"}
MAPPINGS = {
    "components",
    "fixed",
    "info",
    "items",
    "notes",
    "requestBody",
    "schema",
    "window",
    "x-report-missing",
    "x-batch",
    "x-enum-descriptions",
    "x-enum-names",
    "x-history",
    "x-open-enum",
    "x-pg",
    "x-refusal",
    "x-discriminate-by-fields",
    "x-pagination",
}
MAPS_OF_NODES = {"content", "paths", "properties", "responses", "schemas", "securitySchemes", "webhooks"}
LISTS_OF_NODES = {"allOf", "anyOf", "oneOf", "parameters", "x-required-if"}
LISTS_OF_TEXTS = {"need", "supported", "tags", "unsupported", "x-at-least-one", "x-exactly-one"}
NEEDED = {"parameters": ("name", "in", "schema"), "x-required-if": ("when", "need")}
NEEDED_IN: dict[str, dict[str, type]] = {
    "window": {"from": str, "to": str, "days": int, "inclusive": bool},
    "x-batch": {"name": str, "size": int},
    "x-pagination": {"name": str, "key": str},
}
METHODS = {"delete", "get", "head", "options", "patch", "post", "put", "trace"}
TYPES = {"array", "boolean", "integer", "null", "number", "object", "string"}
VALUES = {"const", "default", "enum", "example", "examples"}


def misshapen(document: dict[str, Any]) -> Iterator[str]:
    """`where: what`, for each part that is something else than it must be."""
    needed = {"info": ("version",), "paths": ()}
    for key, inner in needed.items():
        if not isinstance(document.get(key), dict):
            yield f"openapi.yaml: it needs {key}, a mapping"
            return
        yield from (f"{key}: it needs {name}" for name in inner if name not in document[key])
    tags = document.get("tags", [])
    if not isinstance(tags, list) or not all(
        isinstance(tag, dict) and isinstance(tag.get("name"), str) for tag in tags
    ):
        yield "tags: it must be a list of mappings, each with a name"
    yield from _node({key: value for key, value in document.items() if key != "tags"}, "")
    yield from _operation_ids(document["paths"])


def _operation_ids(paths: dict[str, Any]) -> Iterator[str]:
    """Each has one of its own, which begins with its tag: the examples and the methods go by it."""
    owners: dict[str, str] = {}
    for path, item in paths.items():
        for method in METHODS & item.keys() if isinstance(item, dict) else ():
            where, operation = f"/paths/{path}/{method}", item[method]
            name, tags = operation.get("operationId"), operation.get("tags")
            if not isinstance(name, str):
                yield f"{where}: it has no operationId"
            elif name in owners:
                yield f"{where}: the operationId {name} is that of {owners[name]} as well"
            elif isinstance(tags, list) and len(tags) == 1 and not name.startswith(f"{tags[0]}_"):
                yield f"{where}: the operationId {name} must begin with its tag, {tags[0]}_"
            owners.setdefault(str(name), f"{method.upper()} {path}")


def _node(node: dict[str, Any], where: str) -> Iterator[str]:
    for key, value in node.items():
        place = f"{where}/{key}"
        if key in VALUES:
            if key == "enum" and not (isinstance(value, list) and all(isinstance(item, str | int) for item in value)):
                yield f"{place}: it must be a list of values"
        elif key in MAPS_OF_NODES or (key == "parameters" and where == "/components"):
            yield from _map_of_nodes(value, place)
        elif key in LISTS_OF_NODES:
            yield from _list_of_nodes(key, value, place)
        elif key in TEXTS and not isinstance(value, str):
            yield f"{place}: it must be a text"
        elif key in MAPPINGS and not isinstance(value, dict):
            yield f"{place}: it must be a mapping"
        elif key in LISTS_OF_TEXTS and not _are_texts(value):
            yield f"{place}: it must be a list of texts"
        elif key == "required" and not (
            isinstance(value, bool) if {"in", "content"} & node.keys() else _are_texts(value)
        ):
            yield f"{place}: it must be a list of fields, or true at a parameter or a body"
        elif key == "type" and not isinstance(value, str) and not _are_texts(value):
            yield f"{place}: it must be a text, or a list of texts"
        elif (
            key == "type"
            and not {"scheme", "in"} & node.keys()
            and not where.endswith("/when")
            and (strange := _no_types(value))
        ):
            yield f"{place}: {strange} is no type: {', '.join(sorted(TYPES))}"
        elif key == "when" and not (isinstance(value, dict) and [len(value), *map(type, value.values())] == [1, list]):
            yield f"{place}: it must name one field with its values"
        elif key in {"x-report-missing", "x-enum-names", "x-history", "x-refusal"} and not _are_texts(
            list(value.values())
        ):
            yield f"{place}: it must hold texts"
        elif key in NEEDED_IN and (
            missing := [name for name, kind in NEEDED_IN[key].items() if type(value.get(name)) is not kind]
        ):
            yield f"{place}: it needs {' and '.join(missing)}"
        elif key == "x-discriminate-by-fields" and not all(map(_are_texts, value.values())):
            yield f"{place}: it must hold lists of texts"
        elif isinstance(value, dict) and key not in {"x-open-enum", "x-enum-descriptions", "x-enum-names", "notes"}:
            yield from _node(value, place)


def _no_types(value: str | list[str]) -> str:
    return ", ".join(sorted({value} - TYPES if isinstance(value, str) else {*value} - TYPES))


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _map_of_nodes(value: Any, place: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{place}: it must be a mapping"
        return
    for name, child in value.items():
        if isinstance(child, dict):
            yield from _node(child, f"{place}/{name}")
        else:
            yield f"{place}/{name}: it must be a mapping"


def _list_of_nodes(key: str, value: Any, place: str) -> Iterator[str]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        yield f"{place}: it must be a list of mappings"
        return
    if key in {"allOf", "anyOf", "oneOf"} and not value:
        yield f"{place}: it is empty"
    for number, child in enumerate(value):
        missing = [name for name in NEEDED.get(key, ()) if name not in child and "$ref" not in child]
        yield from (f"{place}/{number}: it needs {name}" for name in missing)
        yield from _node(child, f"{place}/{number}")
