"""A list that changes while it is walked, at any place: nothing comes twice, what stays is not lost, memory is flat."""

from __future__ import annotations

import weakref
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from portone_v1_runtime.pagination import REMEMBERED, PaginationPlan, pages

from tests.lists.test_iterators import Item, Page

NEW = count(1_000_000)
WINDOWED = PaginationPlan("key", ("from_", "to", 90, True), {"sorting": "started"})


@dataclass
class Listing:
    """A list with pages of a size, and the walk over it."""

    left: list[int]
    size: int
    found: list[int] = field(default_factory=list)
    asked: int = 0
    refused: bool = False

    def page(self, number: int) -> Page | None:
        start = (number - 1) * self.size
        shown = [Item(key) for key in self.left[start : start + self.size]]
        self.refused = not shown and number > 1
        more = number + 1 if start + self.size < len(self.left) else 0
        return None if self.refused else Page(shown, len(self.left), more)


Change = Callable[[Listing], None]


def walked(items: list[int], size: int, changes: dict[int, Change]) -> Listing:
    """Return the listing after a walk during which changes are made before the n-th request."""
    listing = Listing(list(items), size)
    asking = pages(PaginationPlan("key"), {})
    _, request = next(asking)
    while request is not None:
        listing.asked += 1
        assert listing.asked < 2000
        if change := changes.get(listing.asked):
            change(listing)
        ready, request = asking.send(listing.page(request["page"]))
        listing.found += [item.key for item in ready]
    return listing


def enter(number: int, place: int) -> Change:
    def change(listing: Listing) -> None:
        listing.left[place:place] = [next(NEW) for _ in range(number)]

    return change


def leave(number: int, place: int) -> Change:
    def change(listing: Listing) -> None:
        del listing.left[place : place + number]

    return change


@pytest.mark.parametrize("size", [1, 3, 7])
@pytest.mark.parametrize("number", [1, 2, 7, 8, 30])
@pytest.mark.parametrize("when", range(1, 7))
@pytest.mark.parametrize("place", [0, 5, 20])
def test_what_comes_in_pushes_nothing_out_and_nothing_twice(size: int, number: int, when: int, place: int) -> None:
    """At the beginning, as in a list that has the newest first, in the middle, and at the end."""
    items = list(range(20))
    found = walked(items, size, {when: enter(number, place)}).found
    assert len(found) == len(set(found))
    assert [key for key in found if key in set(items)] == items


@settings(max_examples=300, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    size=st.integers(1, 9),
    length=st.integers(1, 40),
    steps=st.dictionaries(
        st.integers(1, 14), st.tuples(st.booleans(), st.integers(1, 25), st.integers(0, 45)), max_size=8
    ),
)
def test_whatever_comes_and_leaves_the_rest_comes_once(
    size: int, length: int, steps: dict[int, tuple[bool, int, int]]
) -> None:
    """One or the other between two requests, and nothing comes in right after a page has gone."""
    items, gone = list(range(length)), set[int]()

    def change(comes: bool, number: int, place: int) -> Change:
        def one(listing: Listing) -> None:
            if not comes:
                gone.update(listing.left[place : place + number])
                leave(number, place)(listing)
            elif not listing.refused:
                enter(number, place)(listing)

        return one

    found = walked(items, size, {when: change(*step) for when, step in steps.items()}).found
    assert len(found) == len(set(found))
    assert set(items) - gone <= set(found)
    if not gone:
        assert [key for key in found if key in set(items)] == items


@pytest.mark.parametrize("size", [50, 100, 1000])
@pytest.mark.parametrize("number", [1, 100, 1000, 8000])
@pytest.mark.parametrize("change", [enter, leave])
def test_far_into_a_long_list_too(size: int, number: int, change: Callable[[int, int], Change]) -> None:
    items = list(range(40_000))
    listing = walked(items, size, {30_000 // size: change(number, 0)})
    assert sorted(listing.found) == items
    assert listing.asked <= (40_000 + number) // size + 2


def test_where_more_comes_in_than_is_remembered_it_comes_twice_but_is_not_lost() -> None:
    items, more = list(range(40_000)), REMEMBERED + 1500
    times = Counter(walked(items, 1000, {30: enter(more, 0)}).found)
    assert sorted(times) == items
    assert {key for key in items if times[key] > 1} == set(range(29_000 - more, 29_000))
    assert max(times.values()) == 2


def test_a_last_page_that_is_gone_is_no_reason_to_begin_anew() -> None:
    items = list(range(20_000))
    listing = walked(items, 200, {100: leave(250, 0)})
    assert sorted(listing.found) == items
    assert listing.asked == 102


def test_a_short_last_page_is_no_measure_of_a_page() -> None:
    items = list(range(20_001))
    listing = walked(items, 200, {101: leave(150, 0)})
    assert sorted(listing.found) == items
    assert listing.asked <= 102


def test_a_next_page_that_v1_refuses_ends_the_walk() -> None:
    asking = pages(PaginationPlan("key"), {})
    _, request = next(asking)
    found, asked = list[int](), 0
    while request is not None:
        asked += 1
        assert asked < 10
        page = Page([Item(request["page"])], 9, request["page"] + 1) if request["page"] < 4 else None
        ready, request = asking.send(page)
        found += [item.key for item in ready]
    assert found == [1, 2, 3]


@pytest.mark.parametrize("named_as_next", [1, 2])
def test_a_page_that_names_itself_or_an_earlier_one_as_the_next_is_an_error(named_as_next: int) -> None:
    asking = pages(PaginationPlan("key"), {})
    next(asking)
    asking.send(Page([Item(1)], 9, 2))
    with pytest.raises(ValueError, match="page 2 is followed by page"):
        asking.send(Page([Item(2)], 9, named_as_next))


@pytest.mark.parametrize("number", [1, 2, 9, 10, 25])
def test_what_was_given_leaves_at_once_all_the_time(number: int) -> None:
    def refund(listing: Listing) -> None:
        given = set(listing.found[-number:])
        listing.left[:] = [key for key in listing.left if key not in given]

    items = list(range(400))
    listing = walked(items, 10, dict.fromkeys(range(2, 500), refund))
    assert sorted(listing.found) == items
    assert listing.asked <= 3 * 40


@pytest.mark.parametrize("number", [1, 3])
def test_a_list_that_shrinks_all_the_time_comes_to_its_end(number: int) -> None:
    listing = walked(list(range(400)), 10, dict.fromkeys(range(2, 500), leave(number, 0)))
    assert set(listing.left) <= set(listing.found)
    assert listing.asked <= 3 * 40


class Key:
    """An id that can be watched."""


def test_what_is_kept_does_not_grow_with_the_list() -> None:
    alive: weakref.WeakSet[Key] = weakref.WeakSet()
    asking = pages(PaginationPlan("key"), {})
    next(asking)
    size, kept = 500, list[int]()
    for number in range(1, 81):
        items = [Item(Key()) for _ in range(size)]
        alive.update(item.key for item in items)
        asking.send(Page(items, 80 * size, number + 1))
        del items
        kept.append(len(alive))
    assert max(kept) <= REMEMBERED + 2 * size
    assert kept[-1] == kept[40]


@pytest.mark.parametrize("total", [None, -3, True, "three", 10**400, Decimal("1e400"), 10**18])
@pytest.mark.parametrize("plan", [PaginationPlan("key"), WINDOWED])
def test_a_total_that_is_none_loses_nothing(plan: PaginationPlan, total: Any) -> None:
    asking = pages(plan, {"from_": 0, "to": 1} if plan.window else {})
    _, request = next(asking)
    found: list[int] = []
    for _ in range(20):
        if request is None:
            break
        number = request["page"]
        shown = [Item(2 * number), Item(2 * number + 1)] if number < 4 else []
        ready, request = asking.send(Page(shown, total, "next" if number == 1 else number + 1 if number < 3 else 0))
        found += [item.key for item in ready]
    assert request is None
    assert {2, 3} <= {*found} <= {*range(2, 8)}
    assert plan.window or found == [*range(2, 8)]


def test_items_without_a_key_are_all_given() -> None:
    asking = pages(WINDOWED, {"from_": 0, "to": 1})
    next(asking)
    ready, request = asking.send(Page([Item(None), Item(None)], 9, 2))
    given = [*ready]
    while request is not None:
        ready, request = asking.send(Page([Item(None), Item(None)], 2, 0))
        given += ready
    assert len(given) == 4


@pytest.mark.parametrize("odd", [1_773_104_701_123, "gestern", None])
def test_a_time_that_is_none_is_no_order(odd: Any) -> None:
    """The pages are counted then."""
    plan = PaginationPlan("key", ("from_", "to", 89, False), {}, time="time")
    asking = pages(plan, {"from_": 0, "to": 100})
    _, request = next(asking)
    found: list[int] = []
    while request is not None:
        number = request["page"]
        ready, request = asking.send(Page([Item(number, odd)], 3, number + 1 if number < 3 else 0))
        found += [item.key for item in ready]
    assert found == [1, 2, 3]
