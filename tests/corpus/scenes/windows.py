"""Scenes in the browser: what a page asks for, what its function or its redirect is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import parse_qsl

from portone_v1_sandbox import Request

from .stage import CARD, PERSON, act, compare, opened, stage

__all__ = ["callback", "redirect", "request_pay"]

ASKED: Final = (
    *("name", "buyer_name", "buyer_email", "buyer_tel", "buyer_addr", "buyer_postcode", "customer_uid", "pay_method"),
    "custom_data",
)


def request_pay(item: dict[str, Any]) -> Iterator[str]:
    """Find out whether the window opens."""
    kind = "certification" if item["operation"] == "IMP.certification" else "payment"
    shown, where = opened(stage(), item["body"], kind)
    if where is None:
        yield f"the request is refused: {shown.get('message')}"
    elif shown.get("outcome"):
        yield f"stopped: {shown['outcome'].get('error_msg')}"


def callback(item: dict[str, Any]) -> Iterator[str]:
    """Find differences in the argument of the page's callback."""
    if item["operation"] not in {"IMP.request_pay callback", "IMP.certification callback"} or item.get("partial"):
        return
    box, seen = stage(), item["body"]
    unseen = {path.removeprefix("body.") for path in item.get("unseen", ())}
    if item["operation"] == "IMP.certification callback":
        _, where = opened(box, {"merchant_uid": seen["merchant_uid"]}, "certification")
        result = act(box, where, "approve", **PERSON) if where else {}
    else:
        result = _paid(box, item, seen)
    outcome = (result.get("response") or {}).get("outcome")
    if not outcome:
        yield f"it could not be played: {result.get('message')}"
        return
    yield from compare(seen, outcome, unseen)
    for name in ("error_code", "error_msg"):
        both = seen.get(name) and outcome.get(name) and name not in unseen and item["grade"] != "inferred"
        if both and seen[name] != outcome[name]:
            yield f"{name}: V1 {seen[name]!r}, sandbox {outcome[name]!r}"


def _paid(box: Any, item: dict[str, Any], seen: dict[str, Any]) -> Any:
    asked: dict[str, Any] = {
        "merchant_uid": str(seen["merchant_uid"]),
        "amount": seen.get("paid_amount", 1000),
        "pg": seen.get("pg_provider") or item["pg_provider"] or "html5_inicis",
    }
    asked |= {name: seen[name] for name in ASKED if seen.get(name) is not None}
    if seen.get("error_code") and not seen.get("imp_uid"):  # the window never opened: the order was paid before
        box.pay(merchant_uid=seen["merchant_uid"], amount=1000)
        shown, _ = opened(box, asked | {"amount": 1000})
        return {"response": shown}
    _, where = opened(box, asked)
    good = seen.get("success", "error_code" not in seen)
    method = seen.get("pay_method") or "card"
    return act(box, where, "approve" if good else "leave", pay_method=method, card_number=CARD) if where else {}


def redirect(item: dict[str, Any]) -> Iterator[str]:
    """Find differences in the query of the redirect."""
    seen, box = item["body"], stage()
    kind = "certification" if "certification" in item["id"] else "payment"
    good = "false" not in {seen.get("imp_success"), seen.get("success")} and "error_code" not in seen
    asked = {
        "merchant_uid": seen.get("merchant_uid", "o1"),
        "amount": 1000,
        "m_redirect_url": "http://shop.example.com/done",
        "pg": item["pg_provider"] or ("danal" if kind == "certification" else "html5_inicis"),
    }
    shown, where = opened(box, asked, kind, redirects=True, mobile=True)
    if where is None:
        yield f"it could not be played: {shown.get('message')}"
        return
    result = act(box, where, "approve" if good else "leave", **(PERSON if kind == "certification" else {}))
    url = (result.get("response") or {}).get("redirect")
    url = url or box.handle(Request("GET", f"{where}/state")).json()["response"].get("redirect")
    own = dict(parse_qsl((url or "").partition("?")[2], keep_blank_values=True))
    yield from (f"V1 sends {key}, the sandbox does not" for key in seen if key not in own)
    yield from (f"the sandbox sends {key}, not seen" for key in own if key not in seen)
