"""Whatever is sent, the answer is V1's envelope, and never a fault of the sandbox's own."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from portone_v1_generated.operations import OPERATIONS, OperationInfo
from portone_v1_sandbox import Request, Sandbox, SandboxClock

from tests.sandbox.support import START, Api, checked

WORDS = st.sampled_from(["order-1", "card-1", "4242424242424242", "2030-12", "1000", "0", "true", "KRW", "", "paid"])
SCALARS = WORDS | st.none() | st.booleans() | st.integers() | st.text(max_size=20)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3))
BUSY = [operation for operation in OPERATIONS.values() if operation.id != "auth_get_token"]

quick = settings(max_examples=15, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("operation", BUSY, ids=[operation.id for operation in BUSY])
@quick
@given(data=st.data())
def test_fields_of_any_kind(operation: OperationInfo, data: st.DataObject) -> None:
    api = Api(Sandbox(clock=SandboxClock.frozen_at(START)))
    api.issue("card-1")
    api.onetime("order-1")
    path = operation.path
    fields: dict[str, dict[str, Any]] = {"query": {}, "body": {}}
    for parameter in operation.parameters:
        if parameter.location == "path":
            value = data.draw(st.sampled_from(["order-1", "card-1", "paid", "all", "%2e%2e", "%FF", "9"]))
            path = path.replace(f"{{{parameter.name}}}", value)
        elif parameter.required or data.draw(st.booleans()):
            fields[parameter.location][parameter.name] = data.draw(VALUES)
    query = "&".join(f"{name}={value}" for name, value in fields["query"].items())
    answer = api.send(operation.method, path, json=fields["body"], query=query)
    assert "The sandbox itself" not in str(answer.message)


@quick
@given(body=st.binary(max_size=60), kind=st.sampled_from(["", "application/json", "application/x-www-form-urlencoded"]))
def test_bodies_of_any_bytes(body: bytes, kind: str) -> None:
    sandbox = Sandbox(clock=SandboxClock.frozen_at(START))
    for path in ("/users/getToken", "/_sandbox/payments", "/_sandbox/clock"):
        response = sandbox.handle(Request("POST", path, "", {"Content-Type": kind}, body))
        assert checked(response, None).status < 500


@quick
@given(path=st.text(max_size=30), query=st.text(max_size=30), header=st.text(max_size=10))
def test_addresses_of_any_text(path: str, query: str, header: str) -> None:
    api = Api(Sandbox(clock=SandboxClock.frozen_at(START)))
    api.authorize()
    for prefix in ("", "/payments/", "/payments/status/", "/_sandbox/"):
        for headers in (api.headers, {"Authorization": header}, api.headers | {"Tier": header}):
            response = api.sandbox.handle(Request("GET", prefix + path, query, headers))
            assert checked(response, None).status < 500
