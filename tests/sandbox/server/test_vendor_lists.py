"""A value that only the vendor's list lacks is a line in the journal; it is refused by choice, or where V1 did so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from portone_v1_generated.operations import OPERATIONS
from portone_v1_sandbox import Request, Sandbox

from tests.sandbox.support import Api

EXAMPLES = Path(__file__).resolve().parents[3] / "spec" / "examples"
CASES = [
    pytest.param(operation, parameter, id=f"{operation.id}-{parameter.python_name}")
    for operation in OPERATIONS.values()
    for parameter in operation.parameters
    if parameter.values and operation.id != "auth_get_token"
]


def sent(box: Sandbox, operation: Any, parameter: Any) -> tuple[Any, Any]:
    """Send the operation's example with a value that no list has; return the answer and the journal's entry."""
    asked = json.loads((EXAMPLES / f"{operation.id}.ok.json").read_text("utf-8"))["request"]
    path, query, body = (dict(asked.get(place) or {}) for place in ("path", "query", "body"))
    {"path": path, "query": query, "body": body}[parameter.location][parameter.name] = "NEWER_VALUE"
    target = operation.path
    for name, value in path.items():
        target = target.replace(f"{{{name}}}", quote(str(value), safe=""))
    target = target.partition("/{")[0]  # a segment that may be left off
    api = Api(box)
    api.authorize()
    headers = api.headers | {"Content-Type": "application/json"}
    answer = box.handle(Request(operation.method, target, urlencode(query), headers, json.dumps(body).encode()))
    return answer, box.journal[-1]


@pytest.mark.parametrize(("operation", "parameter"), CASES)
def test_a_value_that_the_list_lacks(operation: Any, parameter: Any) -> None:
    answer, entry = sent(Sandbox(), operation, parameter)
    assert answer.status < 500
    noted = [line for line in entry.advice if line.startswith(f"{parameter.name} is none of ")]
    replaced = parameter.name == "reason"  # documented: an unknown one becomes the default
    assert bool(noted) is (not parameter.refused and not replaced)
    if not parameter.refused and not replaced:
        strict, _ = sent(Sandbox(pg_rules=True), operation, parameter)
        assert (strict.status, strict.json()["message"]) == (400, f"{parameter.name} 값이 올바르지 않습니다.")


def test_lists_that_v1_was_seen_refusing_by() -> None:
    refused = {parameter.name for each in OPERATIONS.values() for parameter in each.parameters if parameter.refused}
    assert refused == {"payment_status", "status"}
