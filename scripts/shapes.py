"""Whether each part of a document has the shape that everything after the bundler takes for granted: shapes.yaml."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import jsonschema_rs

from .yaml_files import read_yaml

SHAPES: Final = Path(__file__).with_suffix(".yaml")
METHODS = ("get", "post", "put", "delete", "patch", "head", "options", "trace")
"""Of HTTP, in the order in which a path is read."""


@cache
def _schema(form: Path) -> tuple[Any, jsonschema_rs.Draft202012Validator]:
    schema = read_yaml(form, form.name)
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
    wrong = error.kind.as_dict().get("error", error)  # of a name, that is what it was
    return str(says).replace("{}", " ".join(str(wrong.instance).split()))


def pointer(way: Iterable[str | int]) -> str:
    """`/components/schemas/Order`; nothing for the document."""
    return "".join(f"/{step}" for step in way)


def misshapen(document: dict[str, Any]) -> Iterator[str]:
    """`where: what`, for each part of the bundled document that is something else than it must be."""
    errors = [f"{pointer(way)}: {fault}" for way, fault in misfits(SHAPES, document)]
    yield from errors or _circles(document.get("components", {}))


def _circles(components: dict[str, Any]) -> Iterator[str]:
    """Components that are a reference to themselves, by way of others or not: nothing would ever be found there."""
    for section, named in components.items():
        for name, node in named.items():
            seen, here = set[str](), node
            while (reference := here.get("$ref")) is not None and reference not in seen:
                seen.add(reference)
                here = named.get(reference.rpartition("/")[2], {})
            if here.get("$ref") in seen:
                yield f"/components/{section}/{name}: it refers to itself and to nothing else"
