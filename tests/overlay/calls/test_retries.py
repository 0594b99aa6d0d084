"""Reads are repeated, with pauses; a write never, unless it was certainly not executed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from portone_v1 import (
    NoAnswerError,
    NotSentError,
    OutcomeUnknownError,
    PortOneError,
    RateLimitError,
    RefusedError,
    ResponseFormatError,
    ServerError,
)

from tests.overlay.harness import (
    Answer,
    AsyncFlavour,
    Flavour,
    Recorded,
    ScriptedV1,
    SyncFlavour,
    envelope,
    payment,
    refused,
)


def read(client: Any) -> Any:
    return client.payments.get("imp_1")


def write(client: Any) -> Any:
    return client.payments.cancel(imp_uid="imp_1", amount=1000)


NO_ANSWER: list[Any] = [
    httpx.ReadTimeout(""),
    httpx.ReadError(""),
    httpx.WriteTimeout(""),
    httpx.WriteError(""),
    httpx.CloseError(""),
    httpx.RemoteProtocolError(""),
    httpx.LocalProtocolError(""),
    ConnectionResetError(),
    TimeoutError(),
]
NOT_SENT: list[Any] = [
    httpx.ConnectError(""),
    httpx.ConnectTimeout(""),
    httpx.PoolTimeout(""),
    httpx.ProxyError(""),
    httpx.UnsupportedProtocol(""),
]


@pytest.mark.parametrize(
    "played",
    [
        *NO_ANSWER,
        *NOT_SENT,
        Answer(500, b""),
        Answer(503, b"<html>"),
        refused(status=502),
        Answer(429, b""),
        Answer(408, b""),
    ],
    ids=lambda played: f"{played!r:.40}",
)
def test_a_read_is_repeated(flavour: Flavour, v1: ScriptedV1, naps: list[float], played: Any) -> None:
    v1.play(played, played)
    assert flavour.client(v1).call(read).imp_uid == "imp_1"
    assert len(v1.calls) == 3
    assert len(naps) == 2


@pytest.mark.parametrize(
    ("played", "kind"),
    [
        (httpx.ReadTimeout(""), NoAnswerError),
        (httpx.ConnectError(""), NotSentError),
        (Answer(500, b""), ServerError),
        (Answer(429, b""), RateLimitError),
    ],
    ids=repr,
)
@pytest.mark.parametrize("retries", [0, 1, 4])
def test_a_read_is_given_up_in_the_end(
    flavour: Flavour, v1: ScriptedV1, played: Any, kind: type[PortOneError], retries: int
) -> None:
    v1.default = played
    assert type(flavour.client(v1, max_retries=retries).failure(read)) is kind
    assert len(v1.calls) == retries + 1


@pytest.mark.parametrize(
    "played",
    [Answer(200, b"<html>"), refused(), refused(status=400), refused(status=404), refused(status=501), envelope(None)],
    ids=["page", "refusal", "400", "404", "501", "no payload"],
)
@pytest.mark.parametrize("ask", [read, write])
def test_an_answer_that_would_come_again_is_not_asked_for_again(
    flavour: Flavour, v1: ScriptedV1, naps: list[float], ask: Any, played: Any
) -> None:
    v1.default = played
    assert isinstance(flavour.client(v1).failure(ask), PortOneError)
    assert len(v1.calls) == 1
    assert naps == []


@pytest.mark.parametrize(
    "played",
    [*NO_ANSWER, Answer(500, b""), refused(status=503), Answer(408, b"")],
    ids=lambda played: f"{played!r:.40}",
)
def test_a_write_that_may_have_been_executed_is_never_repeated(flavour: Flavour, v1: ScriptedV1, played: Any) -> None:
    v1.default = played
    error = flavour.client(v1, max_retries=5).failure(write)
    assert type(error) is OutcomeUnknownError
    assert error.status == (played.status if isinstance(played, Answer) else None)
    assert len(v1.calls) == 1


@pytest.mark.parametrize("played", NOT_SENT, ids=repr)
def test_a_write_that_was_never_sent_is_repeated(flavour: Flavour, v1: ScriptedV1, played: Any) -> None:
    v1.play(played, played)
    assert flavour.client(v1).call(write).imp_uid == "imp_1"
    assert len(v1.calls) == 3
    v1.default = played
    error = flavour.client(v1).failure(write)
    assert type(error) is NotSentError
    assert "V1 did not execute the request" in str(error)


def test_a_rate_limited_write_is_not_repeated(flavour: Flavour, v1: ScriptedV1) -> None:
    v1.default = Answer(429, b"", {"retry-after": "1"})
    assert type(flavour.client(v1).failure(write)) is RateLimitError
    assert len(v1.calls) == 1


@pytest.mark.parametrize("ask", [read, write])
def test_no_retries_are_none(flavour: Flavour, v1: ScriptedV1, ask: Any) -> None:
    v1.default = httpx.ConnectError("")
    assert type(flavour.client(v1, max_retries=0).failure(ask)) is NotSentError
    assert type(flavour.client(v1).failure(lambda c: c.payments.get("imp_1", max_retries=0))) is NotSentError
    assert type(flavour.client(v1).with_options(max_retries=0).failure(ask)) is NotSentError
    assert len(v1.calls) == 3


def test_pauses_grow_and_stay_bounded(flavour: Flavour, v1: ScriptedV1, naps: list[float]) -> None:
    v1.default = Answer(503, b"")
    flavour.client(v1, max_retries=1200).failure(read)
    assert len(naps) == 1200
    for attempt, nap in enumerate(naps[:6]):
        longest = min(8.0, 0.25 * 2**attempt)
        assert longest / 2 <= nap <= longest
    assert max(naps) <= 8.0
    assert len({round(nap, 6) for nap in naps[6:]}) > 1000  # jitter


@pytest.mark.parametrize(
    ("asked", "honoured"),
    [
        ("0", True),
        ("3", True),
        ("60", True),
        ("61", False),
        ("99999", False),
        ("9" * 5000, False),
        ("-1", False),
        ("1.5", False),
        ("²", False),
        ("", False),
        ("soon", False),
        ("Wed, 21 Oct 2026 07:28:00 GMT", False),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_honoured_within_bounds(
    flavour: Flavour, v1: ScriptedV1, naps: list[float], status: int, asked: str, honoured: Any
) -> None:
    raw = httpx.Headers([(b"Retry-After", asked.encode("latin-1"))])
    v1.play(Answer(status, b"", raw))
    flavour.client(v1).call(read)
    assert naps == [float(asked)] if honoured else len(naps) == 1 and 0.125 <= naps[0] <= 0.25


class Bank:
    """A server that counts how often the write is executed, and then may fail to say so."""

    def __init__(self, script: list[str]) -> None:
        self.script = script
        self.played: list[str] = []
        self.executions = 0

    def __call__(self, request: Recorded) -> Answer:
        step = self.script[len(self.played)] if len(self.played) < len(self.script) else "done"
        self.played.append(step)
        executed, outcome = STEPS[step]
        self.executions += executed
        answer = outcome()
        if isinstance(answer, BaseException):
            raise answer
        return answer


STEPS: dict[str, tuple[int, Callable[[], Answer | BaseException]]] = {
    "done": (1, payment),
    "refused": (0, refused),
    "token over": (0, lambda: refused("Unauthorized", code=-1, status=401)),
    "put off": (0, lambda: Answer(429, b"")),
    "invalid": (0, lambda: refused(status=400)),
    "no connection": (0, lambda: httpx.ConnectError("")),
    "connecting too slow": (0, lambda: httpx.ConnectTimeout("")),
    "no room": (0, lambda: httpx.PoolTimeout("")),
    "done, answer lost": (1, lambda: httpx.ReadTimeout("")),
    "done, connection broken": (1, lambda: httpx.RemoteProtocolError("")),
    "done, reset": (1, lambda: ConnectionResetError()),
    "half sent, done": (1, lambda: httpx.WriteError("")),
    "done, 502": (1, lambda: Answer(502, b"<html>")),
    "done, 503": (1, lambda: Answer(503, b"", {"retry-after": "0"})),
    "done, 504 with an envelope": (1, lambda: refused(status=504)),
    "done, 408": (1, lambda: Answer(408, b"")),
    "done, page": (1, lambda: Answer(200, b"<html>")),
    "done, empty": (1, lambda: Answer(200, b"")),
    "done, truncated": (1, lambda: Answer(200, payment().body[:-9])),
    "done, data": (1, lambda: Answer(200, b'{"code":0,"data":{}}')),
    "done, moved": (1, lambda: Answer(302, b"", {"location": "/payments/cancel"})),
}
WRITES: list[Callable[[Any], Any]] = [
    write,
    lambda c: c.subscribe.again(customer_uid="c", merchant_uid="o", amount=1000, name="정기"),
    lambda c: c.vbanks.revoke("imp_1"),
    lambda c: c.prepare.update(merchant_uid="o", amount=1000),
    lambda c: c.request("POST", "/payments/cancel", body={"imp_uid": "imp_1"}),
]


@pytest.mark.parametrize("kind", [SyncFlavour, AsyncFlavour], ids=["sync", "async"])
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    script=st.lists(st.sampled_from(sorted(STEPS)), max_size=8),
    retries=st.integers(0, 6),
    write=st.sampled_from(WRITES),
)
def test_no_script_of_failures_executes_a_write_twice(
    kind: type[Flavour], script: list[str], retries: int, write: Callable[[Any], Any]
) -> None:
    v1, bank, flavour = ScriptedV1(), Bank(script), kind()
    v1.default = bank
    try:
        try:
            flavour.client(v1, max_retries=retries).call(write)
            ended: PortOneError | None = None
        except PortOneError as error:
            ended = error
    finally:
        flavour.finish()
    assert bank.executions <= 1
    if ended is None:
        assert bank.executions == 1
    elif bank.executions:
        assert type(ended) is OutcomeUnknownError
    else:
        assert not isinstance(ended, OutcomeUnknownError | ResponseFormatError | ServerError | NoAnswerError)
    assert all(STEPS[step][0] == 0 for step in bank.played[:-1])
    assert len(bank.played) <= retries + 2  # and once more after a 401


def test_a_refused_write_is_over(flavour: Flavour, v1: ScriptedV1) -> None:
    v1.play(httpx.ConnectError(""), refused())
    assert type(flavour.client(v1).failure(write)) is RefusedError
    assert len(v1.calls) == 2
