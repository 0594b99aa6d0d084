"""가상계좌: account numbers that wait for the deposit of one buyer."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from ..dispatch.handlers import Answer, Call, Evidence, handles
from ..errors.accounts import (
    account_not_issued,
    deadline_has_passed,
    no_such_account_holder,
    not_waiting_for_deposit,
    number_taken,
    pg_not_offered,
)
from ..errors.base import missing_either, no_such_payment, wrong_value
from ..merchant.pg_rules import check_rules_of, is_refused_by
from ..merchant.pg_support import choose_listed_channel, pgs_of
from ..merchant.window_rules import profiled
from ..state.bank_codes import BANKS
from ..state.payments import PaymentRecord, payment_to_wire
from ..state.timeline import schedule_expiry
from ..wire.money import require_fitting
from .charges import new_payment, require_new_order, require_parts_within
from .posting import post_payment

__all__: list[str] = []

MERCHANT: Final = "샌드박스"
HOLDER: Final = "홍길동"


@handles(
    "vbanks_issue",
    Evidence(
        documented="`ready`; fixed accounts, whose name they bear, several for one order",
        assumed="bank codes are KFTC's; the account number; words",
    ),
)
def issue(call: Call) -> Answer:
    arguments = call.arguments
    channel = choose_listed_channel(call)
    require_new_order(call)
    _require_depositable(call)
    bank = BANKS.get(arguments.need_text("vbank_code").zfill(3))
    if bank is None:
        raise account_not_issued("은행코드 오류")
    due = _deadline(call)
    number = arguments.text("vbank_num")
    if number and _is_taken(call, number):
        raise number_taken()
    payment = new_payment(call, channel, None, None, tuple(arguments.texts("notice_url")), pay_method="vbank")
    payment.status = "ready"
    payment.vbank_code, payment.vbank_name = arguments.need_text("vbank_code"), bank
    payment.vbank_num = number or f"5620{payment.imp_uid.removeprefix('imps_')[-10:]}"
    sent = None if is_refused_by("vbank_holder", channel.pg_provider, call) else arguments.text("vbank_holder")
    payment.vbank_holder = sent or MERCHANT
    payment.vbank_date, payment.vbank_issued_at = due, call.now
    if profiled(channel.pg_provider, "vbank.fixed"):
        payment.unlimited = arguments.boolean("fixed_unlimited_vbank")
        payment.escrow = bool(arguments.text("escrow_password"))
    return Answer(payment_to_wire(post_payment(call.state, payment, call.now)))


@handles("vbanks_update", Evidence(documented="settle only, while `ready`; 400, 404", assumed="words"))
def update(call: Call) -> Answer:
    payment = _waiting(call)
    if payment.pg_provider not in pgs_of("vbanks_update"):
        raise pg_not_offered()
    amount = call.arguments.money("amount")
    if amount is None and not call.arguments.given("vbank_due"):
        raise missing_either(["amount", "vbank_due"])
    if amount is not None:
        require_fitting(payment.currency, amount=amount)
        if amount == 0:
            raise wrong_value("amount")
        require_parts_within(amount, payment.tax_free, payment.vat_amount)
    due = _deadline(call) if call.arguments.given("vbank_due") else payment.vbank_date
    payment.amount = payment.amount if amount is None else amount
    payment.vbank_date, payment.updated_at = due, call.now
    schedule_expiry(call.state, payment)
    return Answer(payment_to_wire(payment))


@handles("vbanks_revoke", Evidence(documented="while `ready`, 400 else; 404", assumed="`failed` afterwards; words"))
def revoke(call: Call) -> Answer:
    payment = _waiting(call)
    # The vendor's text names a PG that is not in its list.
    if payment.pg_provider not in pgs_of("vbanks_revoke") and not profiled(payment.pg_provider, "vbank.revoke"):
        raise pg_not_offered()
    check_rules_of(payment.pg_provider, call)
    payment.status = "failed"
    payment.failed_at = payment.updated_at = call.now
    payment.fail_reason = "가상계좌가 말소되었습니다."
    return Answer(payment_to_wire(payment))


@handles(
    "vbanks_get_holder", Evidence(documented="404", assumed="that it still answers; every number but zeros is 홍길동's")
)
def get_holder(call: Call) -> Answer:
    number = call.arguments.need_text("bank_num").replace("-", "")
    known = call.arguments.need_text("bank_code").zfill(3) in BANKS
    # Every number has the same holder, except zeros alone, which no bank issues.
    if not known or not (number.isascii() and number.isdigit()) or not number.strip("0"):
        raise no_such_account_holder()
    return Answer({"bank_holder": HOLDER})


def _waiting(call: Call) -> PaymentRecord:
    payment = call.state.find_payment(call.tier, call.arguments.need_text("imp_uid"))
    if payment is None:
        raise no_such_payment()
    if payment.status != "ready" or not payment.vbank_issued_at:
        raise not_waiting_for_deposit()
    return payment


def _require_depositable(call: Call) -> None:
    amount = call.arguments.need_money("amount")
    tax_free, vat = call.arguments.money("tax_free"), call.arguments.money("vat_amount")
    require_fitting("KRW", amount=amount, tax_free=tax_free, vat_amount=vat)
    if amount == Decimal(0):
        raise wrong_value("amount")
    require_parts_within(amount, tax_free, vat)


def _deadline(call: Call) -> int:
    due = call.arguments.integer("vbank_due") or 0
    if due <= call.now:
        raise deadline_has_passed("vbank_due")
    return due


def _is_taken(call: Call, number: str) -> bool:
    return any(payment.vbank_num == number for payment in call.state.payments.waiting_for(number))
