"""Scenes over REST that V1 answered with code 0."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from portone_v1_sandbox import Sandbox

from .stage import CARD, PERSON, act, channel_of, compare, http, opened, stage

__all__ = ["answer"]

Payload = Any
Play = Callable[[dict[str, Any], Any, Sandbox], Payload]

CARD_DATA: Final = {"card_number": CARD, "expiry": "2031-03", "birth": "880101", "pwd_2digit": "00"}
BUYER: Final = ("name", "buyer_name", "buyer_email", "buyer_tel", "buyer_addr", "buyer_postcode")
STORED_REASONS: Final = {None, "취소요청api", "관리자페이지취소"}


def answer(item: dict[str, Any]) -> Iterator[str]:
    seen = item["body"]["response"]
    play = PLAYS.get(item["operation"])
    own = play(item, seen, stage()) if play else None
    if own is None:
        return
    if isinstance(seen, list):
        seen, own = seen[0], own[0]
    if item.get("partial"):
        own = {key: value for key, value in own.items() if key in seen}
    skip = {path.removeprefix("body.response.") for path in item.get("unseen", ())}
    observed = "0000" if item["observed"] == "unknown" or item.get("mock") else item["observed"]
    yield from compare(seen, own, skip, observed)
    for key in ("status", "cancel_reason"):
        if seen.get(key) and own.get(key) and seen[key] != own[key] and key not in skip:
            yield f"{key}: V1 {seen[key]!r}, sandbox {own[key]!r}"
    if seen.get("cancel_history") and own.get("cancel_history"):
        yield from (f"cancel_history: {text}" for text in _refund(seen, own, observed))


def _refund(seen: dict[str, Any], own: dict[str, Any], observed: str) -> Iterator[str]:
    left, right = seen["cancel_history"][0], own["cancel_history"][0]
    yield from compare(left, right, set(), observed)
    if left["reason"] != right["reason"]:
        yield f"reason: V1 {left['reason']!r}, sandbox {right['reason']!r}"
    for key in ("pg_tid", "receipt_url"):
        if seen.get(key) and left.get(key) == seen[key] and right.get(key) != own.get(key):
            yield f"{key}: V1 that of the payment, sandbox another"


def _token(_: dict[str, Any], __: Any, box: Sandbox) -> Payload:
    return http(box, "POST", "/users/getToken").json()["response"]


def _payment(item: dict[str, Any], seen: Any, box: Sandbox) -> Payload:
    pg, method = item["pg_provider"], item["pay_method"] or "card"
    if not pg or "status" not in seen or item.get("mock"):
        return None
    if seen.get("customer_uid_usage") == "payment.scheduled":
        return _scheduled(seen, box, pg, method)
    if seen.get("channel") == "api" and item["operation"].startswith("GET"):
        charged = _onetime(item, seen, box)
        return None if charged is None else _read(box, charged["imp_uid"])
    if seen["status"] == "ready" and method == "card":
        asked = {"merchant_uid": "o1", "amount": seen["amount"], "pg": pg, "pay_method": method}
        shown, _ = opened(box, asked)
        return _read(box, shown["order"]["imp_uid"])
    details = {
        key: seen[key] for key in ("custom_data", "customer_uid", "channel", *BUYER) if seen.get(key) is not None
    }
    if seen.get("emb_pg_provider"):
        details["emb_pg_provider"] = seen["emb_pg_provider"]
    paid = box.pay(
        merchant_uid="o1",
        amount=seen.get("amount", 1000),
        pay_method=method,
        status="ready" if seen["status"] == "ready" else "paid",
        channel_key=channel_of(box, pg),
        **details,
    )
    if seen["status"] == "cancelled":
        own = _cancelled(item, seen, box, paid.imp_uid)
        if item["operation"] == "POST /payments/cancel":
            return own
    return _read(box, paid.imp_uid)


def _cancelled(item: dict[str, Any], seen: Any, box: Sandbox, imp_uid: str) -> Payload:
    if seen.get("cancel_reason") == "관리자페이지취소":
        box.cancel(imp_uid)
        return None
    refund: dict[str, Any] = {"imp_uid": imp_uid}
    if seen.get("cancel_amount") != seen.get("amount"):
        refund["amount"] = seen["cancel_amount"]
    if seen.get("cancel_reason") not in STORED_REASONS:
        refund["reason"] = seen["cancel_reason"]
    return http(box, "POST", "/payments/cancel", json=refund).json()["response"]


def _read(box: Sandbox, imp_uid: str) -> Payload:
    return http(box, "GET", f"/payments/{imp_uid}?include_sandbox=true").json()["response"]


def _onetime(item: dict[str, Any], seen: Any, box: Sandbox) -> Payload:
    body = {"merchant_uid": "o2", "amount": seen["amount"], "pg": item["pg_provider"], **CARD_DATA}
    body |= {name: seen[name] for name in BUYER if seen.get(name) is not None}
    return http(box, "POST", "/subscribe/payments/onetime", json=body).json()["response"]


def _scheduled(seen: Any, box: Sandbox, pg: str, method: str) -> Payload:
    box.pay(merchant_uid="o1", amount=1000, pay_method=method, customer_uid="c1", channel_key=channel_of(box, pg))
    entry = {"merchant_uid": "s1", "schedule_at": 1_773_104_500, "amount": seen["amount"], "name": seen["name"]}
    http(box, "POST", "/subscribe/payments/schedule", json={"customer_uid": "c1", "schedules": [entry]})
    box.clock.advance(seconds=200)
    found = http(box, "GET", "/payments/find/s1").json()["response"]
    return _read(box, found["imp_uid"])


def _again(item: dict[str, Any], seen: Any, box: Sandbox) -> Payload:
    http(box, "POST", "/subscribe/customers/c1", json=CARD_DATA | {"pg": item["pg_provider"]})
    body = {"customer_uid": "c1", "merchant_uid": "o2", "amount": seen["amount"], "name": "n"}
    return http(box, "POST", "/subscribe/payments/again", json=body).json()["response"]


def _billing_key(item: dict[str, Any], seen: Any, box: Sandbox) -> Payload:
    who = {key: seen[key] for key in seen if key.startswith("customer_") and key != "customer_uid" and seen[key]}
    body = CARD_DATA | {"pg": item["pg_provider"] or "nice_v2"} | who
    issued = http(box, "POST", "/subscribe/customers/c1", json=body).json()["response"]
    if item["operation"].startswith("POST"):
        return issued
    return http(box, "GET", "/subscribe/customers/c1").json()["response"]


def _unschedule(_: dict[str, Any], __: Any, box: Sandbox) -> Payload:
    http(box, "POST", "/subscribe/customers/c1", json=CARD_DATA)
    entry = {"merchant_uid": "s1", "schedule_at": 1_773_504_400, "amount": 6100, "name": "n"}
    http(box, "POST", "/subscribe/payments/schedule", json={"customer_uid": "c1", "schedules": [entry]})
    body = {"customer_uid": "c1", "merchant_uid": "s1"}
    return http(box, "POST", "/subscribe/payments/unschedule", json=body).json()["response"]


def _certification(item: dict[str, Any], seen: Any, box: Sandbox) -> Payload:
    shown, where = opened(box, {"merchant_uid": "m1", "pg": item["pg_provider"] or "danal"}, "certification")
    assert where is not None
    if seen.get("certified_at"):
        shown = act(box, where, "approve", **PERSON)["response"]["outcome"]
        return http(box, "GET", f"/certifications/{shown['imp_uid']}").json()["response"]
    left = act(box, where, "leave")["response"]["outcome"]
    return http(box, "GET", f"/certifications/{left['imp_uid']}").json()["response"]


def _prepare(_: dict[str, Any], __: Any, box: Sandbox) -> Payload:
    return http(box, "POST", "/payments/prepare", json={"merchant_uid": "p1", "amount": 100}).json()["response"]


def _search(_: dict[str, Any], __: Any, box: Sandbox) -> Payload:
    for number in range(3):
        box.pay(merchant_uid=f"l{number}", amount=100)
    return http(box, "GET", "/payments/status/paid?limit=1").json()["response"]


PLAYS: Final[dict[str, Play]] = {
    "POST /users/getToken": _token,
    "GET /payments/{imp_uid}": _payment,
    "POST /payments/cancel": _payment,
    "POST /subscribe/payments/onetime": _onetime,
    "POST /subscribe/payments/again": _again,
    "POST /subscribe/customers/{customer_uid}": _billing_key,
    "GET /subscribe/customers/{customer_uid}": _billing_key,
    "POST /subscribe/payments/unschedule": _unschedule,
    "GET /certifications/{imp_uid}": _certification,
    "POST /payments/prepare": _prepare,
    "GET /payments/prepare/{merchant_uid}": _prepare,
    "GET /payments/status/{payment_status}": _search,
}
