"""Summary and response of each control call."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from .schemas import (
    ANYTHING,
    LIST,
    MAYBE,
    MONEY,
    NOTHING,
    TEXT,
    WHOLE,
    YES_NO,
    Schema,
    all_of,
    object_of,
    ref,
)
from .view_answers import VIEW_ANSWERS, VIEW_SCHEMAS, WEB_ANSWERS

__all__ = ["ANSWERS", "AnswerOf", "answer_of", "schemas"]


ANY: Final[Schema] = MappingProxyType({})


class AnswerOf(NamedTuple):
    """The response of a call."""

    summary: str
    schema: Schema = ANY
    status: str = "200"
    kinds: tuple[str, ...] = ()
    """Media types of the response, if it is not JSON in V1's envelope."""
    takes: tuple[Mapping[str, Any], tuple[str, ...]] | None = None
    """Fields and required fields of the request's body, if no table has them."""


SCHEMAS: Final[Mapping[str, Schema]] = {
    "Clock": object_of(more=False, frozen=YES_NO, now=WHOLE, rate=MONEY),
    "Health": object_of(more=False, now=WHOLE, status={"const": "ok"}),
    "Payment": {
        "description": "As `GET /payments/{imp_uid}` of V1 gives it.",
        **object_of(
            imp_uid=TEXT, merchant_uid=MAYBE, status={"enum": ["ready", "paid", "cancelled", "failed"]}, amount=MONEY,
            currency=TEXT, pay_method=MAYBE, pg_provider=MAYBE, cancel_amount=MONEY, paid_at=WHOLE, failed_at=WHOLE,
            cancelled_at=WHOLE, fail_reason=MAYBE, customer_uid=MAYBE,
        ),
    },
    "Movement": object_of(
        more=False, kind={"enum": ["charge", "refund"]}, imp_uid=TEXT, merchant_uid=TEXT, amount=MONEY, currency=TEXT,
        at=WHOLE, tier=MAYBE,
    ),
    "Exchange": object_of(
        at=WHOLE, method=TEXT, path=TEXT, operation=MAYBE, tier=MAYBE, arguments=ANYTHING, status=WHOLE, code=WHOLE,
        message=MAYBE, advice={"type": "array", "items": TEXT}, fault=MAYBE,
    ),
    "Notification": object_of(
        imp_uid=TEXT, merchant_uid=MAYBE, status=MAYBE, cancellation_id=MAYBE, at=WHOLE, event=MAYBE,
    ),
    "Delivery": object_of(
        number=WHOLE, url=TEXT, state={"enum": ["waiting", "delivered", "failed", "dropped"]}, imp_uid=TEXT,
        merchant_uid=MAYBE, status=MAYBE,
        attempts={"type": "array", "items": object_of(at=WHOLE, status=WHOLE, error=MAYBE)},
    ),
    "Webhooks": object_of(more=False, deliveries=all_of("Delivery"), held=YES_NO, settings=ANYTHING),
    "Faults": object_of(more=False, declines=LIST, faults=LIST),
    "PendingRefund": object_of(more=False, amount=MONEY, asked_at=WHOLE, imp_uid=TEXT, reason=MAYBE),
    "Lint": object_of(
        more=False, findings=all_of("Finding"), muted=all_of("Muted"), rules={"type": "array", "items": TEXT},
    ),
    "Muted": object_of(rule=TEXT, title=TEXT, title_ko=TEXT, times=WHOLE),
    "Finding": object_of(
        rule=TEXT, level={"enum": ["error", "advice"]}, title=TEXT, why=TEXT, do=TEXT, title_ko=TEXT, why_ko=TEXT,
        do_ko=TEXT, evidence=LIST,
    ),
    "Settings": object_of(
        strict=YES_NO, pg_rules=YES_NO, webhook=MAYBE, channels=LIST,
        webhook_hosts={"type": "array", "items": TEXT},
    ),
    "Shop": object_of(more=False, frozen=YES_NO, journal=WHOLE, name=TEXT, now=WHOLE, payments=WHOLE),
    "Snapshot": object_of(more=False, name=TEXT, now=WHOLE, payments=WHOLE),
    "Scenario": object_of(more=False, about=TEXT, about_ko=TEXT, name=TEXT),
    "Certification": object_of(imp_uid=TEXT, merchant_uid=MAYBE, certified=YES_NO, pg_provider=TEXT),
}  # fmt: skip

ANSWERS: Final[Mapping[tuple[str, str], tuple[str, Schema]]] = {
    ("GET", "/_sandbox/openapi.json"): ("This document", ANYTHING),
    ("POST", "/_sandbox/reset"): ("Delete everything but the clock and the webhook settings", NOTHING),
    ("POST", "/_sandbox/expire-tokens"): ("Expire the access token", NOTHING),
    ("GET", "/_sandbox/health"): ("Whether the server responds", ref("Health")),
    ("GET", "/_sandbox/ready"): ("Whether the next write can be executed", ref("Health")),
    ("GET", "/_sandbox/clock"): ("The sandbox's time", ref("Clock")),
    ("POST", "/_sandbox/clock"): ("Advance, set, freeze or run the clock", ref("Clock")),
    ("GET", "/_sandbox/otp"): ("One-time numbers of open identity checks", {"type": "array", "items": ANYTHING}),
    ("GET", "/_sandbox/ledger"): ("Every movement of money", all_of("Movement")),
    ("GET", "/_sandbox/journal"): ("The latest requests and their responses", all_of("Exchange")),
    ("POST", "/_sandbox/payments"): ("Pay in the payment window", ref("Payment")),
    ("POST", "/_sandbox/seed"): ("Create a history of payments", all_of("Payment")),
    ("GET", "/_sandbox/faults"): ("Faults and declines that are left", ref("Faults")),
    ("POST", "/_sandbox/faults"): ("Inject faults into the next responses", ref("Faults")),
    ("POST", "/_sandbox/faults/clear"): ("Remove every fault and decline", ref("Faults")),
    ("POST", "/_sandbox/faults/remove"): ("Remove faults and declines by number", ref("Faults")),
    ("POST", "/_sandbox/declines"): ("Decline the next charges", ref("Faults")),
    ("GET", "/_sandbox/webhooks"): ("Webhook settings and deliveries", ref("Webhooks")),
    ("POST", "/_sandbox/webhooks/settings"): ("Change the webhook settings", ref("Webhooks")),
    ("POST", "/_sandbox/webhooks/resend"): ("Send deliveries again, in this order", ref("Webhooks")),
    ("POST", "/_sandbox/webhooks/drop"): ("Discard waiting deliveries, or the next ones", ref("Webhooks")),
    ("POST", "/_sandbox/webhooks/hold"): ("Pause all deliveries", ref("Webhooks")),
    ("POST", "/_sandbox/webhooks/release"): ("Resume deliveries, these first", ref("Webhooks")),
    ("POST", "/_sandbox/cancels"): ("Cancel in the merchant's console", ref("Payment")),
    ("POST", "/_sandbox/deposits"): ("Transfer money to a virtual account", ref("Payment")),
    ("POST", "/_sandbox/store-payments"): ("Pay at the counter of a convenience store", ref("Payment")),
    ("POST", "/_sandbox/payments/late"): ("Approve a payment that V1 shows as failed", ref("Payment")),
    ("POST", "/_sandbox/refunds/pend"): ("Let the next refunds be accepted only", NOTHING),
    ("POST", "/_sandbox/refunds/settle"): ("Pay out an accepted refund", ref("Payment")),
    ("GET", "/_sandbox/refunds"): ("Refunds that are accepted and not paid out", all_of("PendingRefund")),
    ("GET", "/_sandbox/notices"): ("Every webhook that V1 would have sent", all_of("Notification")),
    ("POST", "/_sandbox/certifications"): ("Verify a person in the window", ref("Certification")),
    ("POST", "/_sandbox/inicis/events"): ("Let an escrow payment at INICIS change", ANYTHING),
    ("POST", "/_sandbox/naver/orders"): ("Order at Naver Pay", ANYTHING),
    ("POST", "/_sandbox/naver/events"): ("Let a product order of Naver change", ANYTHING),
    ("POST", "/_sandbox/naver/reviews"): ("Review a product order of Naver", ANYTHING),
    ("POST", "/_sandbox/kcp-quick/members"): ("Let a buyer join KCP Quick", object_of(member_id=TEXT, money=MONEY)),
    ("POST", "/_sandbox/kcp-quick/pin-checks"): ("Check a buyer's PIN", object_of(imp_uid=TEXT)),
    ("POST", "/_sandbox/kcp-quick/autopay-keys"): ("Issue a key for automatic payments", object_of(customer_uid=TEXT)),
    ("POST", "/_sandbox/benepia/members"): ("Give a buyer points", object_of(point=MONEY)),
    ("GET", "/_sandbox/lint"): ("What the shop does with money that it should not", ref("Lint")),
    ("POST", "/_sandbox/lint/mute"): ("Report no findings of these rules", ref("Lint")),
    ("POST", "/_sandbox/lint/unmute"): ("Report the findings of these rules again", ref("Lint")),
    ("GET", "/_sandbox/settings"): ("Settings, by the names of sandbox.toml", ref("Settings")),
    ("POST", "/_sandbox/settings"): ("Change the settings that are named", ref("Settings")),
    ("POST", "/_sandbox/channels/adopt"): ("Add a channel that a page has named", ref("Settings")),
    ("POST", "/_sandbox/channels/import"): ("Add the channels of V1's GET /users/pg", ref("Settings")),
    ("GET", "/_sandbox/shops"): ("The named shops of this server", all_of("Shop")),
    ("POST", "/_sandbox/shops/delete"): ("Delete shops with everything in them", all_of("Shop")),
    ("GET", "/_sandbox/snapshots"): ("The snapshots of this shop", all_of("Snapshot")),
    ("POST", "/_sandbox/snapshots"): ("Keep everything under a name", ref("Snapshot")),
    ("POST", "/_sandbox/snapshots/restore"): ("Set everything back, the time too", ref("Snapshot")),
    ("POST", "/_sandbox/snapshots/delete"): ("Delete snapshots", all_of("Snapshot")),
    ("GET", "/_sandbox/scenarios"): ("The scenarios that can be played", all_of("Scenario")),
    ("POST", "/_sandbox/scenarios"): ("Play a scenario and return its ids", ANYTHING),
}


def answer_of(path: str, method: str) -> AnswerOf:
    """Return the summary of a call and its response."""
    every: dict[tuple[str, str], tuple[Any, ...]] = {**ANSWERS, **VIEW_ANSWERS, **WEB_ANSWERS}
    return AnswerOf(*every[method, path])


def schemas() -> dict[str, Any]:
    return {name: dict(schema) for name, schema in {**SCHEMAS, **VIEW_SCHEMAS}.items()}
