"""The work of a call does not grow with the shop: instructions are counted, not seconds."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest

from benchmarks.scale.costs import instructions
from benchmarks.scale.counting import counting
from benchmarks.scale.requests import CALLS
from benchmarks.scale.shop import Shop

SMALL, LARGE = 1000, 6000  # one in fifty is ready, and a page holds twenty of them
BOUNDED = ("dashboard: timeline", "dashboard: control room")
FLAT = [name for name in CALLS if name not in BOUNDED]
"""The others look through a number of moves of the clock, or of product orders, that is limited, but above that of the
small shop."""
GROWS = 1.2
"""Sorted lists and the sizes of pages leave a little."""


@pytest.fixture(scope="module")
def shops() -> Iterator[tuple[Shop, Shop]]:
    found = Shop(SMALL, None), Shop(LARGE, None)
    for shop in found:
        shop.fill()
    yield found
    for shop in found:
        shop.sandbox.close()


@pytest.mark.parametrize("name", FLAT)
def test_a_call_takes_as_much_in_a_large_shop(shops: tuple[Shop, Shop], name: str) -> None:
    small, large = (instructions(shop, name) for shop in shops)
    assert large <= GROWS * small, f"{small} instructions among {SMALL} payments, {large} among {LARGE}"


def test_a_code_is_found_among_others_without_looking_at_them(shops: tuple[Shop, Shop]) -> None:
    counted: list[list[int]] = []
    for phone in ("01088888888", "01099999999"):
        uids = [shop.person(phone) for shop in shops]
        found = [counting(partial(shop.sandbox.identity.otp, uid)) for shop, uid in zip(shops, uids, strict=True)]
        assert [len(code) for code, _ in found] == [6, 6]
        counted.append([taken for _, taken in found])
    small, large = counted[-1]  # Python 3.14 does not count all that runs for the first time
    assert large == small
