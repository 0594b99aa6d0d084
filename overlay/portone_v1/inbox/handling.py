"""Classification of webhooks, and the response to each."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, cast

from attrs import frozen
from portone_v1_runtime import exact_json
from portone_v1_runtime.decode import as_money, as_text, as_time

from ..webhooks import WebhookEvent, WebhookFormatError, parse
from .events import CheckoutConfirm, CvsConfirm, EscrowChanged
from .rows import InboxRow, ReceivedWebhook

__all__ = [
    "Answer",
    "RetryLater",
    "UnknownOrder",
    "checkout_answer",
    "cvs_answer",
    "escrow_event",
    "payments_named",
    "question_or_webhook",
]

log: logging.Logger = logging.getLogger("portone_v1.webhook")

UNSTORABLE: Final = dict.fromkeys((0, *range(0xD800, 0xE000)), "\ufffd")
"""NUL and half a surrogate pair, which JSON may hold: no database takes them as text."""
CONSOLE_TEST: Final = "imp_1234567890"
"""What the test button of the console posts, with `merchant_1234567890` (third-party: two projects' tests)."""


class RetryLater(Exception):
    """Raise from a handler if the order is not stored *yet*. The payment is processed again for ten minutes."""


class UnknownOrder(Exception):
    """Raise from a handler if the order does not exist and never will. The payment counts as processed."""


@frozen
class Answer:
    """An HTTP status and a short text that PortOne's console shows."""

    status: int
    text: str
    content_type: str = "text/plain; charset=utf-8"


def question_or_webhook(
    body: bytes | str, content_type: str | None, *, tier: str | None, believed: bool
) -> Answer | CvsConfirm | CheckoutConfirm | ReceivedWebhook:
    """Classify a webhook: respond at once, ask the handler, or store it."""
    try:
        notice = parse(body, content_type)
    except WebhookFormatError as error:
        if is_v2(body):
            log.error("V2 webhook at the V1 URL: set the webhook version to V1 in the console")  # noqa: TRY400 - no trace
            return Answer(400, "this is a V2 webhook: set the webhook version to V1 in the console")
        return Answer(400, str(error))
    if notice.imp_uid == CONSOLE_TEST:
        return Answer(200, "test webhook of the console received; it contains no payment")
    event = notice.extra.get("event")
    if event == "Galaxia.Cvs.Confirm":
        return CvsConfirm(notice.imp_uid, notice.merchant_uid)
    if event == "Inicis.Escrow.Changed":
        return _escrow_webhook(notice, tier, believed=believed)
    if notice.status is None and "amount" in notice.extra:
        return CheckoutConfirm(notice.imp_uid, notice.merchant_uid, _amount(notice.extra["amount"]))
    return ReceivedWebhook(
        key=f"payment:{tier or ''}:{notice.imp_uid}",
        kind="payment",
        imp_uid=notice.imp_uid,
        merchant_uid=notice.merchant_uid,
        tier=tier,
        claims=_claims(notice),
        believed=believed,
    )


def _claims(notice: WebhookEvent) -> tuple[str, ...]:
    if notice.cancellation_id:
        return (f"cancelled:{notice.cancellation_id}"[:128],)
    return (notice.status,) if notice.status in ("paid", "failed", "cancelled") else ()


def _escrow_webhook(notice: WebhookEvent, tier: str | None, *, believed: bool) -> ReceivedWebhook:
    extra = notice.extra.get("extra")
    fields: Mapping[str, Any] = cast("dict[str, Any]", extra) if isinstance(extra, dict) else {}
    payload = {name: _short(fields.get(name)) for name in ("escrow_status", "changed_at", "denied_reason")}
    content = exact_json.dumps({name: str(value) for name, value in sorted(payload.items())})
    digest = hashlib.sha256(content.encode()).hexdigest()[:16]
    return ReceivedWebhook(
        key=f"escrow:{tier or ''}:{notice.imp_uid}:{digest}",
        kind="escrow",
        imp_uid=notice.imp_uid,
        merchant_uid=notice.merchant_uid,
        tier=tier,
        believed=believed,
        payload=payload,
    )


def _short(value: object) -> str | int | None:
    if value is None or isinstance(value, int):
        return None if isinstance(value, bool) else value
    text: str = as_text(value)
    return text.translate(UNSTORABLE)[:200]


def _amount(value: object) -> Decimal | None:
    found = as_money(value)
    return found if isinstance(found, Decimal) else None


def escrow_event(row: InboxRow) -> EscrowChanged | None:
    """Return the event of a row, or None if it was processed: the key contains its content."""
    if row.done:
        return None
    status, reason = row.payload.get("escrow_status"), row.payload.get("denied_reason")
    return EscrowChanged(
        row.imp_uid,
        row.merchant_uid,
        None if status is None else str(status),
        _time(row.payload.get("changed_at")),
        None if reason is None else str(reason),
        row.believed,
    )


def _time(value: object) -> datetime | None:
    found = as_time(value)
    return found if isinstance(found, datetime) else None


def cvs_answer(*, agreed: bool | None) -> Answer:
    """Return 200 only if the handler agreed: on 200 the convenience store accepts the buyer's money."""
    if agreed is None:
        return Answer(501, "no handler for convenience-store confirmations")
    return Answer(200, "ok") if agreed else Answer(403, "refused")


def checkout_answer(reason: str | None) -> Answer:
    if reason is None:
        return Answer(200, "ok")
    return Answer(400, exact_json.dumps({"reason": reason[:200]}), "application/json; charset=utf-8")


def payments_named(imp_uids: Iterable[str]) -> list[str]:
    """Return the ids to replay. An empty one is refused: V1 cannot be asked for it, so it would be read for ever."""
    if isinstance(imp_uids, str):
        raise TypeError("imp_uids must be several ids: replay([imp_uid])")
    named = list(imp_uids)
    if not all(imp_uid.strip(" .") for imp_uid in named):
        raise ValueError("an imp_uid is empty")
    return named


def is_v2(body: bytes | str) -> bool:
    """Return whether this is a webhook of REST API V2, which has another setting in the console."""
    try:
        data: object = exact_json.loads(body if isinstance(body, str) else body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return False
    if not isinstance(data, dict) or "imp_uid" in data:
        return False
    return {"tx_id", "payment_id"} <= data.keys() or {"type", "data"} <= data.keys()
