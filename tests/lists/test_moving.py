"""Lists of the sandbox that change by what is done with each item while they are walked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from portone_v1 import KST
from portone_v1_sandbox import TEST_CARDS

from tests.lists.conftest import START

if TYPE_CHECKING:
    from portone_v1 import PortOne
    from portone_v1_sandbox import Sandbox

    from tests.lists.conftest import Collect, Watch

DAY = 86_400


@pytest.fixture
def shop(sandbox: Sandbox) -> PortOne:
    client = sandbox.client(max_retries=0)
    client.billing_keys.issue(
        "customer-1",
        card_number=TEST_CARDS["ordinary"].number,
        expiry="2031-12",
        birth="900101",
        customer_name="홍길동",
    )
    return client


def plan(shop: PortOne, count: int, *, apart: int) -> list[str]:
    orders = [f"order-{number:03}" for number in range(count)]
    schedules: list[dict[str, Any]] = [
        {"merchant_uid": order, "schedule_at": START + DAY + number * apart, "amount": 9900, "name": "정기배송"}
        for number, order in enumerate(orders)
    ]
    shop.subscribe.schedule(customer_uid="customer-1", schedules=schedules)
    return orders


def searches(sandbox: Sandbox) -> int:
    return sum(exchange.operation == "subscribe_list_schedules" for exchange in sandbox.journal)


@pytest.mark.parametrize("days", [1, 30, 100])
@pytest.mark.parametrize("apart", [0, 1, DAY])
def test_every_schedule_is_moved_once(shop: PortOne, watch: Watch, apart: int, days: int) -> None:
    """Behind all others, on the same day, or into the next window: those that take its place are not lost."""
    orders = plan(shop, 60, apart=apart)
    found = watch(
        lambda client: client.subscribe.iter_schedules(
            schedule_from=START, schedule_to=START + 170 * DAY, schedule_status="scheduled", limit=10
        ),
        lambda item: shop.subscribe.update_schedule(
            item.merchant_uid, schedule_at=int(item.schedule_at.timestamp()) + days * DAY
        ),
    )
    assert sorted(item.merchant_uid for item in found) == orders
    for number, order in enumerate(orders):
        planned = shop.subscribe.get_schedule(order).schedule_at
        assert planned is not None
        assert int(planned.timestamp()) == START + DAY + number * apart + days * DAY


def test_every_schedule_is_brought_forward_once(shop: PortOne, watch: Watch) -> None:
    orders = plan(shop, 60, apart=DAY)
    found = watch(
        lambda client: client.subscribe.iter_schedules(schedule_from=START, schedule_to=START + 89 * DAY, limit=7),
        lambda item: shop.subscribe.update_schedule(item.merchant_uid, schedule_at=START + DAY // 2),
    )
    assert sorted(item.merchant_uid for item in found) == orders


def test_a_schedule_that_is_brought_nearer_is_not_lost(shop: PortOne, watch: Watch) -> None:
    orders = plan(shop, 40, apart=DAY)

    def bring_the_last_nearer(item: Any) -> None:
        if item.merchant_uid == orders[12]:
            shop.subscribe.update_schedule(orders[-1], schedule_at=START + 25 * DAY)

    found = watch(
        lambda client: client.subscribe.iter_schedules(schedule_from=START, schedule_to=START + 89 * DAY, limit=5),
        bring_the_last_nearer,
    )
    assert [item.merchant_uid for item in found] == [*orders[:25], orders[-1], *orders[25:-1]]


@pytest.mark.parametrize(("apart", "pages"), [(DAY, 5), (0, 6)])
def test_a_list_of_schedules_that_is_left_alone_is_read_once(
    shop: PortOne, sandbox: Sandbox, collect: Collect, apart: int, pages: int
) -> None:
    """Four pages, each of which begins with the last of the page before; or one second, and what is behind it."""
    orders = plan(shop, 40, apart=apart)
    found = collect(
        lambda client: client.subscribe.iter_schedules(schedule_from=START, schedule_to=START + 89 * DAY, limit=10)
    )
    assert [item.merchant_uid for item in found] == orders
    assert searches(sandbox) == pages


def test_a_customers_schedules_newest_first_are_each_moved_once(shop: PortOne, watch: Watch) -> None:
    orders = plan(shop, 50, apart=DAY)
    found = watch(
        lambda client: client.subscribe.iter_customer_schedules(
            "customer-1", from_=START, to=START + 80 * DAY, schedule_status="scheduled"
        ),
        lambda item: shop.subscribe.update_schedule(
            item.merchant_uid, schedule_at=int(item.schedule_at.timestamp()) + 2 * DAY
        ),
    )
    assert [item.merchant_uid for item in found] == orders[::-1]


def test_the_next_month_is_planned_while_this_one_is_charged(shop: PortOne, sandbox: Sandbox, watch: Watch) -> None:
    """As many leave at the beginning as come in at the end, so that the total is always the same."""
    orders = plan(shop, 60, apart=60)
    sandbox.clock.advance(seconds=DAY - 30)

    def time_goes_by(item: Any) -> None:
        sandbox.clock.advance(seconds=60)
        shop.subscribe.schedule(
            customer_uid="customer-1",
            schedules=[
                {
                    "merchant_uid": f"next-{item.merchant_uid}",
                    "schedule_at": int(item.schedule_at.timestamp()) + 30 * DAY,
                    "amount": 9900,
                    "name": "정기배송",
                }
            ],
        )

    found = watch(
        lambda client: client.subscribe.iter_schedules(
            schedule_from=START, schedule_to=START + 40 * DAY, schedule_status="scheduled", limit=10
        ),
        lambda item: time_goes_by(item) if not item.merchant_uid.startswith("next") else None,
    )
    assert [item.merchant_uid for item in found] == [*orders, *(f"next-{order}" for order in orders)]


def test_the_newest_first_while_more_are_charged(shop: PortOne, sandbox: Sandbox, watch: Watch) -> None:
    """Every charge pushes one payment to the next page."""

    def charge(order: str) -> None:
        sandbox.clock.advance(seconds=1)
        shop.subscribe.again(customer_uid="customer-1", merchant_uid=order, amount=9900, name="정기배송")

    orders = [f"order-{number:03}" for number in range(70)]
    for order in orders:
        charge(order)
    found = watch(
        lambda client: client.billing_keys.iter_payments("customer-1"),
        lambda payment: charge(f"new-{payment.merchant_uid}"),
    )
    assert [payment.merchant_uid for payment in found] == orders[::-1]
    assert found[0].paid_at.tzinfo is KST
