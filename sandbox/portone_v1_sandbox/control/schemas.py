"""Building blocks of the control calls' schemas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

__all__ = [
    "ANYTHING",
    "LIST",
    "MAYBE",
    "MONEY",
    "NOTHING",
    "TEXT",
    "TEXTS",
    "WHOLE",
    "YES_NO",
    "Schema",
    "all_of",
    "maybe",
    "object_of",
    "object_with",
    "ref",
]

Schema = Mapping[str, Any]
TEXT: Final[Schema] = {"type": "string"}
MAYBE: Final[Schema] = {"type": ["string", "null"]}
WHOLE: Final[Schema] = {"type": "integer"}
MONEY: Final[Schema] = {"type": "number"}
YES_NO: Final[Schema] = {"type": "boolean"}
NOTHING: Final[Schema] = {"type": "null"}
ANYTHING: Final[Schema] = {"type": "object"}
LIST: Final[Schema] = {"type": "array", "items": ANYTHING}
TEXTS: Final[Schema] = {"type": "array", "items": TEXT}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def all_of(name: str) -> Schema:
    return {"type": "array", "items": ref(name)}


def maybe(schema: Schema) -> Schema:
    return {"anyOf": [schema, NOTHING]}


def object_of(*, more: bool = True, **fields: Schema) -> Schema:
    return object_with(fields, more=more)


def object_with(fields: Mapping[str, Schema], *, more: bool = True) -> Schema:
    return {"type": "object", "properties": {**fields}, "required": list(fields), "additionalProperties": more}
