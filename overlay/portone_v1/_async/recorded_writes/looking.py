# The source of both flavours: `make generate` writes _sync/recorded_writes/looking.py from it.
"""Read from V1 what the table names for a write, and judge whether the write was executed."""

# pyright: reportPrivateUsage=false

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portone_v1_generated.models.payments import Payment

from ..._http.concurrency import AsyncFunction
from ...errors import InvalidRequestError, NotFoundError, RefusedError
from ...intents.charges import judge_charge
from ...intents.intent import Intent
from ...intents.refunds import judge_refund
from ...intents.refusals import says_nothing_is_there
from ...intents.verdict import Verdict, balance_of
from ...intents.writes import judge_write, row_of
from .evidence import AsyncEvidence

if TYPE_CHECKING:
    from ..base_client import AsyncBaseClient

__all__ = ["look_at"]


async def look_at(evidence: AsyncEvidence, intent: Intent, quiet: float) -> Verdict:
    """Read what V1 shows of a write now, and return the verdict."""
    shown = await _shown(evidence, intent)
    if "attempts" in intent.before:  # `again_once`, `onetime_once`
        return judge_charge(intent, shown, evidence.read_at, quiet)
    if "asked" in intent.arguments:  # `cancel_once`
        return judge_refund(intent, shown, evidence.read_at, quiet)
    return judge_write(intent, shown, evidence.read_at, quiet)


async def _shown(evidence: AsyncEvidence, intent: Intent) -> Any:
    named = {name: str(value) for name, value in intent.arguments.items()}
    match row_of(intent.operation).shown_by:
        case "attempts":
            return await evidence.attempts(named["merchant_uid"])
        case "payment":
            return await _payment(evidence, intent)
        case "schedules":
            return [await _schedule(evidence, each) for each in _numbers(intent)]
        case "billing key":
            return await _one(evidence, lambda api: api.billing_keys.with_raw_response.get(named["customer_uid"]))
        case "prepared":
            return await _one(evidence, lambda api: api.prepare.with_raw_response.get(named["merchant_uid"]))
        case "receipt":
            return await _one(evidence, lambda api: api.receipts.with_raw_response.get(named["imp_uid"]))
        case "external receipt":
            return await _one(evidence, lambda api: api.receipts.with_raw_response.get_external(named["merchant_uid"]))
        case "escrow":
            return await _one(evidence, lambda api: api.escrow.with_raw_response.get(named["imp_uid"]))
        case "tier":
            return await _one(evidence, lambda api: api.tiers.with_raw_response.get(named["tier_code"]))
        case "certification":
            return await _one(evidence, lambda api: api.certifications.with_raw_response.get(named["imp_uid"]))
        case "product orders":
            return await _one(evidence, lambda api: api.naver.with_raw_response.list_product_orders(named["imp_uid"]))
        case "nothing":
            return None


async def _payment(evidence: AsyncEvidence, intent: Intent) -> Payment | None:
    imp_uid = intent.arguments.get("imp_uid")
    if imp_uid is not None:
        try:
            return await evidence.payment(str(imp_uid))
        except NotFoundError as error:
            if "asked" in intent.arguments:
                raise
            evidence.note(error.headers)
            return None
    found = await evidence.attempts(str(intent.arguments["merchant_uid"]))
    paid = [each for each in found if each.status in ("paid", "cancelled")]
    return next((each for each in paid if balance_of(each) > 0), paid[0] if paid else None)


def _numbers(intent: Intent) -> list[str]:
    """Return the order numbers that a write of schedules is about."""
    entries, named = intent.arguments.get("schedules"), intent.arguments.get("merchant_uid")
    if entries is not None:
        return [str(entry["merchant_uid"]) for entry in entries]
    if named is None:
        return [str(each) for each in intent.before.get("scheduled", ())]
    return [named] if isinstance(named, str) else [str(each) for each in named]


async def _schedule(evidence: AsyncEvidence, merchant_uid: str) -> Any:
    return await _one(evidence, lambda api: api.subscribe.with_raw_response.get_schedule(merchant_uid))


async def _one(evidence: AsyncEvidence, ask: AsyncFunction[[AsyncBaseClient], Any]) -> Any:
    """Read one record. Return None if V1 says there is none: by 404, 409 for a delivery, or a message with 200."""
    try:
        raw = await ask(evidence.reader())
    except NotFoundError as error:
        evidence.note(error.headers)
        return None
    except RefusedError as error:
        if not says_nothing_is_there(error.message):
            raise
        evidence.note(error.headers)
        return None
    except InvalidRequestError as error:
        if error.status != 409:
            raise
        evidence.note(error.headers)
        return None
    evidence.note(raw.headers)
    return raw.data
