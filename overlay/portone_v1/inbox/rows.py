"""A row of the inbox, a task of the outbox, and when each is due. Pure: no store, no clock, no network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

from attrs import evolve, field, frozen
from portone_v1_generated.models.payments import Payment

from .._decisions.amounts import known_amount
from .events import Progress

__all__ = [
    "LEASE",
    "InboxRow",
    "ReceivedWebhook",
    "Task",
    "after_failure",
    "after_look",
    "merge_claims",
    "merged",
    "new_row",
    "received_again",
    "task_retry_at",
]

RETRY_DELAYS: Final = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)
"""Seconds before each further read."""
REREAD_FOR: Final = 600.0
"""Seconds for which V1 is read again after a webhook from PortOne's addresses, until it shows what that says."""
REREAD_FOR_STRANGERS: Final = 60.0
SLOW_RETRY: Final = 300.0
LEASE: Final = 60.0
CLAIMS_KEPT: Final = 8

State = Literal["waiting", "done", "dead"]


@frozen
class ReceivedWebhook:
    """The stored part of a webhook."""

    key: str
    kind: Literal["payment", "escrow"]
    imp_uid: str
    merchant_uid: str | None = None
    tier: str | None = None
    claims: tuple[str, ...] = ()
    """What a read has to show, as the webhook says: `paid`, `failed`, `cancelled`, `cancelled:<cancellation_id>`."""
    believed: bool = False
    """It came from a PortOne address: V1 is read again for longer, but nothing more is trusted."""
    payload: Mapping[str, Any] = field(factory=dict[str, Any], repr=False)
    """Fields of an escrow event; empty for payments."""


@frozen
class InboxRow:
    """A payment or an escrow event, and the progress of its processing."""

    key: str
    kind: Literal["payment", "escrow"]
    imp_uid: str
    merchant_uid: str | None = None
    tier: str | None = None
    wanted: int = 1
    """Number of webhooks received for it."""
    done: int = 0
    """Number of these webhooks that a finished read has processed."""
    claims: tuple[str, ...] = ()
    believed: bool = False
    first_at: float = 0.0
    """When the last webhook came. V1 is read again for a while from then on. UNIX seconds."""
    due_at: float | None = None
    owner: str | None = None
    lease_until: float = 0.0
    tries: int = 0
    progress: Progress = field(factory=Progress)
    """Progress that was processed last."""
    state: State = "waiting"
    error: str = ""
    """Class of the last failure, never its text."""
    payload: Mapping[str, Any] = field(factory=dict[str, Any], repr=False)


@frozen
class Task:
    """커밋 뒤 작업: Work that is written in the handler's transaction and runs at least once after it."""

    id: str
    key: str
    name: str
    arguments: Mapping[str, Any] = field(factory=dict[str, Any], repr=False)
    due_at: float | None = None
    tries: int = 0
    error: str = ""


def new_row(webhook: ReceivedWebhook, now: float) -> InboxRow:
    return InboxRow(
        key=webhook.key,
        kind=webhook.kind,
        imp_uid=webhook.imp_uid,
        merchant_uid=webhook.merchant_uid,
        tier=webhook.tier,
        claims=merge_claims((), webhook.claims),
        believed=webhook.believed,
        first_at=now,
        due_at=now,
        payload=webhook.payload,
    )


def merge_claims(known: tuple[str, ...], claims: tuple[str, ...]) -> tuple[str, ...]:
    """Return the latest few claims, each once: an endless stream of invented ones must not fill the row."""
    return tuple(dict.fromkeys((*known, *claims)))[-CLAIMS_KEPT:]


def received_again(row: InboxRow, webhook: ReceivedWebhook, now: float) -> InboxRow:
    """Return the row after another webhook for it. A read that is in progress must be repeated."""
    return evolve(
        row,
        wanted=row.wanted + 1,
        claims=merge_claims(row.claims, webhook.claims),
        # A stranger's webhook gains nothing from what PortOne sent earlier and V1 has shown since.
        believed=webhook.believed or (row.believed and bool(row.claims)),
        first_at=now,
        due_at=now,
        tries=0,
        state="waiting",
    )


def merged(row: InboxRow, stored: InboxRow, now: float) -> InboxRow:
    """Return the row that replaces `stored`: webhooks received since the lease make it due again, with their claims."""
    if stored.wanted <= row.wanted:
        return row
    return evolve(
        row,
        wanted=stored.wanted,
        claims=stored.claims,
        believed=stored.believed,
        first_at=stored.first_at,
        due_at=now,
        tries=0,
        state="waiting",
    )


def after_look(row: InboxRow, *, answered: int, payment: Payment | None, handled: Progress, now: float) -> InboxRow:
    """Return the row after a read whose changes were all processed.

    Args:
        answered: webhooks received before the read began.
        payment: payment that was read; None for an escrow event.
        handled: progress that the handler has processed now.
    """
    open_claims = () if payment is None else tuple(claim for claim in row.claims if not _shown(claim, payment))
    reread_for = REREAD_FOR if row.believed else REREAD_FOR_STRANGERS
    waiting = bool(open_claims) and now < row.first_at + reread_for
    return evolve(
        row,
        done=answered,
        claims=open_claims if waiting else (),
        due_at=now + _delay(row.tries) if waiting else None,
        tries=row.tries + 1 if waiting else 0,
        state="waiting" if waiting else "done",
        progress=max(handled, row.progress),
        error="",
        owner=None,
        lease_until=0.0,
    )


def after_failure(row: InboxRow, error: str, *, ends: bool, now: float) -> InboxRow:
    """Return the row after a read or a handler that failed.

    Args:
        error: class of the failure.
        ends: whether it can fail for ever: V1 has no such payment, or the shop has no such order.
    """
    over = now >= row.first_at + REREAD_FOR
    dead = ends and over
    delay = SLOW_RETRY if over else _delay(row.tries)
    return evolve(
        row,
        due_at=None if dead else now + delay,
        tries=row.tries + 1,
        state="dead" if dead else "waiting",
        error=error[:64],
        owner=None,
        lease_until=0.0,
    )


def task_retry_at(task: Task, now: float) -> float:
    return now + min(2.0 ** min(task.tries, 12), 3600.0)


def _delay(tries: int) -> float:
    return RETRY_DELAYS[min(tries, len(RETRY_DELAYS) - 1)]


def _shown(claim: str, payment: Payment) -> bool:
    status, _, cancellation = claim.partition(":")
    if cancellation:
        return any(cancel.cancellation_id == cancellation for cancel in payment.cancel_history or [])
    if status == "cancelled":
        return known_amount(payment.cancel_amount) > 0 or str(payment.status) == "cancelled"
    return Progress.rank_of(str(payment.status)) >= Progress.rank_of(status)
