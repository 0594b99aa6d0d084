"""The bundled specification, for the pages that show what the code does not hold: examples and per-PG advice."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from ..codegen.document import Node
from ..lint.places import Spec
from ..steps import ROOT


@dataclass(frozen=True)
class Advice:
    """Advice about one PG at one place of the specification."""

    pg: str
    owner: str
    """An operation id, or a schema's name."""
    field: str
    """An argument or a field; empty for the operation as a whole."""
    korean: str
    says: Mapping[str, bool]
    """Whether it says `supported`, `unsupported` or `required`."""
    note: str


@cache
def spec() -> Spec:
    return Spec(json.loads((ROOT / "generated" / "openapi.json").read_text(encoding="utf-8")), ROOT / "spec")


@cache
def operations() -> dict[str, Node]:
    """By operation id."""
    return {operation.id: operation.node for operation in spec().operations}


def examples(operation_id: str) -> Iterator[tuple[str, str, Any, int, Any]]:
    """Every example as (case, summary, request body, HTTP status, answer)."""
    operation = operations()[operation_id]
    requests = spec().resolve(operation.get("requestBody", {})).get("content", {}).get("application/json", {})
    for status, declared in operation["responses"].items():
        answers = spec().resolve(declared).get("content", {}).get("application/json", {}).get("examples", {})
        for case, answer in answers.items():
            request = requests.get("examples", {}).get(case, {}).get("value")
            yield case, answer.get("summary", ""), request, int(status), answer["value"]


def pg_names() -> dict[str, str]:
    """PG codes with what they stand for."""
    named: dict[str, str] = spec().schemas["PgProvider"].get("x-open-enum", {})
    return named


@cache
def advice() -> tuple[Advice, ...]:
    """Return all advice about single PGs, operations first."""
    found: list[Advice] = []
    for place in spec().of("operation", "parameter", "property", "component"):
        marks: dict[str, Any] = place.node.get("x-pg", {})
        owner, _, field = place.where.partition(".")
        notes: dict[str, str] = marks.get("notes", {})
        listed = {says: marks.get(says, []) for says in ("required", "supported", "unsupported")}
        for pg in sorted({*notes, *(code for codes in listed.values() for code in codes)}):
            says = {word: pg in codes for word, codes in listed.items()}
            found.append(Advice(pg, owner, field, place.node.get("x-name-ko", ""), says, notes.get(pg, "")))
    return tuple(found)
