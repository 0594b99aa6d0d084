"""Scenes that V1 refused: HTTP status, code and sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

import httpx
from portone_v1_sandbox import DEFAULT_CHANNELS, TEST_CARDS, Sandbox

from .stage import channel_of, http, stage

__all__ = ["refusal"]

Play = Callable[[Sandbox], httpx.Response | None]

NO_CARD: Final = {"card_number": "1234-1234-1234-1234", "expiry": "2031-03", "birth": "880101", "pwd_2digit": "00"}
REFUSED: Final = NO_CARD | {"card_number": TEST_CARDS["not_issued"].number}
GOOD: Final = NO_CARD | {"card_number": TEST_CARDS["ordinary"].number}
ORDER: Final = {"merchant_uid": "o1", "amount": 1000, "name": "n"}
UNKNOWN: Final = "imp_000000000009"


def refusal(item: dict[str, Any]) -> Iterator[str]:
    answer = _played(item)
    if answer is None:
        return
    unseen, body, own = set(item.get("unseen", ())), item["body"], answer.json()
    if item["status"] and "status" not in unseen and answer.status_code != item["status"]:
        yield f"status: V1 {item['status']}, sandbox {answer.status_code}"
    if "body.code" not in unseen and own["code"] != body["code"]:
        yield f"code: V1 {body['code']}, sandbox {own['code']}"
    if "body.message" in unseen:
        return
    left, right = (re.sub(r"\(imps?_\d+\)", "(imp)", text or "") for text in (body["message"], own["message"]))
    fits = left in right if item.get("contains") else right.startswith(left) if item.get("prefix") else left == right
    if not fits:
        yield f"message: V1 {left!r}, sandbox {right!r}"


def _played(item: dict[str, Any]) -> httpx.Response | None:
    name, operation, box = item["id"], item["operation"], stage()
    for start, play in BY_NAME.items():
        if name.startswith(start):
            return play(box)
    if operation in BY_OPERATION:
        return BY_OPERATION[operation](box)
    method, _, path = operation.partition(" ")
    path = path.replace("{imp_uid}", UNKNOWN).replace("{merchant_uid}", "none").replace("{customer_uid}", "customer-9")
    return http(box, method, path.replace("{payment_status}", "wrong" if "unsupported" in name else "paid"))


def _post(path: str, body: dict[str, Any]) -> Play:
    return lambda box: http(box, "POST", path, json=body)


def _cancel(box: Sandbox, **body: Any) -> httpx.Response:
    return http(box, "POST", "/payments/cancel", json=body)


def _cancel_again(box: Sandbox) -> httpx.Response:
    paid = box.pay(merchant_uid="o1", amount=1000)
    _cancel(box, imp_uid=paid.imp_uid)
    return _cancel(box, imp_uid=paid.imp_uid)


def _more_than_balance(pg: str | None) -> Play:
    def play(box: Sandbox) -> httpx.Response:
        paid = box.pay(merchant_uid="o1", amount=1000, channel_key=channel_of(box, pg))
        return _cancel(box, imp_uid=paid.imp_uid, amount=2000)

    return play


def _not_deposited(box: Sandbox) -> httpx.Response:
    paid = box.pay(merchant_uid="o1", amount=1000, pay_method="vbank", status="ready")
    return _cancel(box, imp_uid=paid.imp_uid)


def _prepared_twice(box: Sandbox) -> httpx.Response:
    http(box, "POST", "/payments/prepare", json={"merchant_uid": "p1", "amount": 100})
    return http(box, "POST", "/payments/prepare", json={"merchant_uid": "p1", "amount": 100})


def _no_channel(_: Sandbox) -> httpx.Response:
    box = Sandbox(channels=[channel for channel in DEFAULT_CHANNELS if channel.type != "api_payment"])
    return http(box, "POST", "/subscribe/customers/c1", json=GOOD)


def _used_order(box: Sandbox) -> httpx.Response:
    http(box, "POST", "/subscribe/customers/c1", json=GOOD)
    box.pay(merchant_uid="o1", amount=1000)
    return http(box, "POST", "/subscribe/payments/again", json=ORDER | {"customer_uid": "c1"})


def _balance(box: Sandbox) -> httpx.Response:
    paid = box.pay(merchant_uid="o1", amount=1000)
    return http(box, "GET", f"/payments/{paid.imp_uid}/balance")


def _payco(box: Sandbox) -> httpx.Response:
    paid = box.pay(merchant_uid="o1", amount=1000, channel_key=channel_of(box, "payco"))
    return http(box, "POST", f"/payco/orders/status/{paid.imp_uid}", json={"status": "asdf"})


def _escrow(pg: str | None) -> Play:
    who = {"name": "a", "tel": "02-0000-0000", "addr": "b", "postcode": "00000"}
    logis = {"company": "LOGEN", "invoice": "1", "sent_at": 1_773_104_400}

    def play(box: Sandbox) -> httpx.Response:
        imp_uid = UNKNOWN
        if pg is not None:
            imp_uid = box.pay(merchant_uid="o1", amount=1000, channel_key=channel_of(box, pg)).imp_uid
        return http(box, "POST", f"/escrows/logis/{imp_uid}", json={"sender": who, "receiver": who, "logis": logis})

    return play


def _receipt(box: Sandbox) -> httpx.Response:
    paid = box.pay(merchant_uid="o1", amount=1000, channel_key=channel_of(box, "nice_v2"))
    return http(box, "GET", f"/receipts/{paid.imp_uid}")


def _unplayable(_: Sandbox) -> None:
    """Play nothing: only a PG says this, and of its own accord."""


ENTRY: Final = {"merchant_uid": "s1", "schedule_at": 1_773_504_400, "amount": 6100, "name": "n"}
BY_NAME: Final[dict[str, Play]] = {
    "token-wrong-pair": _post("/users/getToken", {"imp_key": "a", "imp_secret": "b"}),
    "token-missing-parameter": _post("/users/getToken", {}),
    "any-unauthorized": lambda box: http(box, "GET", "/payments/imp_1", headers={"Authorization": "Bearer x"}),
    "cancel-again": _cancel_again,
    "cancel-more-than-balance-kakaopay": _more_than_balance("kakaopay"),
    "cancel-more": _more_than_balance(None),
    "cancel-vbank-not-deposited": _not_deposited,
    "cancel-already-at-pg": _unplayable,
    "prepare-duplicate": _prepared_twice,
    "customer-save-no-channel": _no_channel,
    "customer-save-bad-number": _post("/subscribe/customers/c1", NO_CARD),
    "customer-save": _post("/subscribe/customers/c1", REFUSED),
    "onetime-card-refused": _post("/subscribe/payments/onetime", ORDER | REFUSED),
    "again-used": _used_order,
    "escrow-refused-2": _escrow("html5_inicis"),
    "escrow-refused-3": _escrow("payco"),
    "schedule-bad-number": _post(
        "/subscribe/payments/schedule", {"customer_uid": "c9", "schedules": [ENTRY]} | NO_CARD
    ),
}
BY_OPERATION: Final[dict[str, Play]] = {
    "POST /payments/cancel": lambda box: _cancel(box, imp_uid=UNKNOWN),
    "POST /subscribe/payments/onetime": _post("/subscribe/payments/onetime", ORDER | NO_CARD),
    "POST /subscribe/payments/again": _post("/subscribe/payments/again", ORDER | {"customer_uid": "none"}),
    "POST /subscribe/payments/unschedule": _post("/subscribe/payments/unschedule", {"customer_uid": "c9"}),
    "GET /payments/{imp_uid}/balance": _balance,
    "POST /payco/orders/status/{imp_uid}": _payco,
    "POST /escrows/logis/{imp_uid}": _escrow(None),
    "GET /receipts/{imp_uid}": _receipt,
    "POST /vbanks": _unplayable,
}
