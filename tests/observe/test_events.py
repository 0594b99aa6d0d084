"""`on_event`: what it is told, in both flavours, and that nothing it does reaches the call."""

from __future__ import annotations

import logging
from collections.abc import Callable
from decimal import Decimal
from typing import Any, assert_never

import httpx
import pytest
from portone_v1 import ConfigurationError
from portone_v1.events import (
    CallEnded,
    CallRetried,
    CallStarted,
    Event,
    IntentBusy,
    IntentOpened,
    IntentSettled,
    RequestEnded,
    RequestStarted,
    TokenRenewed,
)
from portone_v1.intents import MemoryStore
from portone_v1_sandbox import TEST_CARDS, Sandbox

from tests.overlay.harness import Answer, Flavour, ScriptedV1, envelope, payment, refused


def kinds(events: list[Event], operation: str) -> list[str]:
    return [each.kind for each in events if getattr(each, "operation", operation) == operation]


def test_a_call_from_its_start_to_its_end(flavour: Flavour, v1: ScriptedV1) -> None:
    events: list[Event] = []
    client = flavour.client(v1, on_event=events.append, tier="ABC", base_url="http://127.0.0.1:4321")
    client.call(lambda c: c.payments.get("imp_1"))
    assert [(each.kind, getattr(each, "operation", "")) for each in events] == [
        ("call_started", "payments.get"),
        ("call_started", "auth.get_token"),
        ("request_started", "auth.get_token"),
        ("request_ended", "auth.get_token"),
        ("call_ended", "auth.get_token"),
        ("token_renewed", ""),
        ("request_started", "payments.get"),
        ("request_ended", "payments.get"),
        ("call_ended", "payments.get"),
    ]
    started, *_, sent, answered, ended = events
    assert isinstance(started, CallStarted)
    assert (started.imp_uid, started.merchant_uid, started.tier, started.safe) == ("imp_1", None, "ABC", True)
    assert isinstance(sent, RequestStarted)
    assert (sent.method, sent.path, sent.attempt) == ("GET", "/payments/{imp_uid}", 1)
    assert (sent.host, sent.port) == ("127.0.0.1", 4321)
    assert isinstance(answered, RequestEnded)
    assert (answered.status, answered.error) == (200, None)
    assert isinstance(ended, CallEnded)
    assert (ended.status, ended.code, ended.error, ended.attempts) == (200, 0, None, 1)
    assert ended.seconds >= answered.seconds >= 0
    assert started.request_id == sent.request_id == answered.request_id == ended.request_id
    renewed = events[5]
    assert isinstance(renewed, TokenRenewed)
    assert (renewed.seconds, renewed.shared) == (1800.0, False)


def test_a_retry_says_why_and_how_long(flavour: Flavour, v1: ScriptedV1) -> None:
    events: list[Event] = []
    v1.play(Answer(503, b""), httpx.ConnectError(""), refused("no", code=-1, status=401))
    flavour.client(v1, on_event=events.append).call(lambda c: c.payments.get("imp_1"))
    retried = [each for each in events if isinstance(each, CallRetried)]
    assert [(each.status, each.error, each.attempt) for each in retried] == [
        (503, "ServerError", 1),
        (None, "NotSentError", 2),
        (401, "AuthenticationError", 3),
    ]
    assert [each.pause > 0 for each in retried] == [True, True, False]
    ended = [each for each in events if isinstance(each, RequestEnded) and each.operation == "payments.get"]
    assert [(each.status, each.error) for each in ended] == [(503, None), (None, "NotSent"), (401, None), (200, None)]
    assert [each.attempts for each in events if isinstance(each, CallEnded)][-1] == 4


@pytest.mark.parametrize(
    ("played", "error", "status"),
    [
        (Answer(500, b""), "OutcomeUnknownError", 500),
        (httpx.ReadTimeout(""), "OutcomeUnknownError", None),
        (refused(), "RefusedError", 200),
    ],
)
def test_a_failed_write(flavour: Flavour, v1: ScriptedV1, played: Any, error: str, status: int | None) -> None:
    events: list[Event] = []
    v1.play(played)
    failure = flavour.client(v1, on_event=events.append).failure(
        lambda c: c.payments.cancel(imp_uid="imp_1", amount=100)
    )
    (ended,) = [each for each in events if isinstance(each, CallEnded) and each.operation == "payments.cancel"]
    assert (ended.error, ended.status, ended.attempts) == (error, status, 1)
    assert (type(failure).__name__, failure.request_id) == (error, ended.request_id)


def test_a_shared_token_is_marked_as_shared(flavour: Flavour, v1: ScriptedV1) -> None:
    class Store:
        def load(self) -> tuple[str, float]:
            return "shared-token", 600.0

        def save(self, token: str, seconds: float) -> None: ...

    class AsyncStore:
        async def load(self) -> tuple[str, float]:
            return "shared-token", 600.0

        async def save(self, token: str, seconds: float) -> None: ...

    events: list[Event] = []
    store: Any = Store() if flavour.name == "sync" else AsyncStore()
    flavour.client(v1, on_event=events.append, token_store=store).call(lambda c: c.payments.get("imp_1"))
    (renewed,) = [each for each in events if isinstance(each, TokenRenewed)]
    assert renewed.shared
    assert 0 < renewed.seconds <= 600
    assert "shared-token" not in repr(events)


def charge(c: Any) -> Any:
    return c.subscribe.again_once(customer_uid="cu-secret", merchant_uid="order-1", amount=9900, name="정기")


def test_intents_open_before_the_write_and_settle_after_it(flavour: Flavour) -> None:
    sandbox = Sandbox()
    sandbox.client().billing_keys.issue(
        "cu-secret", card_number=TEST_CARDS["ordinary"].number, expiry="2031-03", birth="880101"
    )
    events: list[Event] = []
    keys = {"imp_key": "sandbox_key", "imp_secret": "sandbox_secret"}
    client = flavour.client(sandbox.transport(), on_event=events.append, intents=MemoryStore(), **keys)
    paid = client.call(charge)
    client.call(lambda c: c.payments.cancel_once(imp_uid=paid.payment.imp_uid, amount=Decimal(900), key="r-1"))
    opened = [each for each in events if isinstance(each, IntentOpened)]
    settled = [each for each in events if isinstance(each, IntentSettled)]
    assert [(each.operation, each.merchant_uid or each.imp_uid) for each in opened] == [
        ("subscribe.again", "order-1"),
        ("payments.cancel", paid.payment.imp_uid),
    ]
    assert [(each.outcome, each.executed) for each in settled] == [("paid", True), ("refunded", True)]
    assert [each.intent_id for each in opened] == [each.intent_id for each in settled]
    kinds = [(each.kind, getattr(each, "operation", "")) for each in events]
    sent = kinds.index(("request_started", "subscribe.again"))
    assert kinds.index(("intent_opened", "subscribe.again")) < sent < kinds.index(("intent_settled", "subscribe.again"))
    assert "cu-secret" not in repr(events)


@pytest.mark.parametrize("ask", [lambda c: c.payments.get("imp_1"), charge], ids=["read", "charge"])
def test_what_the_hook_raises_is_logged_once_and_changes_nothing(
    flavour: Flavour, caplog: pytest.LogCaptureFixture, ask: Callable[[Any], Any]
) -> None:
    def outcome(hook: Any) -> tuple[str, int]:
        sandbox = Sandbox()
        sandbox.client().billing_keys.issue(
            "cu-secret", card_number=TEST_CARDS["ordinary"].number, expiry="2031-03", birth="880101"
        )
        keys = {"imp_key": "sandbox_key", "imp_secret": "sandbox_secret"}
        client = flavour.client(sandbox.transport(), on_event=hook, intents=MemoryStore(), **keys)
        try:
            result = str(client.call(ask).state)
        except Exception as error:
            result = type(error).__name__
        return result, len(sandbox.journal)

    def bad(event: Event) -> None:
        raise RuntimeError(f"canary {event.kind}")

    with caplog.at_level(logging.WARNING, "portone_v1"):
        assert outcome(bad) == outcome(None)
    (record,) = caplog.records
    assert record.getMessage().startswith("on_event raised RuntimeError at ")
    assert "test_events.py" in record.getMessage()
    assert "canary" not in record.getMessage()
    assert record.exc_info is None


def test_calls_of_the_hook_itself_emit_no_event(v1: ScriptedV1) -> None:
    from portone_v1 import PortOne

    events: list[Event] = []

    def hook(event: Event) -> None:
        events.append(event)
        if event.kind == "call_ended" and event.operation == "payments.get":
            client.payments.get("imp_1")

    client = PortOne("key", "secret", transport=v1, on_event=hook)
    client.payments.get("imp_1")
    assert kinds(events, "payments.get").count("call_ended") == 1
    assert len(v1.calls) == 2


def test_copies_tell_the_same_hook(flavour: Flavour, v1: ScriptedV1) -> None:
    events: list[Event] = []
    client = flavour.client(v1, on_event=events.append)
    client.with_options(tier="XYZ").call(lambda c: c.payments.get("imp_1"))
    assert {getattr(each, "tier", None) for each in events if each.kind == "call_started"} >= {"XYZ"}


def test_a_path_of_a_custom_request_is_not_in_the_event(flavour: Flavour, v1: ScriptedV1) -> None:
    events: list[Event] = []
    v1.play(envelope({}))
    client = flavour.client(v1, on_event=events.append)
    client.call(lambda c: c.request("GET", "/subscribe/customers/cu-secret", query={"q": "q-secret"}))
    (sent,) = [each for each in events if isinstance(each, RequestStarted) and each.operation != "auth.get_token"]
    assert sent.path == "/subscribe/…"
    assert "secret" not in repr(events)


def test_a_hook_that_can_not_be_one_is_refused(flavour: Flavour) -> None:
    async def awaited(event: Event) -> None: ...

    for hook in ("print", awaited):
        with pytest.raises(ConfigurationError, match="on_event must be"):
            flavour.client(on_event=hook)


def test_events_are_frozen_and_distinct() -> None:
    def place(event: Event) -> str:
        match event:
            case CallStarted() | CallRetried() | CallEnded():
                return event.operation
            case RequestStarted() | RequestEnded():
                return event.path
            case TokenRenewed():
                return "token"
            case IntentOpened() | IntentBusy() | IntentSettled():
                return event.intent_id
            case _:
                assert_never(event)

    event = TokenRenewed(seconds=60.0, shared=True)
    assert place(event) == "token"
    assert event == TokenRenewed(seconds=60.0, shared=True)
    with pytest.raises(AttributeError):
        event.seconds = 1.0  # type: ignore[misc]


def test_without_a_hook_events_are_not_even_loaded() -> None:
    import subprocess
    import sys

    code = "import sys; from portone_v1 import PortOne; PortOne('k', 's'); print('portone_v1.events' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
    assert payment().status == 200
