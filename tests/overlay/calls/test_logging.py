"""No secret, token, card number or personal datum in any record of any logger, whatever happens to a call."""

from __future__ import annotations

import logging
import re
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
    """Return every argument that the operation knows, with a canary in each sensitive one."""
    positional: list[Any] = []
    named: dict[str, Any] = {}
    canaries: list[str] = []
    for parameter in operation.parameters:
        if parameter.sensitive and parameter.kind == "text":
            value: Any = canary(parameter)
            canaries.append(value)
        elif parameter.sensitive or parameter.required or parameter.everything:
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
def test_nothing_sensitive_is_logged_or_in_an_event(
    flavour: Flavour,
    v1: ScriptedV1,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    operation: OperationInfo,
) -> None:
    monkeypatch.setenv("PORTONE_V1_LOG", "debug")
    events: list[Any] = []
    positional, named, canaries = arguments(operation)
    named |= NESTED.get(operation.id, {})
    canaries += canaries_in(named)
    v1.default_token = token("canary-token")
    client = flavour.client(http_client=flavour.http_client(transport=v1), on_event=events.append)
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
        shown += [record.getMessage(), repr(record.args), str(record.exc_text), repr(vars(record))]
    whole = "\n".join(shown)
    assert "portone_v1" in {record.name for record in caplog.records}
    observed = "\n".join([*map(repr, events), capsys.readouterr().err])
    assert {"call_started", "request_started", "request_ended", "call_ended"} <= {event.kind for event in events}
    assert " > " in observed
    assert " < " in observed
    for secret in [*canaries, CARD, "canary-token", "canary-answer", "test-secret", "test-key"]:
        assert secret not in observed, secret
    in_path = {value for value in positional if isinstance(value, str)}
    for secret in [*(c for c in canaries if c not in in_path), CARD, "canary-token", "canary-answer", "test-secret"]:
        assert secret not in whole, secret


def test_a_whole_call_leaves_readable_records(
    flavour: Flavour, v1: ScriptedV1, caplog: pytest.LogCaptureFixture
) -> None:
    v1.play(Answer(503, b""))
    with caplog.at_level(logging.DEBUG, "portone_v1"):
        flavour.client(v1).call(lambda c: c.payments.get("imp_1"))
    records = [record for record in caplog.records if record.name == "portone_v1"]
    messages = [re.sub(r"[0-9.]+ (ms|s)$", r"0 \1", record.getMessage()) for record in records]
    assert messages == [
        "auth.get_token: HTTP 200 in 0 ms",
        "payments.get: HTTP 503 in 0 ms",
        "payments.get: ServerError; retrying in 0 s",
        "payments.get: HTTP 200 in 0 ms",
    ]
    facts = [{name: value for name, value in vars(record).items() if name.startswith("portone_")} for record in records]
    assert len({each.pop("portone_request_id") for each in facts[1:]}) == 1
    assert [each.pop("portone_duration", 0.0) >= 0 for each in facts] == [True] * 4
    assert facts[2].pop("portone_pause") > 0
    call = {
        "portone_operation": "payments.get",
        "portone_imp_uid": "imp_1",
        "portone_merchant_uid": None,
        "portone_tier": None,
    }
    assert facts[1:] == [
        {**call, "portone_status": 503, "portone_attempt": 1},
        {**call, "portone_status": 503, "portone_attempt": 1, "portone_error": "ServerError"},
        {**call, "portone_status": 200, "portone_attempt": 2},
    ]


def test_an_error_and_its_record_name_the_same_request(
    flavour: Flavour, v1: ScriptedV1, caplog: pytest.LogCaptureFixture
) -> None:
    v1.play(Answer(500, b""))
    with caplog.at_level(logging.INFO, "portone_v1"):
        error = flavour.client(v1).failure(lambda c: c.payments.cancel(imp_uid="imp_1", amount=100))
    (record,) = caplog.records
    assert record.getMessage().startswith("payments.cancel: OutcomeUnknownError after ")
    fields = vars(record)
    assert fields["portone_request_id"] == error.request_id
    assert (fields["portone_imp_uid"], fields["portone_status"], fields["portone_attempt"]) == ("imp_1", 500, 1)


def test_nothing_of_a_call_over_a_socket_is_logged(flavour: Flavour, caplog: pytest.LogCaptureFixture) -> None:
    """The layers below log for themselves, at DEBUG even headers of the answer."""

    def respond(request: RawRequest) -> bytes:
        _, _, body = payment_answer(request).partition(b"\r\n\r\n")
        return http_answer(body.replace(b"token-1", b"canary-token").replace(b"order-1", b"canary-order"))

    with caplog.at_level(logging.DEBUG), RawServer(respond) as server:
        client = flavour.client(base_url=server.url, imp_key="canary-key", imp_secret="canary-secret")
        client.call(
            lambda c: c.subscribe.onetime(
                merchant_uid="canary-order",
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
    messages = "\n".join(f"{record.getMessage()} {record.args!r}" for record in caplog.records)
    assert "canary" not in messages
    assert "4242" not in messages
