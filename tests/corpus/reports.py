"""Items of the corpus from a report of `portone-v1 doctor --compare -o json`.

A report holds no values, only what is empty and what is filled, so that every filled value is invented here, in the
form that other items show.
"""

# pyright: reportUnknownArgumentType=false, reportUnknownVariableType=false, reportUnknownMemberType=false

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from .reading import read_items

__all__ = ["is_report", "items_of"]

OPERATIONS: Final = {
    "an unknown payment": "GET /payments/{imp_uid}",
    "an unknown order": "GET /payments/find/{merchant_uid}",
    "an unknown paid order": "GET /payments/find/{merchant_uid}/{payment_status}",
    "the attempts at an unknown order": "GET /payments/findAll/{merchant_uid}",
    "a status that does not exist": "GET /payments/status/{payment_status}",
    "the balance of an unknown payment": "GET /payments/{imp_uid}/balance",
    "an unknown billing key": "GET /subscribe/customers/{customer_uid}",
    "an unknown identity check": "GET /certifications/{imp_uid}",
    "an order that was not prepared": "GET /payments/prepare/{merchant_uid}",
    "an unknown cash receipt": "GET /receipts/{imp_uid}",
    "an unknown schedule": "GET /subscribe/payments/schedule/{merchant_uid}",
    "an unknown bank": "GET /banks/{bank_standard_code}",
    **{
        f"payments.search {status}": "GET /payments/status/{payment_status}"
        for status in ("paid", "cancelled", "failed", "ready")
    },
}
KINDS: Final[Mapping[str, Any]] = {"flag": True, "text": "text", "list": [], "object": {}, "number": 1}
SHARED: Final = "the payment's"
IDS_OF_REFUNDS: Final = "20 capitals and digits"
CUT: Final = "…"
STATES: Final = ("status", "pay_method", "pg_provider", "emb_pg_provider", "channel", "currency")


def is_report(document: Any) -> bool:
    """Return True for what `doctor --compare` writes: a list of comparisons."""
    return (
        isinstance(document, list)
        and bool(document)
        and all(isinstance(each, dict) and {"name", "request", "v1", "differences"} <= each.keys() for each in document)
    )


def items_of(report: list[dict[str, Any]], *, name: str, **about: Any) -> Iterator[dict[str, Any]]:
    """Return an item for each refusal that came whole, and one for each shape of a payment.

    Args:
        report: the comparisons.
        name: begins the id of every item.
        about: `observed`, `source` and `project` of the items.
    """
    donors = _donors()
    for comparison in report:
        operation, v1 = OPERATIONS.get(str(comparison["name"])), comparison["v1"]
        if operation is None or not isinstance(v1, dict):
            continue
        slug = f"{name}-{re.sub('[^a-z0-9]+', '-', comparison['name'].lower()).strip('-')}"
        if v1.get("code") not in (None, 0):
            yield _refusal(slug, operation, v1, about)
        for number, shape in enumerate(v1.get("shapes") or ()):
            yield _page(f"{slug}-{number + 1}", operation, shape, donors, about)


def _refusal(slug: str, operation: str, v1: Mapping[str, Any], about: Mapping[str, Any]) -> dict[str, Any]:
    message = v1.get("message")
    unseen = ["body.response"]
    if isinstance(message, str) and CUT in message:  # a number or an address was left out of it
        unseen.append("body.message")
    body = {"code": v1["code"], "message": message, "response": None}
    return {**_head(slug, "refusal", operation, v1.get("status"), about), "body": body, "unseen": unseen}


def _page(
    slug: str, operation: str, shape: Mapping[str, Any], donors: Mapping[str, Any], about: Mapping[str, Any]
) -> dict[str, Any]:
    row = {key: _value(key, kind, donors) for key, kind in shape.items() if key != "an odd field"}
    for name in ("cancel_history", "deposit_history"):
        if isinstance(shape.get(name), list):
            row[name] = [_entry(entry, row, donors) for entry in shape[name] if isinstance(entry, dict)]
    unseen = [f"body.response.list[].{key}" for key, kind in shape.items() if isinstance(kind, str) and kind in KINDS]
    page = {"total": 1, "previous": 0, "next": 0, "list": [row]}
    return {
        **_head(slug, "answer", operation, 200, about),
        "pg_provider": row.get("pg_provider"),
        "pay_method": row.get("pay_method"),
        "body": {"code": 0, "message": None, "response": page},
        "unseen": [*unseen, "body.response.total", "body.response.previous", "body.response.next"],
    }


def _head(slug: str, kind: str, operation: str, status: Any, about: Mapping[str, Any]) -> dict[str, Any]:
    head = {"id": slug, "kind": kind, "operation": operation, "status": status, "grade": "captured"}
    return {**head, **about, "pg_provider": None, "pay_method": None}


def _value(key: str, kind: Any, donors: Mapping[str, Any]) -> Any:
    """Return an invented value. Empty values and states stay as they are."""
    if not isinstance(kind, str) or key in STATES or kind == "":
        return kind
    if key == "card_number":
        return kind.replace("#", "0")
    if kind not in KINDS:
        return kind
    found = donors.get(key)
    fits = {"text": str, "flag": bool, "list": list, "object": dict, "number": int}[kind]
    return found if isinstance(found, fits) and found else KINDS[kind]


def _entry(shape: Mapping[str, Any], row: Mapping[str, Any], donors: Mapping[str, Any]) -> dict[str, Any]:
    """Return an invented refund or deposit, which shares with the payment what it shared before."""
    own = {name: f"{donors[name]}9" for name in ("pg_tid", "receipt_url") if isinstance(donors.get(name), str)}
    invented = {**donors, **own, "cancellation_id": "0A1B2C3D4E5F6G7H8J9K", "reason": "사유"}
    return {
        key: row.get(key)
        if kind == SHARED
        else invented["cancellation_id"]
        if kind == IDS_OF_REFUNDS
        else _value(key, kind, invented)
        for key, kind in shape.items()
    }


def _donors() -> dict[str, Any]:
    """Return a filled value of each field of a payment, from the existing items."""
    found: dict[str, Any] = {}
    for item in read_items():
        result = item["body"].get("response") if item["kind"] == "answer" else None
        if isinstance(result, dict) and "imp_uid" in result:
            for key, value in result.items():
                if value and key not in found:
                    found[key] = value
    return found
