"""One row for each write of V1: how it is settled if no answer came. `tests/safe` compare it with V1 and the docs."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, NamedTuple, TypeAlias

__all__ = ["ROWS", "UNKNOWN", "Keep", "Repeat", "Row", "Shown", "row_of"]

Keep: TypeAlias = str | tuple[str, tuple[str, ...]]
"""An argument that the intent keeps; of an object, or of each entry of a list, only the fields named."""
Shown: TypeAlias = Literal[
    "nothing", "attempts", "payment", "schedules", "billing key", "prepared", "receipt", "external receipt", "escrow",
    "tier", "certification", "product orders",
]  # fmt: skip
Repeat: TypeAlias = Literal["yes", "when settled", "no"]
"""`yes`: it sets a value or takes away, so that a second one changes nothing. `when settled`: after `not_done` alone.
`no`: V1 shows too little of it, so that a person decides first."""


class Row(NamedTuple):
    operation: str
    resource: tuple[str, ...]
    """The kind of record that it changes, and the arguments that can name it: the first one given does."""
    keeps: tuple[Keep, ...]
    shown_by: Shown
    """What is read to find out whether it was executed."""
    repeat: Repeat
    moves: Literal["", "charge", "refund"] = ""
    snapshot: bool = False
    """Whether V1 is read before the write too."""


ORDER: Final = ("merchant_uid", "amount")
ENTRY: Final = ("merchant_uid", "schedule_at", "amount", "currency")


def _naver(name: str, shown_by: Shown = "product orders") -> Row:
    repeat: Repeat = "no" if shown_by == "nothing" else "when settled"
    named = ("product_order_id", "imp_uid")  # one action may follow another while its own status is late
    return Row(f"naver.{name}", (f"naver.{name}", *named), ("imp_uid", "product_order_id"), shown_by, repeat)


def _kcp(name: str, resource: str) -> Row:
    return Row(f"kcp_quick.{name}", ("kcp-quick", resource), (resource,), "nothing", "no")


def _charge(name: str, *more: str) -> Row:
    return Row(name, ("order", "merchant_uid"), ("merchant_uid", *more), "attempts", "when settled", "charge")


_ALL: Final = (
    # Money moves
    Row(
        "payments.cancel",
        ("payment", "imp_uid", "merchant_uid"),
        ("imp_uid", "merchant_uid", "amount", "checksum"),
        "payment",
        "when settled",
        "refund",
    ),
    _charge("subscribe.again", "customer_uid", "amount", "currency", "channel_key"),
    _charge("subscribe.onetime", "customer_uid", "amount", "currency"),
    _charge("subscribe.retry"),
    _charge("kcp_quick.pay_with_money", "amount"),
    _charge("kcp_quick.pay_with_autopay_key", "customer_uid", "amount"),
    _charge("benepia.pay", "amount"),
    # Accounts and barcodes that a buyer pays into
    Row("vbanks.issue", ("account", "merchant_uid"), (*ORDER, "vbank_due"), "attempts", "when settled"),
    Row("vbanks.update", ("vbank", "imp_uid"), ("imp_uid", "amount", "vbank_due"), "payment", "yes"),
    Row("vbanks.revoke", ("vbank", "imp_uid"), ("imp_uid",), "payment", "yes"),
    Row("cvs.issue", ("account", "merchant_uid"), (*ORDER, "expired_at"), "attempts", "when settled"),
    Row("cvs.revoke", ("cvs", "imp_uid"), ("imp_uid",), "payment", "yes"),
    # Schedules and billing keys
    Row(
        "subscribe.schedule",
        ("schedule", "schedules", "customer_uid"),
        ("customer_uid", ("schedules", ENTRY)),
        "schedules",
        "when settled",
    ),
    Row("subscribe.update_schedule", ("schedule", "merchant_uid"), ("merchant_uid", "schedule_at"), "schedules", "yes"),
    Row("subscribe.reschedule", ("schedule", "merchant_uid"), ("merchant_uid", "schedule_at"), "schedules", "yes"),
    Row(
        "subscribe.unschedule",
        ("schedule", "merchant_uid", "customer_uid"),
        ("customer_uid", "merchant_uid"),
        "schedules",
        "when settled",
        snapshot=True,
    ),
    Row("billing_keys.issue", ("card", "customer_uid"), ("customer_uid", "channel_key"), "billing key", "yes"),
    Row("billing_keys.delete", ("card", "customer_uid"), ("customer_uid",), "billing key", "yes"),
    # Registered amounts, receipts and deliveries
    Row("prepare.create", ("prepared", "merchant_uid"), (*ORDER, "currency"), "prepared", "yes"),
    Row("prepare.update", ("prepared", "merchant_uid"), (*ORDER, "currency"), "prepared", "yes"),
    Row("receipts.issue", ("receipt", "imp_uid"), ("imp_uid",), "receipt", "when settled"),
    Row("receipts.revoke", ("receipt", "imp_uid"), ("imp_uid",), "receipt", "yes"),
    Row(
        "receipts.issue_external",
        ("receipt", "merchant_uid"),
        ("merchant_uid", "amount"),
        "external receipt",
        "when settled",
    ),
    Row("receipts.revoke_external", ("receipt", "merchant_uid"), ("merchant_uid",), "external receipt", "yes"),
    Row("escrow.register", ("escrow", "imp_uid"), ("imp_uid", ("logis", ("invoice",))), "escrow", "when settled"),
    Row("escrow.update", ("escrow", "imp_uid"), ("imp_uid", ("logis", ("invoice",))), "escrow", "yes"),
    # Sub-merchants and persons
    Row("tiers.create", ("tier", "tier_code"), ("tier_code",), "tier", "when settled"),
    Row("tiers.update", ("tier", "tier_code"), ("tier_code",), "nothing", "yes"),
    Row("tiers.delete", ("tier", "tier_code"), ("tier_code",), "tier", "yes"),
    Row("certifications.delete", ("certification", "imp_uid"), ("imp_uid",), "certification", "yes"),
    Row("certifications.request_otp", ("otp", "merchant_uid"), ("merchant_uid",), "nothing", "no"),
    Row("certifications.confirm_otp", ("certification", "imp_uid"), ("imp_uid",), "certification", "when settled"),
    # Order-type Naver Pay: its statuses come late, so none of them proves that nothing was done
    _naver("cancel"),
    _naver("approve_cancel"),
    _naver("ship"),
    _naver("ship_exchanged"),
    _naver("collect_exchanged"),
    _naver("request_return"),
    _naver("approve_return"),
    _naver("reject_return"),
    _naver("place", "nothing"),
    _naver("withhold_return", "nothing"),
    _naver("resolve_return", "nothing"),
    Row("naver.deposit_point", ("naver.deposit_point", "imp_uid"), ("imp_uid",), "nothing", "no"),
    Row("naver.confirm", ("naver.confirm", "imp_uid"), ("imp_uid",), "nothing", "no"),
    # V1 shows nothing of these
    Row("payco.update_order_status", ("payco", "imp_uid"), ("imp_uid", "status"), "nothing", "no"),
    _kcp("delete_member", "member_id"),
    _kcp("release_fido", "member_id"),
    _kcp("prepare", "merchant_uid"),
    _kcp("update_prepared", "merchant_uid"),
    _kcp("delete_autopay_key", "customer_uid"),
    Row(
        "paymentwall.register_delivery",
        ("delivery", "imp_uid", "merchant_uid"),
        ("imp_uid", "merchant_uid"),
        "nothing",
        "no",
    ),
    Row("partners.register_receipt", ("partner-receipt", "imp_uid"), ("imp_uid",), "nothing", "no"),
)

ROWS: Final[Mapping[str, Row]] = MappingProxyType({row.operation: row for row in _ALL})
UNKNOWN: Final = Row("", ("request",), (), "nothing", "no")
"""A write that this package does not know: `client.request("POST", …)`."""


def row_of(operation: str) -> Row:
    return ROWS.get(operation, UNKNOWN)
