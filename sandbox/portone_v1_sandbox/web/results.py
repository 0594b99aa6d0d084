"""The result that the shop's page receives: as the argument of its callback, or in the query of its URL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from portone_v1 import pg_profiles

from ..errors.base import AlreadyPaid, Refusal
from ..errors.checkout import StoppedByPg
from ..state.payments import PaymentRecord
from ..wire.money import to_wire
from .sessions import Window

__all__ = ["DECLINED", "Closed", "certified", "closed", "failure", "in_words_of", "paid", "redirect", "stopped"]


class Closed(NamedTuple):
    """The result of a window that the buyer closed."""

    code: str | None
    """None where the PG sends no `error_code`."""
    message: str
    called: bool = True
    """Whether the page's callback is called at all."""
    status: str = "failed"
    """Status of the payment, `unknown` if it is not known."""
    alert: str | None = None
    """Text that the script shows in a box."""


ABANDONED: Final = Closed("F400", "[결제포기] 사용자가 결제를 취소하셨습니다")
"""The result if the profile has none: the words are observed, the code is assumed."""
DECLINED: Final = "F500"
"""Assumed."""

PAID_BEFORE: Final = ("F1002", "이미 결제가 이루어진 거래건입니다.")
"""Observed where an order was paid before (iamport/iamport-manual issue 6): shops' pages branch on it."""

ALWAYS: Final = (
    *("imp_uid", "pay_method", "merchant_uid", "name", "currency", "pg_provider", "pg_tid", "apply_num", "status"),
    *("buyer_name", "buyer_email", "buyer_tel", "buyer_addr", "buyer_postcode", "paid_at", "receipt_url"),
    *("card_name", "bank_name", "card_quota", "card_number"),
)
"""Those of the 24 keys in eight whole captures of four PGs that are copied from the payment."""
EMPTY: Final = (
    *("buyer_name", "buyer_email", "buyer_tel", "buyer_addr", "buyer_postcode", "apply_num", "card_number"),
    "receipt_url",
)
"""Keys whose missing value is an empty text and not null: observed."""
ACCOUNT: Final = ("vbank_num", "vbank_name", "vbank_holder", "vbank_date")
"""Keys of an account: no capture has one, but the vendor's document names these."""


def closed(window: Window) -> Closed:
    """Return the result of a window of this PG that the buyer closed."""
    profile = pg_profiles.find(window.pg_provider)
    known: Mapping[str, Any] | None = None if profile is None else profile.value("closed")
    if known is None:
        return ABANDONED
    code, message = known.get("error_code", ABANDONED.code), known.get("error_msg", ABANDONED.message)
    return Closed(code, message, known.get("called", True), known["status"], known.get("alert"))


def in_words_of(window: Window, refusal: Refusal) -> tuple[str, str]:
    """Return code and sentence of a refusal as the engine of this PG sends them.

    An order that is paid already: captured for both engines. The codes of other refusals are assumed.
    """
    if isinstance(refusal, AlreadyPaid):
        if _is_newer(window):
            order = window.asked.get("merchant_uid")
            reason = f"이미 승인 완료 되거나 승인 요청 된 거래 건({order})입니다."
            return "F400", f"결제 창 호출에 실패하였습니다. {reason}"
        return PAID_BEFORE
    if isinstance(refusal, StoppedByPg):
        return "F400", refusal.message
    return str(refusal.code), refusal.message


def stopped(window: Window, code: str | None, message: str) -> dict[str, Any]:
    """Return the result of a window that never opened. The newer engine sends no imp_uid, the older null: captured."""
    error = {"merchant_uid": window.asked.get("merchant_uid"), "error_code": code, "error_msg": message}
    return error if _is_newer(window) else {"success": False, "imp_uid": None} | error


def paid(window: Window, payment: PaymentRecord) -> dict[str, Any]:
    """Return the result of a payment that was approved, or of an account that was issued."""
    key = {"customer_uid": payment.customer_uid} if payment.customer_uid else {}
    if _tells_ids_only(window):
        return {"imp_uid": payment.imp_uid, "merchant_uid": payment.merchant_uid} | key
    result: dict[str, Any] = {"success": True} | {name: getattr(payment, name) for name in ALWAYS}
    result |= {name: "" for name in EMPTY if result[name] is None}
    result |= {"pg_type": "payment", "paid_amount": to_wire(payment.amount)}
    result |= {"custom_data": window.asked.get("custom_data")} | key
    if payment.emb_pg_provider:
        result["emb_pg_provider"] = payment.emb_pg_provider
    if payment.pay_method == "vbank":
        result |= {name: getattr(payment, name) for name in ACCOUNT}
    return result


def failure(window: Window, code: str | None, message: str, payment: PaymentRecord | None = None) -> dict[str, Any]:
    """Return the result of a window in which nothing was paid. A PG that sends no code leaves the key out."""
    asked = window.asked
    ids = {"imp_uid": window.imp_uid, "merchant_uid": asked.get("merchant_uid")}
    error = {"error_msg": message} if code is None else {"error_code": code, "error_msg": message}
    if _tells_ids_only(window):
        return ids | error
    result: dict[str, Any] = {"success": False} | ids | error
    if window.kind == "payment":
        result["pay_method"] = asked.get("pay_method") or (payment.pay_method if payment is not None else "card")
    if window.pg_provider is not None:
        result |= {"pg_provider": window.pg_provider, "pg_type": window.kind}
    return result


def _is_newer(window: Window) -> bool:
    profile = pg_profiles.find(window.pg_provider) if window.kind == "payment" else None
    return profile is not None and profile.value("result.engine") == "checkout"


def _tells_ids_only(window: Window) -> bool:
    profile = pg_profiles.find(window.pg_provider) if window.kind == "payment" else None
    return profile is not None and profile.callback == "ids"


def certified(imp_uid: str, merchant_uid: str | None, pg_provider: str) -> dict[str, Any]:
    """Return the result for a person who was verified. Only the API returns who that is."""
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
    """Return the URL to which the browser goes with the outcome, None if the page's callback is called."""
    if window.redirect_url is None or window.outcome is None:
        return None
    if window.app_scheme is not None and _returns_by_app(window, window.outcome):
        ids = "&".join(f"{name}={quote(str(window.outcome[name]), safe='')}" for name in ("imp_uid", "merchant_uid"))
        # One escaped text, as the vendor's React Native package takes it apart (iamport/iamport-react-native).
        return f"{window.app_scheme}://{quote(f'{ids}&m_redirect_url={window.redirect_url}', safe='=:/?')}"
    return _with_query(window.redirect_url, _query(window, window.outcome))


def _returns_by_app(window: Window, outcome: Mapping[str, Any]) -> bool:
    """Return whether INICIS's bank app returns to the shop's app instead of its WebView; other PGs are not known to."""
    return (window.pg_provider, outcome.get("pay_method"), outcome.get("success")) == ("html5_inicis", "trans", True)


def _query(window: Window, outcome: Mapping[str, Any]) -> dict[str, str]:
    """Return the four fields of the vendor's guide and, for the older engine, the flag that it calls deprecated."""
    query = {"imp_uid": outcome.get("imp_uid") or "", "merchant_uid": outcome["merchant_uid"] or ""}
    if "success" in outcome:
        query["imp_success" if window.kind == "payment" else "success"] = "true" if outcome["success"] else "false"
    if outcome.get("error_msg") is not None:
        # The guide names both, so the URL has the code even where a callback receives none.
        query |= {"error_code": outcome.get("error_code") or ABANDONED.code or "", "error_msg": outcome["error_msg"]}
    profile = pg_profiles.find(window.pg_provider) if window.kind == "payment" else None
    names = profile.value("result.redirect_fields") if profile is not None else None
    return {name: str(value) for name, value in query.items() if names is None or name in names}


def _with_query(url: str, query: Mapping[str, str]) -> str:
    parts = urlsplit(url)
    joined = "&".join(part for part in (parts.query, urlencode(query)) if part)
    return urlunsplit(parts._replace(query=joined))
