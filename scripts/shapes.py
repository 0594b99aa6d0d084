"""Whether each part of a document has the shape that everything after the bundler takes for granted: shapes.yaml."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import jsonschema_rs

from .yaml_files import load_yaml

SHAPES: Final = Path(__file__).with_suffix(".yaml")
METHODS = ("get", "post", "put", "delete", "patch", "head", "options", "trace")
"""Of HTTP, in the order in which a path is read."""


@cache
def _schema(form: Path) -> tuple[Any, jsonschema_rs.Draft202012Validator]:
    schema = load_yaml(form)
    return schema, jsonschema_rs.Draft202012Validator(schema)


def misfits(form: Path, node: Any) -> Iterator[tuple[list[str | int], str]]:
    """Where a node is not what the JSON Schema of a YAML file asks for, with what the file `says` of it."""
    schema, validator = _schema(form)
    return ((error.instance_path, _message(schema, error)) for error in validator.iter_errors(node))


def _message(schema: Any, error: jsonschema_rs.ValidationError) -> str:
    """What the nearest `says` above the keyword that failed has for it."""
    says, node = "", schema
    for step in error.schema_path[:-1]:
        says = node.get("says", says) if isinstance(node, dict) else says
        node = node[step]
    if error.schema_path[-1] == "required":
        return str(node.get("lacks") or f"it needs {error.kind.as_dict()['property']}")
    says = node.get("says", says)
    return str(says).replace("{}", " ".join(str(error.instance).split()))


def at_places(line: str, places: Mapping[str, str]) -> str | None:
    """`/components/schemas/Order/properties/a: …` → `spec/schemas/Order.yaml: /properties/a: …`."""
    for place in sorted(places, key=len, reverse=True):
        if line.startswith((f"{place}/", f"{place}:")):
            return f"{places[place]}: {line.removeprefix(place).removeprefix(': ')}"
    return None


def misshapen(document: dict[str, Any]) -> Iterator[str]:
    """`where: what`, for each part of the bundled document that is something else than it must be."""
    errors = [*misfits(SHAPES, document)]
    for path, fault in errors:
        yield f"{''.join(f'/{step}' for step in path) or 'openapi.yaml'}: {fault}"
    if not errors:
        yield from _keys(document["paths"])
        yield from _operation_ids(document["paths"])


OF_A_PATH: Final = frozenset([*METHODS, "parameters", "servers", "summary", "description", "$ref"])
STATUS: Final = re.compile(r"[1-5]([0-9]{2}|XX)|default")


def _keys(paths: dict[str, Any]) -> Iterator[str]:
    """A misspelt method or status would be a part of the document that nothing reads."""
    for path, item in paths.items():
        for key, node in item.items():
            if key not in OF_A_PATH and not key.startswith("x-"):
                yield f"/paths/{path}: {key} is no method of HTTP"
            for status in node.get("responses", {}) if key in METHODS else ():
                if STATUS.fullmatch(status) is None:
                    yield f"/paths/{path}/{key}/responses: {status} is no status of HTTP"


def _operation_ids(paths: dict[str, Any]) -> Iterator[str]:
    """Each has one of its own, which begins with its tag: the examples and the methods go by it."""
    owners: dict[str, str] = {}
    for path, item in paths.items():
        for method in item.keys() & {*METHODS}:
            where, operation = f"/paths/{path}/{method}", item[method]
            name, tags = operation.get("operationId"), operation.get("tags")
            if name is None:
                yield f"{where}: it has no operationId"
            elif name in owners:
                yield f"{where}: the operationId {name} is that of {owners[name]} as well"
            elif not re.fullmatch(r"\w+", name):
                yield f"{where}: the operationId {name} must be one word: its examples are called after it"
            elif isinstance(tags, list) and len(tags) == 1 and not name.startswith(f"{tags[0]}_"):
                yield f"{where}: the operationId {name} must begin with its tag, {tags[0]}_"
            owners.setdefault(str(name), f"{method.upper()} {path}")
