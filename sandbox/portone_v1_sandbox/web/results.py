"""The result of a window: the argument of the page's callback, or the query of its redirect URL."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, Final
from urllib.parse import urlencode, urlsplit, urlunsplit

from ..state.payments import PaymentRecord
from ..wire.money import to_wire
from .sessions import Window

__all__ = ["ABANDONED", "DECLINED", "certified", "failure", "paid", "redirect"]

ABANDONED: Final = ("F400", "[결제포기] 사용자가 결제를 취소하셨습니다")
"""The message is observed, the code is assumed."""
DECLINED: Final = "F500"
"""Assumed."""
KST: Final = timezone(timedelta(hours=9))

RESULT_FIELDS: Final = (
    "imp_uid",
    "merchant_uid",
    "pay_method",
    "status",
    "name",
    "currency",
    "pg_provider",
    "emb_pg_provider",
    "pg_tid",
    "apply_num",
    "bank_name",
    "card_name",
    "card_number",
    "card_quota",
    "vbank_name",
    "vbank_num",
    "vbank_holder",
    "buyer_name",
    "buyer_email",
    "buyer_tel",
    "buyer_addr",
    "buyer_postcode",
    "customer_uid",
    "paid_at",
    "receipt_url",
)


def paid(window: Window, payment: PaymentRecord) -> dict[str, Any]:
    """Return the result of an approved payment, or of an issued account."""
    result = {name: getattr(payment, name) for name in RESULT_FIELDS}
    result |= {"success": True, "error_code": None, "error_msg": None, "pg_type": "payment"}
    result |= {"paid_amount": to_wire(payment.amount), "custom_data": window.asked.get("custom_data")}
    result["vbank_date"] = _korean_time(payment.vbank_date) if payment.vbank_date else None
    return dict(sorted(result.items()))


def failure(window: Window, code: str, message: str, payment: PaymentRecord | None = None) -> dict[str, Any]:
    """Return the result of a failure."""
    asked = window.asked
    result = {
        "error_code": code,
        "error_msg": message,
        "imp_uid": window.imp_uid,
        "merchant_uid": asked.get("merchant_uid"),
        "success": False,
    }
    if window.kind == "payment":
        result["pay_method"] = asked.get("pay_method") if payment is None else payment.pay_method
        result["status"] = None if payment is None else payment.status
    return dict(sorted(result.items()))


def certified(imp_uid: str, merchant_uid: str | None, pg_provider: str) -> dict[str, Any]:
    """Return the result of a verification. Only the API returns the person's data."""
    return {
        "error_code": None,
        "error_msg": None,
        "imp_uid": imp_uid,
        "merchant_uid": merchant_uid,
        "pg_provider": pg_provider,
        "pg_type": "certification",
        "success": True,
    }


def redirect(window: Window) -> str | None:
    """Return the redirect URL with the result, None if the page's callback is called."""
    if window.redirect_url is None or window.outcome is None:
        return None
    return _with_query(window.redirect_url, _query(window, window.outcome))


def _query(window: Window, outcome: Mapping[str, Any]) -> dict[str, str]:
    success = "imp_success" if window.kind == "payment" else "success"
    query = {
        "imp_uid": outcome["imp_uid"] or "",
        "merchant_uid": outcome["merchant_uid"] or "",
        success: "true" if outcome["success"] else "false",
    }
    if not outcome["success"]:
        query |= {"error_code": outcome["error_code"], "error_msg": outcome["error_msg"]}
    return {name: str(value) for name, value in query.items()}


def _with_query(url: str, query: Mapping[str, str]) -> str:
    parts = urlsplit(url)
    joined = "&".join(part for part in (parts.query, urlencode(query)) if part)
    return urlunsplit(parts._replace(query=joined))


def _korean_time(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, KST).strftime("%Y-%m-%d %H:%M:%S")
