"""The bundled specification, for the pages that show what the code does not hold: examples and per-PG advice."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from ..codegen.document import Node
from ..lint.places import Spec
from ..steps import ROOT


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
