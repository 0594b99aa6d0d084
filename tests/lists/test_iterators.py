"""Every paged list as an iterator: all of it, in order, nothing twice, while the shop goes on selling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from portone_v1 import FULL, ApiError, InvalidRequestError
from portone_v1_runtime.pagination import PaginationPlan, pages

from tests.lists.conftest import START

if TYPE_CHECKING:
    from portone_v1_sandbox import Sandbox

    from tests.lists.conftest import Collect

DAY = 86_400


def sell(sandbox: Sandbox, days: int, *, each: int = 2, step: int = 5) -> list[str]:
    """Sell orders, and return them in the order in which they were paid."""
    orders = []
    for day in range(0, days, step):
        for number in range(each):
            orders.append(f"order-{day:03}-{number}")
            sandbox.pay(merchant_uid=orders[-1], amount=1000 + day)
            sandbox.clock.advance(seconds=1)
        sandbox.clock.advance(days=step)
    return orders


def test_any_range_is_cut_into_windows_of_ninety_days(sandbox: Sandbox, collect: Collect) -> None:
    orders = sell(sandbox, 300)
    now = sandbox.clock.now()
    found = collect(lambda client: client.payments.iter_search("paid", from_=START, to=now, limit=7))
    assert [payment.merchant_uid for payment in found] == orders
    windows = [exchange.arguments for exchange in searches(sandbox)]
    assert {int(window["to"]) - int(window["from"]) for window in windows} <= set(range(90 * DAY))
    assert collect(lambda client: client.payments.iter_search("paid", from_=START, to=now, limit=1000))
    assert len({exchange.arguments["from"] for exchange in searches(sandbox)[len(windows) :]}) == 4


def searches(sandbox: Sandbox) -> list[Any]:
    return [exchange for exchange in sandbox.journal if exchange.operation == "payments_search"]


def test_both_ends_of_the_range_belong_to_it(sandbox: Sandbox, collect: Collect) -> None:
    sandbox.pay(merchant_uid="first", amount=1000)
    first = sandbox.clock.now()
    sandbox.clock.advance(days=120)
    sandbox.pay(merchant_uid="last", amount=1000)
    last = sandbox.clock.now()
    found = collect(lambda client: client.payments.iter_search("paid", from_=first, to=last))
    assert [payment.merchant_uid for payment in found] == ["first", "last"]


def test_an_empty_range_asks_nothing(sandbox: Sandbox, collect: Collect) -> None:
    assert collect(lambda client: client.payments.iter_search("paid", from_=START + 10, to=START)) == []
    assert not searches(sandbox)


def test_what_is_paid_meanwhile_neither_comes_twice_nor_pushes_anything_out(sandbox: Sandbox) -> None:
    orders = sell(sandbox, 50)
    found = []
    for payment in sandbox.client().payments.iter_search("paid", from_=START, to=sandbox.clock.now(), limit=4):
        found.append(payment.merchant_uid)
        sandbox.clock.advance(seconds=5)
        sandbox.pay(merchant_uid=f"new-{len(found)}", amount=1000)
    assert found == orders


def test_what_leaves_the_list_meanwhile_takes_nothing_with_it(sandbox: Sandbox) -> None:
    """A cancelled payment is no longer `paid`: all behind it move up, over the edge of a page that was read."""
    orders = sell(sandbox, 50)
    client = sandbox.client()
    found = []
    for payment in client.payments.iter_search("paid", from_=START, to=sandbox.clock.now(), limit=4):
        found.append(payment.merchant_uid)
        if len(found) in (1, 9):
            client.payments.cancel(imp_uid=payment.imp_uid, amount=FULL)
    assert sorted(found) == orders


def test_the_attempts_at_an_order_and_none_at_all(sandbox: Sandbox, collect: Collect) -> None:
    for status in ("failed", "failed", "paid"):
        sandbox.pay(merchant_uid="order-1", amount=1000, status=status)
        sandbox.clock.advance(seconds=1)
    found = collect(lambda client: client.payments.iter_attempts("order-1", limit=2))
    assert [str(payment.status) for payment in found] == ["failed", "failed", "paid"]
    assert collect(lambda client: client.payments.iter_attempts("order-2")) == []


def test_an_unknown_billing_key_is_no_empty_list(sandbox: Sandbox, collect: Collect) -> None:
    """Where V1 refuses it, as its document says."""
    sandbox.faults.fail_next(status=404, operation="billing_keys_list_payments")
    with pytest.raises(ApiError) as caught:
        collect(lambda client: client.billing_keys.iter_payments("customer-404"))
    assert (caught.value.operation, caught.value.customer_uid) == ("billing_keys.list_payments", "customer-404")


def test_a_wrong_argument_raises_when_the_iteration_begins(collect: Collect) -> None:
    with pytest.raises(ValueError, match="payment_status"):
        collect(lambda client: client.payments.iter_search("sold", from_=START))
    with pytest.raises(InvalidRequestError):
        collect(lambda client: client.payments.iter_search("paid", from_=START, to=START + 5, limit=5000))


class Page:
    def __init__(self, items: list[Any], total: Any, next_: Any) -> None:
        self.items, self.total, self.next = items, total, next_


class Item:
    def __init__(self, key: Any, time: Any = None) -> None:
        self.key, self.time = key, time


def play(items: list[int], size: int, leave: dict[int, list[int]]) -> list[int]:
    """Walk a list from which items leave before the n-th request."""
    left, found, count = list(items), [], 0
    asking = pages(PaginationPlan("key"), {})
    ready, request = next(asking)
    while request is not None:
        count += 1
        assert count < 500
        left = [key for key in left if key not in leave.get(count, [])]
        start = (request["page"] - 1) * size
        shown = [Item(key) for key in left[start : start + size]]
        more = request["page"] + 1 if start + size < len(left) else 0
        page = Page(shown, len(left), more) if shown or request["page"] == 1 else None
        ready, request = asking.send(page)
        found += [item.key for item in ready]
    return found


@pytest.mark.parametrize("size", [1, 2, 3, 7])
@pytest.mark.parametrize("when", range(1, 8))
@pytest.mark.parametrize("gone", [[0], [0, 1, 2], [3, 4], list(range(9))])
def test_whatever_leaves_at_whatever_moment_the_rest_comes_once(size: int, when: int, gone: list[int]) -> None:
    found = play(list(range(20)), size, {when: gone})
    assert len(found) == len(set(found))
    assert {key for key in range(20) if key not in gone} <= set(found)
