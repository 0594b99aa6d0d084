"""Pages that lead nowhere: an error of the SDK says so, and no list reads as shorter than it is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from portone_v1 import AsyncPortOne, PortOne, ResponseFormatError

from tests.lists.conftest import START

DAY = 86_400
PAGES = 3

WALKS: list[Callable[[Any], Any]] = [
    lambda c: c.payments.iter_search("paid", from_=START, to=START + DAY),
    lambda c: c.payments.iter_attempts("order-1"),
    lambda c: c.subscribe.iter_schedules(schedule_from=START, schedule_to=START + DAY),
]
RECONCILES: list[Callable[[Any], Any]] = [
    lambda c: c.payments.reconcile(START, START + DAY),
    lambda c: c.payments.iter_reconcile(START, START + DAY),
]


class BrokenV1:
    """Answers every list with two items a page, whatever the period, and names the next page as it is told."""

    def __init__(self, following: Callable[[int], Any]) -> None:
        self._following = following
        self.asked = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/users/getToken":
            payload: Any = {"access_token": "t", "now": START, "expired_at": START + 1800}
        else:
            self.asked += 1
            assert self.asked < 50, "it would never end"
            number = int(request.url.params.get("page", 1))
            names = [f"{number}-{row}" for row in range(2)] if number <= PAGES else []
            rows = [{"imp_uid": f"imp_{each}", "merchant_uid": each, "sandbox": False, "amount": 1} for each in names]
            payload = {"total": 2 * PAGES, "previous": 0, "next": self._following(number), "list": rows}
        return httpx.Response(200, json={"code": 0, "message": None, "response": payload})


def walked(v1: BrokenV1, walk: Callable[[Any], Any], flavour: str) -> list[Any]:
    async def every() -> list[Any]:
        async with AsyncPortOne("key", "secret", transport=httpx.MockTransport(v1)) as client:
            found = walk(client)
            return [one async for one in found] if hasattr(found, "__aiter__") else await found

    if flavour == "async":
        return asyncio.run(every())
    with PortOne("key", "secret", transport=httpx.MockTransport(v1)) as client:
        return [*walk(client)]


def failure(v1: BrokenV1, walk: Callable[[Any], Any], flavour: str) -> ResponseFormatError:
    with pytest.raises(ResponseFormatError) as caught:
        walked(v1, walk, flavour)
    return caught.value


@pytest.mark.parametrize("flavour", ["sync", "async"])
@pytest.mark.parametrize("walk", WALKS)
@pytest.mark.parametrize(
    ("following", "reason"),
    [
        (lambda number: max(number - 1, 1), "page 1 is followed by page 1"),
        (lambda _: -1, "page 1 is followed by page -1"),
        (lambda _: True, "page 1 is followed by page 1"),
    ],
)
def test_a_page_that_leads_nowhere_is_an_error_of_the_sdk(
    walk: Callable[[Any], Any], flavour: str, following: Callable[[int], Any], reason: str
) -> None:
    v1 = BrokenV1(following)
    error = failure(v1, walk, flavour)
    assert reason in str(error)
    assert error.docs_url.endswith("#responseformaterror")
    assert v1.asked == 1


@pytest.mark.parametrize("flavour", ["sync", "async"])
@pytest.mark.parametrize("walk", WALKS)
@pytest.mark.parametrize("following", ["later", [2], {"page": 2}])
def test_a_number_that_cannot_be_read_loses_nothing(walk: Callable[[Any], Any], flavour: str, following: Any) -> None:
    """The pages are counted; the period is not cut into ever smaller parts, down to its seconds."""
    v1 = BrokenV1(lambda _: following)
    found = walked(v1, walk, flavour)
    assert [item.merchant_uid for item in found] == [
        f"{page}-{row}" for page in range(1, PAGES + 1) for row in range(2)
    ]
    assert v1.asked == PAGES + 1


def test_the_columns_of_such_a_list_neither() -> None:
    assert "page 1" in str(failure(BrokenV1(lambda _: 1), lambda c: WALKS[0](c).undecoded(), "sync"))


@pytest.mark.parametrize("flavour", ["sync", "async"])
@pytest.mark.parametrize("walk", RECONCILES)
@pytest.mark.parametrize("following", ["later", [2], 1, -1])
def test_reconciling_does_not_go_by_a_number_that_cannot_be_read(
    walk: Callable[[Any], Any], flavour: str, following: Any
) -> None:
    """It went on by ever smaller parts of the period, second by second."""
    v1 = BrokenV1(lambda _: following)
    error = failure(v1, walk, flavour)
    assert "number of the next page" in str(error)
    assert v1.asked == 1
