"""Requirements of a PG for a refund, from its profile: bank codes, accounts, methods that it refunds in full only.

The vendor states all of them, but V1 was not seen refusing a violation. So the journal notes it, and only the setting
`pg_rules` makes it a refusal.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from portone_v1 import codes

from ..dispatch.handlers import Call
from ..errors.pgs import refund_not_at_pg
from ..state.payments import PaymentRecord
from .window_rules import profiled, rule_of

__all__ = ["advise_on_refund"]

TO_A_BANK = ("vbank", "trans")


def advise_on_refund(call: Call, payment: PaymentRecord, amount: Decimal) -> None:
    """Note in the journal which rules of the PG a refund breaks. Raises Refusal only with `pg_rules`."""
    for finding in _findings(call, payment, amount):
        if call.settings.pg_rules:
            raise refund_not_at_pg(finding)
        call.advice.append(finding)


def _findings(call: Call, payment: PaymentRecord, amount: Decimal) -> Iterator[str]:
    pg = payment.pg_provider
    if payment.pay_method == "vbank" and rule_of(pg, "vbank.refund").get("possible") is False:
        yield f"{pg} does not refund virtual accounts"
    if payment.pay_method in TO_A_BANK:
        absent = [name for name in profiled(pg, "refund.account") or () if not call.arguments.text(name)]
        if absent:
            yield f"{pg} refunds {payment.pay_method} with {', '.join(absent)}"
    rule = rule_of(pg, "refund.partial")
    part = amount < payment.amount
    if part and (rule.get("possible") is False or payment.pay_method in rule.get("not_for", ())):
        yield f"{pg} refunds {payment.pay_method} in full only"
    if part and payment.pay_method in rule.get("without_tax_free", ()) and call.arguments.money("tax_free"):
        yield f"{pg} refunds a part of {payment.pay_method} without tax_free"
    bank = call.arguments.text("refund_bank")
    known = _banks_of(pg) if bank else frozenset[str]()
    if known and bank not in known:
        yield f"{pg} has no bank {bank}: its codes are those of codes.refund_bank"


def _banks_of(pg: str) -> frozenset[str]:
    """Return the bank codes of this PG, none if its rule is not known."""
    found: set[str] = set()
    for bank in codes.banks() if profiled(pg, "refund.bank") is not None else ():
        try:
            found.add(codes.refund_bank(pg, bank.code))
        except codes.UnknownCodeError:
            continue
    return frozenset(found)
