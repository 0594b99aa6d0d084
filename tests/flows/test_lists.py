"""Lists by status and time, page by page."""

from __future__ import annotations

from datetime import datetime, timedelta

from portone_v1 import FULL, KST, InvalidRequestError
from portone_v1.enums import PaymentSorting

from tests.flows.shop import Shop


def now(shop: Shop) -> datetime:
    return datetime.fromtimestamp(shop.sandbox.clock.now(), KST)


def test_pages_to_the_end(shop: Shop) -> None:
    uids = []
    for number in range(7):
        shop.sandbox.clock.advance(seconds=1)
        uids.append(shop.call(shop.charge(f"order-{number}")).imp_uid)
    seen: list[str] = []
    page = 1
    while page:
        answer = shop.call(lambda c, page=page: c.payments.search("paid", limit=3, page=page))
        assert answer.total == 7
        seen += [payment.imp_uid for payment in answer.items]
        page = answer.next or 0
    assert seen == uids[::-1]
    beyond = shop.failure(lambda c: c.payments.search("paid", limit=3, page=9))
    assert (type(beyond), beyond.status) == (InvalidRequestError, 400)
    earliest = shop.call(lambda c: c.payments.search("all", limit=7, sorting=PaymentSorting.STARTED))
    assert [payment.imp_uid for payment in earliest.items] == uids


def test_a_list_without_rows(shop: Shop) -> None:
    answer = shop.call(lambda c: c.payments.search("all"))
    assert (answer.total, answer.items) == (0, [])


def test_each_status_has_its_own_list(shop: Shop) -> None:
    shop.call(shop.charge("order-1"))
    shop.call(shop.charge("order-2", card="charge_failed"))
    cancelled = shop.call(shop.charge("order-3")).imp_uid
    shop.call(lambda c: c.payments.cancel(imp_uid=cancelled, amount=FULL))
    shop.sandbox.pay(merchant_uid="order-4", amount=1000, pay_method="vbank", status="ready")
    for status, order in (("paid", "order-1"), ("failed", "order-2"), ("cancelled", "order-3"), ("ready", "order-4")):
        found = shop.call(lambda c, status=status: c.payments.search(status))
        assert [payment.merchant_uid for payment in found.items] == [order]
    assert shop.call(lambda c: c.payments.search("all")).total == 4


def test_a_window_has_both_its_ends_and_90_days_at_most(shop: Shop) -> None:
    paid_at = now(shop)
    shop.call(shop.charge("order-1"))
    shop.sandbox.clock.advance(days=100)
    assert shop.call(lambda c: c.payments.search("paid")).total == 0
    for since, until, total in (
        (paid_at, paid_at, 1),
        (paid_at - timedelta(days=1), paid_at, 1),
        (paid_at, paid_at + timedelta(days=90), 1),
        (paid_at + timedelta(seconds=1), paid_at + timedelta(days=1), 0),
        (paid_at - timedelta(days=1), paid_at - timedelta(seconds=1), 0),
    ):
        found = shop.call(lambda c, since=since, until=until: c.payments.search("paid", from_=since, to=until))
        assert found.total == total
    seconds = int(paid_at.timestamp())
    assert shop.call(lambda c: c.payments.search("paid", from_=seconds, to=seconds)).total == 1
    long = shop.failure(lambda c: c.payments.search("paid", from_=paid_at, to=paid_at + timedelta(days=90, seconds=1)))
    assert (type(long), long.status) == (InvalidRequestError, 400)


def test_a_naive_time_is_no_time(shop: Shop) -> None:
    error = shop.failure(lambda c: c.payments.search("paid", from_=datetime(2026, 1, 1)))  # noqa: DTZ001
    assert type(error) is ValueError
    assert "must be an aware datetime, with tzinfo=KST (from portone_v1 import KST)" in str(error)
    assert type(shop.failure(lambda c: c.payments.search("paid", from_=1.5))) is TypeError


def test_a_cancelled_payment_counts_when_it_was_cancelled(shop: Shop) -> None:
    imp_uid = shop.call(shop.charge("order-1")).imp_uid
    shop.sandbox.clock.advance(days=120)
    shop.call(lambda c: c.payments.cancel(imp_uid=imp_uid, amount=FULL))
    found = shop.call(lambda c: c.payments.search("cancelled", from_=now(shop) - timedelta(days=1)))
    assert [payment.imp_uid for payment in found.items] == [imp_uid]
