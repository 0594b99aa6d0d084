"""What a client reports to `PortOne(on_event=…)`: one frozen class for each event, with its own `kind`.

    def on_event(event: Event) -> None:
        if event.kind == "call_ended" and event.error == "OutcomeUnknownError":
            page_somebody(event.operation, event.imp_uid)

Events hold ids, numbers and names of this package. Never in them: keys, tokens, bodies, answers, queries, real paths,
`customer_uid` (it represents a card), a PG's sentences (they quote card numbers), persons.

The hook is called in the thread or task of the call, before the call continues: keep it short. An exception that it
raises is logged once and changes nothing. Calls that the hook makes itself are not reported.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import field, frozen

__all__ = [
    "CallEnded",
    "CallRetried",
    "CallStarted",
    "Event",
    "IntentBusy",
    "IntentOpened",
    "IntentSettled",
    "RequestEnded",
    "RequestStarted",
    "TokenRenewed",
]


@frozen(kw_only=True)
class _OfCall:
    request_id: str
    """The call, with all its requests. The client's own: V1 is not known to number requests. Errors have it too."""
    operation: str
    """The name that callers use: `payments.cancel`; `auth.get_token` for the access token."""
    imp_uid: str | None = None
    merchant_uid: str | None = None
    tier: str | None = None
    """하위 상점 고유코드."""


@frozen(kw_only=True)
class CallStarted(_OfCall):
    """호출 시작: an operation was called. Nothing is sent yet."""

    safe: bool
    """It only reads."""
    kind: Literal["call_started"] = field(default="call_started", init=False)


@frozen(kw_only=True)
class RequestStarted(_OfCall):
    """요청 시작: a request is about to be sent."""

    attempt: int
    """1 for the first request of a call."""
    method: str
    path: str
    """As the vendor writes it, ids not filled in: `/payments/{imp_uid}`."""
    host: str
    port: int
    kind: Literal["request_started"] = field(default="request_started", init=False)


@frozen(kw_only=True)
class RequestEnded(_OfCall):
    """요청 종료: the answer came, or it is certain that none will."""

    attempt: int
    method: str
    path: str
    host: str
    port: int
    seconds: float
    status: int | None
    """HTTP status; None if no answer came."""
    error: str | None
    """`NotSent`: the request was certainly not sent. `NoAnswer`: it may have arrived. Or the exception's class."""
    kind: Literal["request_ended"] = field(default="request_ended", init=False)


@frozen(kw_only=True)
class CallRetried(_OfCall):
    """재시도: the request is repeated after `pause`, because it only reads or was certainly not executed."""

    attempt: int
    """The number of the attempt that failed."""
    status: int | None
    error: str
    """The class of the error, `ServerError`."""
    pause: float
    """Seconds."""
    kind: Literal["call_retried"] = field(default="call_retried", init=False)


@frozen(kw_only=True)
class CallEnded(_OfCall):
    """호출 종료: the call returned or raised."""

    attempts: int
    """How many requests it took; 0 if none was sent."""
    seconds: float
    """Including all its requests and pauses, and the access token if the call had to wait for one."""
    status: int | None
    code: int | None
    """V1's `code`, if its envelope came."""
    error: str | None
    """The class that was raised; `OutcomeUnknownError`: money may have moved."""
    kind: Literal["call_ended"] = field(default="call_ended", init=False)


@frozen(kw_only=True)
class TokenRenewed:
    """토큰 갱신: the client has another access token."""

    seconds: float
    """How long it lives."""
    shared: bool
    """It came from the `token_store`, and V1 was not asked."""
    kind: Literal["token_renewed"] = field(default="token_renewed", init=False)


@frozen(kw_only=True)
class IntentOpened:
    """저널 기록 시작: the journal has recorded a write that is not sent yet."""

    intent_id: str
    operation: str
    imp_uid: str | None = None
    merchant_uid: str | None = None
    tier: str | None = None
    kind: Literal["intent_opened"] = field(default="intent_opened", init=False)


@frozen(kw_only=True)
class IntentBusy:
    """저널 대기: a call waits for an earlier one that is running, or was killed, before it sends anything."""

    intent_id: str
    operation: str
    """The operation of the earlier call, to which the ids belong too."""
    seconds: float
    """Seconds for which the earlier call may still be running. The call that waits gives up at its own deadline."""
    imp_uid: str | None = None
    merchant_uid: str | None = None
    tier: str | None = None
    kind: Literal["intent_busy"] = field(default="intent_busy", init=False)


@frozen(kw_only=True)
class IntentSettled:
    """저널 기록 확정: the journal has recorded what became of a write."""

    intent_id: str
    operation: str
    outcome: str
    """`paid`, `declined`, `not_charged`, `refunded`, `accepted`, `refused`, `not_refunded`, …"""
    executed: bool
    """Money moved, or the write took effect."""
    imp_uid: str | None = None
    merchant_uid: str | None = None
    tier: str | None = None
    kind: Literal["intent_settled"] = field(default="intent_settled", init=False)


Event: TypeAlias = (
    CallStarted
    | RequestStarted
    | RequestEnded
    | CallRetried
    | CallEnded
    | TokenRenewed
    | IntentOpened
    | IntentBusy
    | IntentSettled
)
"""What `on_event` is called with."""
