"""Find what the rules describe, in the journal and the payments. This only reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, TypeGuard

from portone_v1_generated.operations import OPERATIONS

from ..state.exchanges import Exchange

if TYPE_CHECKING:
    from ..state.payments import PaymentRecord
    from ..state.state import State

__all__ = ["OF_ONE_PAYMENT", "Seen", "detect", "is_about"]

WEBHOOK: Final = "_sandbox_webhook"
OPENED: Final = "request_pay"
RESULT: Final = "window_result"
LATE_SECONDS: Final = 5.0
"""A response to a webhook is late after this time: a sixth of V1's limit."""
UNANSWERED: Final = frozenset(
    {
        "BrokenPipeError",
        "ConnectionAbortedError",
        "ConnectionResetError",
        "ReadError",
        "RemoteProtocolError",
        "WriteError",
    }
)
"""Errors of a dropped connection. A refused one is not listed: the shop is not running, which is no mistake in it."""
UNKNOWN: Final = ("unknown pg ", "unknown channelKey ")
BY_PG: Final = ("billing_keys_issue", "subscribe_onetime")
LONE_LOGINS: Final = 3
READS: Final = frozenset(each.id for each in OPERATIONS.values() if each.safe and each.area == "payments")
PREPARES: Final = frozenset({"prepare_create", "prepare_update"})
Found = Iterator[tuple[str, Iterable[Exchange]]]


@dataclass(frozen=True, slots=True)
class Seen:
    """The journal and the payments that the rules look at."""

    journal: list[Exchange]
    state: State

    def of(self, *operations: str) -> list[Exchange]:
        return [each for each in self.journal if each.operation in operations]

    def payment(self, exchange: Exchange) -> PaymentRecord | None:
        uid = exchange.arguments.get("imp_uid")
        is_known = isinstance(uid, str) and uid in self.state.payments
        return self.state.payments.get_clean(str(uid)) if is_known else None

    def read_after(self, payment: PaymentRecord, number: int) -> bool:
        """Return whether the shop has read a payment back since this exchange."""
        return any(
            each.number > number and each.operation in READS and _succeeded(each) and is_about(each, payment)
            for each in self.journal
        )


def detect(seen: Seen, looks: Iterable[Look] | None = None) -> dict[str, list[tuple[Exchange, ...]]]:
    """Return the evidence of each finding, by rule."""
    found: dict[str, list[tuple[Exchange, ...]]] = {}
    for look in LOOKS if looks is None else looks:
        for rule, evidence in look(seen):
            found.setdefault(rule, []).append(tuple(evidence))
    return found


def _webhooks(seen: Seen) -> Found:
    for webhook in seen.of(WEBHOOK):
        accepted = 200 <= webhook.status < 300
        reason = webhook.message or ""
        if webhook.took > LATE_SECONDS or reason.endswith(("Timeout", "TimeoutError")) or reason in UNANSWERED:
            yield "webhook-late", [webhook]
        payment = seen.payment(webhook)
        if not accepted or payment is None or webhook.arguments.get("status") not in ("paid", "ready"):
            continue
        if seen.read_after(payment, webhook.since):
            continue
        meanwhile = [each for each in seen.journal if webhook.since < each.number < webhook.number]
        failed = [each for each in meanwhile if not _succeeded(each) and each.operation in READS | {"auth_get_token"}]
        if failed:
            yield "webhook-lost", [*failed, webhook]
        else:
            yield "never-read-back", [webhook]


def _windows(seen: Seen) -> Found:
    for result in seen.of(RESULT):
        payment = seen.payment(result)
        if payment is not None and payment.paid_at and not seen.read_after(payment, result.number):
            yield "browser-word", [result]
    opened_before: dict[Any, Exchange] = {}
    prepared = seen.of(*PREPARES)
    for charged in seen.of(*BY_PG):
        if any(text.startswith(UNKNOWN) for text in charged.advice):
            yield "unknown-channel", [charged]
    for opened in seen.of(OPENED):
        order = opened.arguments.get("merchant_uid")
        if any(text.startswith(UNKNOWN) for text in opened.advice):
            yield "unknown-channel", [opened]
        if opened.status >= 400 or opened.code:
            continue
        own = [each for each in prepared if each.arguments.get("merchant_uid") == order and _succeeded(each)]
        if own and own[0].number > opened.number:
            yield "prepared-late", [opened, own[0]]
        elif not own:
            first = opened_before.setdefault(order, opened)
            if first is opened or first.arguments.get("amount") != opened.arguments.get("amount"):
                yield "amount-from-page", [opened] if first is opened else [first, opened]


def _cancels(seen: Seen) -> Found:
    for each in seen.of("payments_cancel"):
        if "checksum" not in each.arguments:
            yield "cancel-without-checksum", [each]


def _logins(seen: Seen) -> Found:
    """Find logins that serve a single call each: nobody keeps the token."""
    calls = [each for each in seen.journal if each.operation in OPERATIONS]
    at = [place for place, each in enumerate(calls) if each.operation == "auth_get_token" and _succeeded(each)]
    lone = [
        place
        for place, following in pairwise([*at, len(calls)])
        if following - place == 2 and calls[place + 1].status != 401
    ]
    if len(lone) >= LONE_LOGINS and len(lone) * 2 > len(at):
        yield "token-per-call", [calls[place] for place in lone[:10]]


def _succeeded(each: Exchange) -> bool:
    return each.status < 400 and each.code == 0 and each.fault in (None, "delay", "duplicate")


def is_about(read: Exchange, payment: PaymentRecord) -> bool:
    named = [text for name in ("imp_uid", "imp_uid[]", "merchant_uid", "merchant_uid[]") for text in _texts(read, name)]
    return not named or payment.imp_uid in named or payment.merchant_uid in named


def _is_list(value: object) -> TypeGuard[list[Any]]:
    return isinstance(value, list)


def _texts(read: Exchange, name: str) -> list[Any]:
    value = read.arguments.get(name)
    items: list[Any] = value if _is_list(value) else [value]
    return [item for item in items if item is not None]


Look = Callable[[Seen], Found]
OF_ONE_PAYMENT: Final[tuple[Look, ...]] = (_webhooks, _windows, _cancels)
LOOKS: Final[tuple[Look, ...]] = (*OF_ONE_PAYMENT, _logins)
