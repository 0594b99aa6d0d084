"""No secret, token, card number or personal datum in any record of any logger, whatever happens to a call."""

from __future__ import annotations

import logging
import traceback
from typing import Any

import httpx
import pytest
from portone_v1_generated.operations import OPERATIONS, OperationInfo, ParameterInfo

from tests.overlay.harness import Answer, Flavour, ScriptedV1, envelope, refused, token
from tests.overlay.raw_server import RawRequest, RawServer, http_answer, payment_answer

CARD = "4242424242424242"
SENSITIVE = [operation for operation in OPERATIONS.values() if any(p.sensitive for p in operation.parameters)]


def canary(parameter: ParameterInfo) -> str:
    if parameter.name == "card_number":
        return "4242-4242-4242-4242"
    return f"canary-{parameter.name}"


def arguments(operation: OperationInfo) -> tuple[list[Any], dict[str, Any], list[str]]:
    """Every argument that the operation knows, the sensitive ones each with a canary."""
    positional: list[Any] = []
    named: dict[str, Any] = {}
    canaries: list[str] = []
    for parameter in operation.parameters:
        if parameter.sensitive and parameter.kind == "text":
            value: Any = canary(parameter)
            canaries.append(value)
        elif parameter.sensitive or parameter.required:
            value = {
                "text": "text-1",
                "integer": 1,
                "boolean": True,
                "money": 1000,
                "time": 1_700_000_000,
                "choice": parameter.values[0] if parameter.values else None,
                "texts": ["text-1"],
            }.get(parameter.kind)
            if value is None:
                continue
        else:
            continue
        if parameter.location == "path":
            positional.append(value)
        else:
            named[parameter.python_name] = value
    return positional, named, canaries


PERSON = {name: f"canary-{name}" for name in ("name", "tel", "addr", "postcode", "relationship")}
PARCEL = {"company": "CJGLS", "invoice": "1", "sent_at": 1_700_000_000, "address": "canary-address"}
BUYER = {name: f"canary-{name}" for name in ("buyer_name", "buyer_tel", "buyer_email", "buyer_addr", "buyer_postcode")}
NESTED: dict[str, dict[str, Any]] = {
    "paymentwall_register_delivery": {"carrier_tracking_id": "1", "carrier_type": "CJ"},
    "payments_cancel": {"imp_uid": "imp_1", "amount": 1000},
    "subscribe_schedule": {
        "schedules": [
            {"merchant_uid": "order-1", "schedule_at": 1_700_000_000, "amount": 1000, "name": "정기", **BUYER}
        ]
    },
    "escrow_register": {"sender": PERSON, "receiver": PERSON, "logis": PARCEL},
    "escrow_update": {"sender": PERSON, "receiver": PERSON, "logis": PARCEL},
}


def canaries_in(value: Any) -> list[str]:
    if isinstance(value, dict | list):
        items = value.values() if isinstance(value, dict) else value
        return [found for item in items for found in canaries_in(item)]
    return [value] if isinstance(value, str) and value.startswith("canary-") else []


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("operation", [o for o in SENSITIVE if o.name != "get_token"], ids=lambda o: o.id)
def test_nothing_sensitive_is_logged_or_told(
    flavour: Flavour, v1: ScriptedV1, caplog: pytest.LogCaptureFixture, operation: OperationInfo
) -> None:
    positional, named, canaries = arguments(operation)
    named |= NESTED.get(operation.id, {})
    canaries += canaries_in(named)
    v1.default_token = token("canary-token")
    client = flavour.client(http_client=flavour.http_client(transport=v1))
    echo = " ".join([*canaries, CARD])
    v1.play(
        refused("Unauthorized", code=-1, status=401),
        envelope({"imp_uid": "imp_1", **dict.fromkeys(("buyer_name", "name", "card_number"), "canary-answer")}),
        refused(f"거절 {echo}", code=-1),
        Answer(500, f"<html>{echo}".encode()),
        httpx.ReadTimeout(""),
        httpx.ConnectError(""),
        refused(f"거절 {echo}", code=-1, status=400),
    )
    shown: list[str] = []
    with caplog.at_level(logging.DEBUG):
        for _ in range(5):
            try:
                answer = client.call(
                    lambda c: getattr(getattr(c, operation.area), operation.name)(*positional, **named)
                )
            except Exception as error:
                shown += [*traceback.format_exception(error), repr(error)]
            else:
                assert answer is None or "canary-token" not in repr(answer)
    assert v1.calls, shown
    for record in caplog.records:
        shown += [record.getMessage(), repr(record.args), str(record.exc_text)]
    whole = "\n".join(shown)
    assert "portone_v1" in {record.name for record in caplog.records}
    in_path = {value for value in positional if isinstance(value, str)}
    for secret in [*(c for c in canaries if c not in in_path), CARD, "canary-token", "canary-answer", "test-secret"]:
        assert secret not in whole, secret


def test_a_whole_call_leaves_readable_records(
    flavour: Flavour, v1: ScriptedV1, caplog: pytest.LogCaptureFixture
) -> None:
    v1.play(Answer(503, b""))
    with caplog.at_level(logging.DEBUG, "portone_v1"):
        flavour.client(v1).call(lambda c: c.payments.get("imp_1"))
    told = [record.getMessage() for record in caplog.records if record.name == "portone_v1"]
    assert told[:2] == ["auth.get_token: HTTP 200", "payments.get: HTTP 503"]
    assert told[2].startswith("payments.get: ServerError; retrying in 0.")
    assert told[3:] == ["payments.get: HTTP 200"]


def test_nothing_of_a_call_over_a_socket_is_logged(flavour: Flavour, caplog: pytest.LogCaptureFixture) -> None:
    """The layers below log for themselves, at DEBUG even headers of the answer."""

    def respond(request: RawRequest) -> bytes:
        _, _, body = payment_answer(request).partition(b"\r\n\r\n")
        return http_answer(body.replace(b"token-1", b"canary-token").replace(b"order-1", b"canary-order"))

    with caplog.at_level(logging.DEBUG), RawServer(respond) as server:
        client = flavour.client(base_url=server.url, imp_key="canary-key", imp_secret="canary-secret")
        client.call(
            lambda c: c.subscribe.onetime(
                merchant_uid="o",
                amount=5,
                card_number="4242-4242-4242-4242",
                expiry="2031-12",
                birth="canary-birth",
                buyer_tel="canary-tel",
            )
        )
        client.call(lambda c: c.vbanks.revoke("imp_1", pg_api_key="canary-pg-key"))
        client.close()
    assert b"canary-token" in server.requests[1].head
    assert "canary-pg-key" in server.requests[2].target
    assert {"portone_v1", "httpcore.http11"} <= {record.name for record in caplog.records}
    told = "\n".join(f"{record.getMessage()} {record.args!r}" for record in caplog.records)
    assert "canary" not in told
    assert "4242" not in told
