"""What fits the bundle and other schemas. jsonschema-rs has the answer: jsonschema takes a second to be imported."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from jsonschema_rs import Draft202012Validator, Registry

__all__ = ["document", "errors_of", "part", "validator"]

BUNDLE: Final = Path(__file__).parents[1] / "generated" / "openapi.json"


@cache
def document() -> Any:
    """Return the bundle."""
    return json.loads(BUNDLE.read_text("utf-8"))


@cache
def _registry() -> Registry:
    return Registry([("urn:bundle", document())])


@cache
def part(pointer: str) -> Draft202012Validator:
    """Return a validator for the schema at this place of the bundle."""
    return Draft202012Validator({"$ref": f"urn:bundle#{quote(pointer)}"}, registry=_registry())


def validator(schema: Mapping[str, Any]) -> Draft202012Validator:
    """Return a validator for a schema whose references start at the root of the bundle."""
    return _absolute(json.dumps(schema).replace('"$ref": "#/', '"$ref": "urn:bundle#/'))


@cache
def _absolute(schema: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads(schema), registry=_registry())


def errors_of(whole: Any, pointer: str, value: Any) -> list[str]:
    """Return the errors of a value, by the schema at a place of another document."""
    registry = Registry([("urn:whole", whole)])
    found = Draft202012Validator({"$ref": f"urn:whole#{quote(pointer)}"}, registry=registry).iter_errors(value)
    return [error.message for error in found]
