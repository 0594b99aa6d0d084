"""What a type checker must know of calls. Checked by mypy and pyright; nobody runs it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, assert_type

from portone_v1 import FULL, UNSET, AsyncPortOne, BulkList, OutcomeUnknownError, PortOne, RawResponse, RefusedError
from portone_v1.enums import PaymentSorting, PaymentStatus
from portone_v1.models import Auth, PagedPayment, Payment, PaymentPrepare, StandardCode
from portone_v1.results import (
    AcceptedRefund,
    Charge,
    CompletedRefund,
    ConnectionCheck,
    DeclinedCharge,
    Done,
    Movement,
    NotCharged,
    NotDone,
    NotRefunded,
    PaidCharge,
    PaymentChange,
    PendingCharge,
    Refund,
    RefundedCharge,
    RefusedRefund,
    Settled,
    Undecided,
)
from portone_v1.subscriptions import Period, Step
from portone_v1.webhooks import parse


def plain(client: PortOne) -> None:
    payment = assert_type(client.payments.get("imp_1"), Payment)
    assert_type(client.payments.get("imp_1", include_sandbox=True, extension=None), Payment)
    assert_type(payment.imp_uid, str)
    assert_type(payment.amount, Decimal)
    assert_type(payment.paid_at, datetime | None)
    assert_type(payment.status, PaymentStatus | str)
    assert_type(payment.to_dict(), dict[str, Any])
    assert_type(payment.extra, dict[str, Any])

    many = assert_type(client.payments.get_many(imp_uid=["imp_1"]), BulkList[Payment])
    assert_type(many.missing, tuple[str, ...])
    for item in many:
        assert_type(item, Payment)
    assert_type(many[0], Payment)

    page = assert_type(client.payments.search("paid", sorting=PaymentSorting.PAID_DESC), PagedPayment)
    assert_type(page.items, list[Payment])
    assert_type(len(page), int)
    for paid in page:
        assert_type(paid, Payment)
    assert_type(page.next, int | None)
    assert_type(page.total, int | None)
    assert_type(client.payments.find_all("order-1", "paid"), PagedPayment)
    assert_type(client.payments.find("order-1", PaymentStatus.PAID), Payment)
    assert_type(client.codes.list_cards(), BulkList[StandardCode])
    assert_type(client.prepare.create(merchant_uid="order-1", amount=1000), PaymentPrepare)
    assert_type(client.auth.get_token(imp_key="a", imp_secret="b"), Auth)
    assert_type(client.with_options(tier="AB1", timeout=None), PortOne)


def raw(client: PortOne) -> None:
    answer = assert_type(client.payments.with_raw_response.get("imp_1", include_sandbox=True), RawResponse[Payment])
    assert_type(answer.data, Payment)
    assert_type(answer.status, int)
    assert_type(answer.headers, Mapping[str, str])
    assert_type(answer.message, str | None)
    assert_type(client.payments.with_raw_response.get_many(imp_uid="imp_1"), RawResponse[BulkList[Payment]])
    assert_type(client.payments.with_raw_response.cancel(imp_uid="imp_1", amount=FULL), RawResponse[Payment])


async def awaited(client: AsyncPortOne) -> None:
    assert_type(await client.payments.get("imp_1"), Payment)
    assert_type(await client.payments.get_many(merchant_uid=("a", "b")), BulkList[Payment])
    assert_type(await client.payments.search("all"), PagedPayment)
    answer = assert_type(await client.payments.with_raw_response.get("imp_1"), RawResponse[Payment])
    assert_type(answer.data, Payment)
    assert_type(await client.payments.with_raw_response.get_many(imp_uid="imp_1"), RawResponse[BulkList[Payment]])
    assert_type(client.with_options(max_retries=0), AsyncPortOne)
    async with client as entered:
        assert_type(entered, AsyncPortOne)


def arguments(client: PortOne) -> None:
    cancel = client.payments.cancel
    assert_type(cancel(imp_uid="imp_1", amount=1000), Payment)
    assert_type(cancel(merchant_uid="order-1", amount=Decimal("10.50"), checksum=Decimal(100)), Payment)
    assert_type(cancel(imp_uid="imp_1", amount=FULL, reason=None, tax_free=UNSET, vat_amount=0), Payment)
    assert_type(cancel(imp_uid="imp_1", amount=5, tier="AB1", timeout=3, max_retries=0), Payment)
    assert_type(
        cancel(imp_uid="imp_1", amount=5, extra_body={"a": 1}, extra_query={"b": "c"}, extra_headers={"d": "e"}),
        Payment,
    )
    with client as entered:
        assert_type(entered, PortOne)


def charged(client: PortOne, charge: Charge) -> None:
    assert_type(client.subscribe.again_once(customer_uid="c", merchant_uid="o", amount=9900), Charge)
    assert_type(
        client.subscribe.onetime_once(merchant_uid="o", amount=9900, card_number="4", expiry="2039-12", tier="AB1"),
        Charge,
    )
    assert_type(charge.state, Literal["paid", "declined", "refunded", "pending"])
    assert_type(charge.payment, Payment | None)
    if charge.state == "paid":
        assert_type(charge, PaidCharge)
        assert_type(charge.payment, Payment)
        assert_type(charge.already_paid, bool)
    elif charge.state == "declined":
        assert_type(charge.reason, str | None)
        assert_type(charge.refusal, RefusedError | None)
    else:
        assert_type(charge, RefundedCharge | PendingCharge)
        assert_type(charge.payment, Payment)


def matched(outcome: Charge | Refund | Settled) -> str:
    match outcome:
        case PaidCharge(payment=payment):
            assert_type(payment, Payment)
            return "paid"
        case DeclinedCharge() | NotCharged():
            return "not paid"
        case RefundedCharge() | PendingCharge():
            return "later"
        case CompletedRefund() | AcceptedRefund() | RefusedRefund():
            assert_type(outcome.amount, Decimal)
            return outcome.state
        case NotRefunded():
            return "again"
        case Done() | NotDone():
            assert_type(outcome, Done | NotDone)
            return outcome.state
        case Undecided():
            return "wait"


def refunded(client: PortOne, error: OutcomeUnknownError) -> None:
    refund = assert_type(client.payments.cancel_once(imp_uid="imp_1", amount=FULL), Refund)
    assert_type(refund.state, Literal["refunded", "accepted", "refused"])
    assert_type(refund.amount, Decimal)
    assert_type(client.settle(error), Charge | Refund | Settled)
    assert_type(client.payments.verify("imp_1", merchant_uid="o", amount=1), Payment)
    assert_type(client.payments.reconcile(0, 1), list[Movement])
    assert_type(client.payments.cancellable_amount(client.payments.get("imp_1")), Decimal)
    assert_type(client.webhooks.resolve(parse(b"")), PaymentChange)
    assert_type(client.check_connection(), ConnectionCheck)
    assert_type(client.base_url, str)
    assert_type(client.tier, str | None)


async def ensured(client: AsyncPortOne, due: datetime) -> None:
    period = await client.subscriptions.ensure(
        period="sub-1/1", merchant_uid="o-1", card="customer-1", price=9900, name="구독", due=due
    )
    assert_type(period, Period)
    assert_type(period.steps, tuple[Step, ...])
