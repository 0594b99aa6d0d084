"""Summary and response schema of each control call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

__all__ = ["ANSWERS", "answer_of", "schemas"]

Schema = Mapping[str, Any]
TEXT: Final[Schema] = {"type": "string"}
MAYBE: Final[Schema] = {"type": ["string", "null"]}
WHOLE: Final[Schema] = {"type": "integer"}
MONEY: Final[Schema] = {"type": "number"}
YES_NO: Final[Schema] = {"type": "boolean"}
NOTHING: Final[Schema] = {"type": "null"}
ANYTHING: Final[Schema] = {"type": "object"}
LIST: Final[Schema] = {"type": "array", "items": ANYTHING}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _all(name: str) -> Schema:
    return {"type": "array", "items": _ref(name)}


def _object(more: bool = True, **fields: Schema) -> Schema:  # noqa: FBT001, FBT002 - a schema's own word
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": more}


SCHEMAS: Final[Mapping[str, Schema]] = {
    "Clock": _object(more=False, frozen=YES_NO, now=WHOLE, rate=MONEY),
    "Health": _object(more=False, now=WHOLE, status={"const": "ok"}),
    "Payment": {
        "description": "As `GET /payments/{imp_uid}` of V1 gives it.",
        **_object(
            imp_uid=TEXT, merchant_uid=MAYBE, status={"enum": ["ready", "paid", "cancelled", "failed"]}, amount=MONEY,
            currency=TEXT, pay_method=MAYBE, pg_provider=MAYBE, cancel_amount=MONEY, paid_at=WHOLE, failed_at=WHOLE,
            cancelled_at=WHOLE, fail_reason=MAYBE, customer_uid=MAYBE,
        ),
    },
    "Movement": _object(
        more=False, kind={"enum": ["charge", "refund"]}, imp_uid=TEXT, merchant_uid=TEXT, amount=MONEY, currency=TEXT,
        at=WHOLE, tier=MAYBE,
    ),
    "Exchange": _object(
        at=WHOLE, method=TEXT, path=TEXT, operation=MAYBE, tier=MAYBE, arguments=ANYTHING, status=WHOLE, code=WHOLE,
        message=MAYBE, advice={"type": "array", "items": TEXT}, fault=MAYBE,
    ),
    "Notification": _object(
        imp_uid=TEXT, merchant_uid=MAYBE, status=MAYBE, cancellation_id=MAYBE, at=WHOLE, event=MAYBE,
    ),
    "Delivery": _object(
        number=WHOLE, url=TEXT, state={"enum": ["waiting", "delivered", "failed", "dropped"]}, imp_uid=TEXT,
        merchant_uid=MAYBE, status=MAYBE,
        attempts={"type": "array", "items": _object(at=WHOLE, status=WHOLE, error=MAYBE)},
    ),
    "Webhooks": _object(more=False, deliveries=_all("Delivery"), held=YES_NO, settings=ANYTHING),
    "Faults": _object(more=False, declines=LIST, faults=LIST),
    "PendingRefund": _object(more=False, amount=MONEY, asked_at=WHOLE, imp_uid=TEXT, reason=MAYBE),
    "Lint": _object(more=False, findings=_all("Finding"), rules={"type": "array", "items": TEXT}),
    "Finding": _object(
        rule=TEXT, level={"enum": ["error", "advice"]}, title=TEXT, why=TEXT, do=TEXT, title_ko=TEXT, why_ko=TEXT,
        do_ko=TEXT, evidence=LIST,
    ),
    "Settings": _object(
        strict=YES_NO, pg_rules=YES_NO, webhook=MAYBE, channels=LIST,
        webhook_hosts={"type": "array", "items": TEXT},
    ),
    "Shop": _object(more=False, frozen=YES_NO, journal=WHOLE, name=TEXT, now=WHOLE, payments=WHOLE),
    "Snapshot": _object(more=False, name=TEXT, now=WHOLE, payments=WHOLE),
    "Scenario": _object(more=False, about=TEXT, about_ko=TEXT, name=TEXT),
    "Certification": _object(imp_uid=TEXT, merchant_uid=MAYBE, certified=YES_NO, pg_provider=TEXT),
}  # fmt: skip

ANSWERS: Final[Mapping[tuple[str, str], tuple[str, Schema]]] = {
    ("GET", "/_sandbox/openapi.json"): ("This document", ANYTHING),
    ("POST", "/_sandbox/reset"): ("Delete everything but the clock and the webhook settings", NOTHING),
    ("POST", "/_sandbox/expire-tokens"): ("Expire the access token", NOTHING),
    ("GET", "/_sandbox/health"): ("Whether the server responds", _ref("Health")),
    ("GET", "/_sandbox/ready"): ("Whether the next write can be executed", _ref("Health")),
    ("GET", "/_sandbox/clock"): ("The sandbox's time", _ref("Clock")),
    ("POST", "/_sandbox/clock"): ("Advance, set, freeze or run the clock", _ref("Clock")),
    ("GET", "/_sandbox/otp"): ("One-time numbers of open identity checks", {"type": "array", "items": ANYTHING}),
    ("GET", "/_sandbox/ledger"): ("Every movement of money", _all("Movement")),
    ("GET", "/_sandbox/journal"): ("The latest requests and their responses", _all("Exchange")),
    ("POST", "/_sandbox/payments"): ("Pay in the payment window", _ref("Payment")),
    ("POST", "/_sandbox/seed"): ("Create a history of payments", _all("Payment")),
    ("GET", "/_sandbox/faults"): ("Faults and declines that are left", _ref("Faults")),
    ("POST", "/_sandbox/faults"): ("Inject faults into the next responses", _ref("Faults")),
    ("POST", "/_sandbox/faults/clear"): ("Remove every fault and decline", _ref("Faults")),
    ("POST", "/_sandbox/declines"): ("Decline the next charges", _ref("Faults")),
    ("GET", "/_sandbox/webhooks"): ("Webhook settings and deliveries", _ref("Webhooks")),
    ("POST", "/_sandbox/webhooks/settings"): ("Change the webhook settings", _ref("Webhooks")),
    ("POST", "/_sandbox/webhooks/resend"): ("Send deliveries again, in this order", _ref("Webhooks")),
    ("POST", "/_sandbox/webhooks/drop"): ("Discard waiting deliveries, or the next ones", _ref("Webhooks")),
    ("POST", "/_sandbox/webhooks/hold"): ("Pause all deliveries", _ref("Webhooks")),
    ("POST", "/_sandbox/webhooks/release"): ("Resume deliveries, these first", _ref("Webhooks")),
    ("POST", "/_sandbox/cancels"): ("Cancel in the merchant's console", _ref("Payment")),
    ("POST", "/_sandbox/deposits"): ("Transfer money to a virtual account", _ref("Payment")),
    ("POST", "/_sandbox/store-payments"): ("Pay at the counter of a convenience store", _ref("Payment")),
    ("POST", "/_sandbox/payments/late"): ("Approve a payment that V1 shows as failed", _ref("Payment")),
    ("POST", "/_sandbox/refunds/pend"): ("Let the next refunds be accepted only", NOTHING),
    ("POST", "/_sandbox/refunds/settle"): ("Pay out an accepted refund", _ref("Payment")),
    ("GET", "/_sandbox/refunds"): ("Refunds that are accepted and not paid out", _all("PendingRefund")),
    ("GET", "/_sandbox/notices"): ("Every webhook that V1 would have sent", _all("Notification")),
    ("POST", "/_sandbox/certifications"): ("Verify a person in the window", _ref("Certification")),
    ("POST", "/_sandbox/inicis/events"): ("Let an escrow payment at INICIS change", ANYTHING),
    ("POST", "/_sandbox/naver/orders"): ("Order at Naver Pay", ANYTHING),
    ("POST", "/_sandbox/naver/events"): ("Let a product order of Naver change", ANYTHING),
    ("POST", "/_sandbox/naver/reviews"): ("Review a product order of Naver", ANYTHING),
    ("POST", "/_sandbox/kcp-quick/members"): ("Let a buyer join KCP Quick", _object(member_id=TEXT, money=MONEY)),
    ("POST", "/_sandbox/kcp-quick/pin-checks"): ("Check a buyer's PIN", _object(imp_uid=TEXT)),
    ("POST", "/_sandbox/kcp-quick/autopay-keys"): ("Issue a key for automatic payments", _object(customer_uid=TEXT)),
    ("POST", "/_sandbox/benepia/members"): ("Give a buyer points", _object(point=MONEY)),
    ("GET", "/_sandbox/lint"): ("What the shop does with money that it should not", _ref("Lint")),
    ("GET", "/_sandbox/settings"): ("Settings, by the names of sandbox.toml", _ref("Settings")),
    ("POST", "/_sandbox/settings"): ("Change the settings that are named", _ref("Settings")),
    ("POST", "/_sandbox/channels/adopt"): ("Add a channel that a page has named", _ref("Settings")),
    ("GET", "/_sandbox/shops"): ("The named shops of this server", _all("Shop")),
    ("POST", "/_sandbox/shops/delete"): ("Delete shops with everything in them", _all("Shop")),
    ("GET", "/_sandbox/snapshots"): ("The snapshots of this shop", _all("Snapshot")),
    ("POST", "/_sandbox/snapshots"): ("Keep everything under a name", _ref("Snapshot")),
    ("POST", "/_sandbox/snapshots/restore"): ("Set everything back, the time too", _ref("Snapshot")),
    ("POST", "/_sandbox/snapshots/delete"): ("Delete snapshots", _all("Snapshot")),
    ("GET", "/_sandbox/scenarios"): ("The scenarios that can be played", _all("Scenario")),
    ("POST", "/_sandbox/scenarios"): ("Play a scenario and return its ids", ANYTHING),
}


def answer_of(path: str, method: str) -> tuple[str, Schema]:
    """Return the summary of a call and the schema of its response."""
    return ANSWERS.get((method, path), (path, {}))


def schemas() -> dict[str, Any]:
    return {name: dict(schema) for name, schema in SCHEMAS.items()}
