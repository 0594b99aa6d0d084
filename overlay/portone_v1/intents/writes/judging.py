"""Judge by what V1 shows of a write whether it was executed. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from portone_v1_generated.models.billing_keys import Customer, SuperBillingKey
from portone_v1_generated.models.payments import Payment
from portone_v1_generated.models.subscribe import ScheduleResult

from ..charges import judge_answer, judge_charge
from ..elapsed import elapsed, since
from ..intent import EARLIER, Intent
from ..verdict import BUYER_CHANNELS, Verdict
from .naver import judge_product_orders
from .refunds import judge_answered_refund, judge_plain_refund
from .table import row_of

__all__ = ["judge_answered", "judge_write", "with_earlier_attempts"]

Judge = Callable[[Intent, Any], bool | None]
"""True: it was executed. False: V1 shows no trace of it. None: what V1 shows proves neither."""
NO_TRACE: Final = "V1 shows no trace of it"
NOTHING: Final = "V1 shows nothing of it: look at the PG's console, then call intents.resolve"
TOO_EARLY: Final = "too early to say"


def judge_write(intent: Intent, shown: Any, now: float, quiet: float) -> Verdict:
    """Return the verdict on this write from what V1 shows.

    Args:
        shown: what the row's read returned; None if there is no such record.
        now: V1's clock; 0 if it is not known.
        quiet: seconds after which a request without a trace counts as one that is never executed.
    """
    row = row_of(intent.operation)
    if row.moves == "charge":
        return judge_charge(with_earlier_attempts(intent, shown), shown, now, quiet)
    if row.moves == "refund":
        return judge_plain_refund(intent, shown, now, quiet)
    if row.shown_by == "nothing":
        return Verdict("undecided", final=False, reason=NOTHING)
    if row.shown_by == "product orders":
        return judge_product_orders(intent, shown or ())
    executed = JUDGES[intent.operation](intent, shown)
    if executed:
        account = _accounts(intent, shown)[0] if row.shown_by == "attempts" else None
        return Verdict("done", final=True, payment=account, evidence="read")
    if executed is None:
        return Verdict("undecided", final=False, reason=NOTHING)
    if elapsed(intent, now) < quiet:
        return Verdict("undecided", final=False, reason=TOO_EARLY)
    return Verdict("not_done", final=True, reason=NO_TRACE, evidence="read")


def judge_answered(intent: Intent, data: object) -> Verdict:
    """Return the verdict on a call that was answered with success."""
    row = row_of(intent.operation)
    if row.moves and isinstance(data, Payment):
        return judge_answer(data) if row.moves == "charge" else judge_answered_refund(intent, data)
    return Verdict("done", final=True, evidence="answer")


def with_earlier_attempts(intent: Intent, found: Sequence[Payment]) -> Intent:
    """Note attempts that began before the write, which are not ours: a plain charge reads none before it is sent."""
    began = since(intent)
    if "attempts" in intent.before or began is None:
        return intent
    early = [each for each in found if not _at_or_after(each.started_at or each.paid_at, began)]
    attempts = {each.imp_uid: str(each.status) for each in early}
    attempts |= dict.fromkeys(intent.before.get(EARLIER, ()), "")
    return intent.changed(before={**intent.before, "attempts": attempts})


def _at_or_after(when: Any, began: float) -> bool:
    """Return whether a time that V1 shows is not before the write. One that it does not show may be after it."""
    if not isinstance(when, datetime):
        return True
    return when.timestamp() >= began


def _account(intent: Intent, found: Sequence[Payment]) -> bool | None:
    new = _accounts(intent, found)
    if since(intent) is None:
        return None if new else False
    return bool(new)


def _accounts(intent: Intent, found: Sequence[Payment]) -> list[Payment]:
    began, known = since(intent), intent.before.get(EARLIER, ())
    return [
        each
        for each in found
        if each.channel not in BUYER_CHANNELS
        and each.pay_method in ("vbank", "cvs")
        and each.amount == Decimal(str(intent.arguments["amount"]))
        and each.imp_uid not in known
        and (began is None or _at_or_after(each.started_at, began))
    ]


def _revoked(_: Intent, payment: Payment | None) -> bool | None:
    return None if payment is None else payment.status in ("failed", "cancelled")


def _account_changed(intent: Intent, payment: Payment | None) -> bool | None:
    if payment is None:
        return None
    amount, due = intent.arguments.get("amount"), intent.arguments.get("vbank_due")
    same = amount is None or payment.amount == Decimal(str(amount))
    if due is not None:  # PGs know days only
        shown = payment.vbank_date
        same = same and isinstance(shown, datetime) and abs(shown.timestamp() - float(str(due))) < 86_400
    return same


def _wanted_entries(intent: Intent) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = intent.arguments.get("schedules") or []
    return entries


def _scheduled(intent: Intent, found: Sequence[ScheduleResult | None]) -> bool | None:
    wanted = _wanted_entries(intent)
    matched = [each is not None and _same_entry(entry, intent, each) for entry, each in zip(wanted, found, strict=True)]
    if wanted and all(matched):
        return True
    return None if any(matched) or not wanted else False


def _same_entry(entry: Mapping[str, Any], intent: Intent, shown: ScheduleResult) -> bool:
    """Return whether it is the entry's schedule. V1 keeps revoked ones: one revoked before the write is older."""
    amount, began = entry.get("amount"), since(intent)
    revoked = shown.schedule_status == "revoked"
    return (
        not (revoked and (began is None or not _at_or_after(shown.revoked_at, began)))
        and shown.customer_uid == intent.arguments.get("customer_uid")
        and _is_at(shown.schedule_at, entry.get("schedule_at"))
        and (amount is None or shown.amount == Decimal(str(amount)))
    )


def _is_at(shown: Any, wanted: object) -> bool:
    return isinstance(shown, datetime) and int(shown.timestamp()) == int(str(wanted))


def _moved(intent: Intent, found: Sequence[ScheduleResult | None]) -> bool | None:
    return any(each is not None and _is_at(each.schedule_at, intent.arguments.get("schedule_at")) for each in found)


def _unscheduled(intent: Intent, found: Sequence[ScheduleResult | None]) -> bool | None:
    """Return whether every schedule is revoked that the write named, or that existed before it."""
    if "merchant_uid" not in intent.arguments and "scheduled" not in intent.before:
        return None  # no list of the key's schedules: others may have been added since
    return not any(each is not None and _was_not_revoked(intent, each) for each in found)


def _was_not_revoked(intent: Intent, shown: ScheduleResult) -> bool:
    """Return whether it was not revoked: it is still scheduled, or V1 executed it after the write was sent."""
    began = since(intent)
    executed = shown.schedule_status == "executed" and began is not None and _at_or_after(shown.executed_at, began)
    return executed or shown.schedule_status == "scheduled"


def _key_issued(intent: Intent, shown: Customer | SuperBillingKey | None) -> bool | None:
    began = since(intent)
    when: Any = getattr(shown, "updated", None) or getattr(shown, "inserted", None)
    if shown is None:
        return False
    if began is None or not isinstance(when, datetime):
        return None
    return when.timestamp() >= began


def _key_deleted(intent: Intent, shown: Customer | SuperBillingKey | None) -> bool | None:
    return shown is None or (None if _key_issued(intent, shown) else False)  # issued anew since


def _prepared(intent: Intent, shown: Any) -> bool | None:
    if shown is None:
        return False
    amount, currency = intent.arguments.get("amount"), intent.arguments.get("currency")
    return shown.amount == Decimal(str(amount)) and (currency is None or shown.currency in (None, currency))


def _in_force(_: Intent, receipt: Any) -> bool | None:
    return receipt is not None and not receipt.cancelled_at


def _receipt_revoked(_: Intent, receipt: Any) -> bool | None:
    return receipt is None or bool(receipt.cancelled_at)


def _delivery(intent: Intent, shown: Any) -> bool | None:
    kept: dict[str, Any] = intent.arguments.get("logis") or {}
    invoice = kept.get("invoice")
    return None if invoice is None else shown is not None and shown.invoice == invoice


def _there(_: Intent, shown: object) -> bool | None:
    return shown is not None


def _gone(_: Intent, shown: object) -> bool | None:
    return shown is None


def _certified(_: Intent, shown: Any) -> bool | None:
    return shown is not None and bool(shown.certified)


JUDGES: Final[Mapping[str, Judge]] = MappingProxyType(
    {
        "vbanks.issue": _account,
        "cvs.issue": _account,
        "vbanks.revoke": _revoked,
        "cvs.revoke": _revoked,
        "vbanks.update": _account_changed,
        "subscribe.schedule": _scheduled,
        "subscribe.update_schedule": _moved,
        "subscribe.reschedule": _moved,
        "subscribe.unschedule": _unscheduled,
        "billing_keys.issue": _key_issued,
        "billing_keys.delete": _key_deleted,
        "prepare.create": _prepared,
        "prepare.update": _prepared,
        "receipts.issue": _in_force,
        "receipts.issue_external": _in_force,
        "receipts.revoke": _receipt_revoked,
        "receipts.revoke_external": _receipt_revoked,
        "escrow.register": _delivery,
        "escrow.update": _delivery,
        "tiers.create": _there,
        "tiers.delete": _gone,
        "certifications.delete": _gone,
        "certifications.confirm_otp": _certified,
    }
)
