"""A list by status while payments change their status: one leaves and another comes in, so that no total shows it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from portone_v1 import FULL
from portone_v1_runtime.pagination import PaginationPlan, pages
from portone_v1_sandbox import Sandbox

from tests.lists.conftest import START, Collect
from tests.lists.test_iterators import Item, Page

DAYS = 86_400
PLAN = PaginationPlan("key", ("from_", "to", 90, True), {"sorting": "started"})


class Listing:
    """Rows with the time that the window goes by, in the order in which they were started."""

    def __init__(self, rows: dict[int, int], size: int) -> None:
        self.rows, self.size, self.asked = dict(rows), size, 0

    def page(self, request: dict[str, Any]) -> Page | None:
        self.asked += 1
        assert self.asked < 5000
        found = [key for key, at in sorted(self.rows.items()) if request["from_"] <= at <= request["to"]]
        start = (request["page"] - 1) * self.size
        shown = [Item(key) for key in found[start : start + self.size]]
        more = request["page"] + 1 if start + self.size < len(found) else 0
        return Page(shown, len(found), more) if shown or request["page"] == 1 else None


def walked(listing: Listing, until: int, change: Callable[[int], object]) -> list[int]:
    """Return what a walk finds if `change` is called before each request."""
    asking = pages(PLAN, {"from_": 0, "to": until})
    found: list[int] = []
    _, request = next(asking)
    while request is not None:
        change(listing.asked)
        ready, request = asking.send(listing.page(request))
        found += [item.key for item in ready]
    return found


@settings(max_examples=300, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_what_stays_is_found_once_whatever_comes_and_goes(data: st.DataObject) -> None:
    """At any place, any number, between any two requests; in the order of their start or in any other."""
    length, size = data.draw(st.integers(1, 40)), data.draw(st.integers(1, 7))
    until = data.draw(st.sampled_from([300, 40 * DAYS, 200 * DAYS]))
    times = data.draw(st.lists(st.integers(0, until), min_size=length, max_size=length, unique=True))
    if data.draw(st.booleans()):
        times.sort()
    listing, there = Listing(dict(enumerate(times)), size), set(range(length))
    steps = data.draw(st.dictionaries(st.integers(1, 30), st.tuples(st.integers(1, 3), st.integers(0, 3)), max_size=10))

    def change(asked: int) -> None:
        gone, come = steps.get(asked, (0, 0))
        for _ in range(min(gone, len(listing.rows))):
            key = data.draw(st.sampled_from(sorted(listing.rows)))
            del listing.rows[key]
            there.discard(key)
        for _ in range(come):
            free = data.draw(st.integers(0, until).filter(lambda at: at not in listing.rows.values()))
            listing.rows[data.draw(st.integers(0, 10**6).filter(lambda key: key not in listing.rows))] = free

    found = walked(listing, until, change)
    assert there <= set(found)
    assert len(found) == len(set(found))


@pytest.mark.parametrize(("together", "requests"), [(1, 40), (20, 60), (200, 200)])
def test_many_at_one_moment_are_found_with_few_requests(together: int, requests: int) -> None:
    """A batch job charges at midnight: more than a page within one second, at five moments of three years."""
    rows = {number: (number // together) * DAYS for number in range(1000)}
    listing = Listing(rows, 100)
    assert walked(listing, 1000 * DAYS, lambda asked: None) == sorted(rows)
    assert listing.asked <= requests


def test_one_is_refunded_and_one_is_paid_between_two_pages(sandbox: Sandbox, collect: Collect) -> None:
    operator, orders = sandbox.client(), [f"order-{number:02}" for number in range(30)]
    paid = []
    for order in orders:
        paid.append(sandbox.pay(merchant_uid=order, amount=1000))
        sandbox.clock.advance(seconds=60)
    until, handle = sandbox.clock.now() + 3600, sandbox.handle
    left = [payment.imp_uid for payment in paid[:10]]

    def meanwhile(request: Any) -> Any:
        answer = handle(request)
        if request.path == "/payments/status/paid" and left:
            operator.payments.cancel(imp_uid=left.pop(0), amount=FULL)
            sandbox.pay(merchant_uid=f"new-{len(left)}", amount=1000)
        return answer

    sandbox.handle = meanwhile  # type: ignore[method-assign]
    found = collect(lambda client: client.payments.iter_search("paid", from_=START, to=until, limit=5))
    assert set(orders[10:]) <= {payment.merchant_uid for payment in found}
