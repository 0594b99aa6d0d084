"""Create the same payment in a sandbox: with the PG, method, state and fields that V1 shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final, Literal, NamedTuple, cast

from portone_v1 import FULL, pg_profiles
from portone_v1.errors import PortOneError
from portone_v1_sandbox import TEST_CARDS, Channel, Refusal, Sandbox

from .redaction import shape_of, word

__all__ = ["Key", "amount_of", "differing", "is_partly_refunded", "key_of", "play"]

SENT: Final = ("name", "buyer_name", "buyer_email", "buyer_tel", "buyer_addr", "buyer_postcode", "custom_data")
"""Fields that V1 returns as the shop sent them."""
BY_CHANCE: Final = frozenset({"card_quota", "card_type", "tax_free", "vat_amount", "escrow", "sandbox"})
"""Fields with 0 or a number, true or false, as the buyer or the shop chose: not a difference."""
CARD: Final = {"card_number": TEST_CARDS["ordinary"].number, "expiry": "2099-12", "birth": "900101", "pwd_2digit": "00"}
ACCOUNT: Final = {"refund_holder": "a", "refund_bank": "04", "refund_account": "0000", "refund_tel": "01000000000"}


class Key(NamedTuple):
    """What payments of one kind have in common."""

    pg: str | None
    pay_method: str | None
    status: str | None
    by_api: bool
    partly: bool

    def __str__(self) -> str:
        words = (self.pg, self.pay_method, "by API" if self.by_api else None, self.status)
        return " ".join(each for each in (*words, "in part" if self.partly else None) if each)


def key_of(row: Mapping[str, Any]) -> Key:
    pg, means, status = (word(row.get(name)) for name in ("pg_provider", "pay_method", "status"))
    return Key(pg, means, status, row.get("channel") == "api", is_partly_refunded(row))


def amount_of(row: Mapping[str, Any], name: str) -> Decimal | None:
    """Return an amount, whatever its form; None if it is not one."""
    value = row.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None


def is_partly_refunded(row: Mapping[str, Any]) -> bool:
    amount, refunded = amount_of(row, "amount"), amount_of(row, "cancel_amount")
    return amount is not None and refunded is not None and 0 < refunded < amount


def play(key: Key, row: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the shape of such a payment in the sandbox, None if the sandbox cannot create it."""
    if key.pg not in pg_profiles.codes() or key.status not in {"paid", "cancelled", "failed", "ready"}:
        return None
    kind: Literal["payment", "api_payment"] = "api_payment" if key.by_api else "payment"
    test = row.get("sandbox") is True
    channels = [Channel("channel-key-1", key.pg or "", "mid", kind, sandbox=test)]
    try:
        with Sandbox(channels=channels) as box, box.client() as client:
            imp_uid = _made(key, row, box, client)
            if key.status == "cancelled":
                _refund(key, row, box, client, imp_uid)
            found = client.request("GET", f"/payments/{imp_uid}", query={"include_sandbox": True})
    except (PortOneError, Refusal, ValueError, TypeError):
        return None
    return shape_of(found) if found.get("status") == key.status else None


def _made(key: Key, row: Mapping[str, Any], box: Sandbox, client: Any) -> str:
    sent = {name: row[name] and "text" for name in SENT if isinstance(row.get(name), str)}
    order: dict[str, Any] = {"merchant_uid": "order-1", "amount": 1000, **sent}
    if key.by_api:
        if key.status == "failed":
            box.faults.decline_next()
        order["name"] = order.get("name") or "text"
        return str(client.request("POST", "/subscribe/payments/onetime", body=order | CARD)["imp_uid"])
    order |= {"pay_method": key.pay_method or "card", "channel": "mobile" if row.get("channel") == "mobile" else "pc"}
    for name in ("emb_pg_provider", "currency"):
        if word(row.get(name)) is not None:
            order[name] = row[name]
    if isinstance(row.get("customer_uid"), str) and row["customer_uid"]:
        order["customer_uid"] = "customer-1"
    status = "paid" if key.status == "cancelled" else key.status
    return box.pay(**order, status=status).imp_uid  # type: ignore[arg-type]


def _refund(key: Key, row: Mapping[str, Any], box: Sandbox, client: Any, imp_uid: str) -> None:
    entries = row.get("cancel_history")
    first: object = cast("list[object]", entries)[0] if isinstance(entries, list) and entries else None
    reason = cast("dict[str, object]", first).get("reason") if isinstance(first, dict) else None
    if reason == "관리자페이지취소":
        box.cancel(imp_uid, amount=400 if key.partly else None)
        return
    given = {} if reason == "취소요청api" or not reason else {"reason": "text"}
    given |= ACCOUNT if key.pay_method == "vbank" else {}
    client.payments.cancel(imp_uid=imp_uid, amount=400 if key.partly else FULL, checksum=1000, **given)


def differing(v1: Mapping[str, Any], sandbox: Mapping[str, Any], where: str = "") -> Iterable[str]:
    """Yield the differences between two shapes: missing fields, and fields that are empty in another way."""
    for name in [*v1, *(name for name in sandbox if name not in v1)]:
        shown = f"{where}{name}"
        if name not in sandbox:
            yield f"V1 sends {shown}, the sandbox does not"
        elif name not in v1:
            yield f"the sandbox sends {shown}, V1 does not"
        elif isinstance(v1[name], list) and v1[name] and isinstance(sandbox[name], list) and sandbox[name]:
            left, right = v1[name][0], sandbox[name][0]
            if isinstance(left, dict) and isinstance(right, dict):
                yield from differing(left, right, f"{shown}[].")  # pyright: ignore[reportUnknownArgumentType]
            elif left != right:
                yield f"{shown}[]: V1 {left!r}, sandbox {right!r}"
        elif v1[name] != sandbox[name] and not _by_chance(name, v1[name], sandbox[name]):
            yield f"{shown}: V1 {v1[name]!r}, sandbox {sandbox[name]!r}"


def _by_chance(name: str, left: Any, right: Any) -> bool:
    return name in BY_CHANCE and {str(left), str(right)} <= {"0", "number", "flag"}
