"""결제상태기준 복수조회: status, window, order and pages."""

from __future__ import annotations

import pytest
from portone_v1_sandbox import Sandbox

from tests.sandbox.support import START, Api

DAY = 24 * 60 * 60


def orders(api: Api, status: str, **query: object) -> list[str]:
    rows = api.get(f"/payments/status/{status}", **query).response["list"]
    return [row["merchant_uid"] for row in rows]


@pytest.fixture
def one_of_each(api: Api, sandbox: Sandbox) -> None:
    """Create payments on the first day, and refund two on the eleventh."""
    sandbox.pay(merchant_uid="waits", amount=1000, status="ready")
    sandbox.pay(merchant_uid="paid", amount=1000)
    sandbox.pay(merchant_uid="failed", amount=1000, status="failed")
    sandbox.pay(merchant_uid="refunded", amount=1000)
    sandbox.pay(merchant_uid="partly", amount=1000)
    sandbox.clock.advance(days=10)
    api.cancel(merchant_uid="refunded")
    api.cancel(merchant_uid="partly", amount=400)


@pytest.mark.usefixtures("one_of_each")
def test_by_status(api: Api) -> None:
    assert orders(api, "ready") == ["waits"]
    assert orders(api, "paid") == ["paid"]
    assert orders(api, "failed") == ["failed"]
    assert orders(api, "cancelled") == ["partly", "refunded"]
    assert orders(api, "all") == ["partly", "refunded", "failed", "paid", "waits"]


@pytest.mark.usefixtures("one_of_each")
def test_time_that_counts_is_that_of_the_status(api: Api) -> None:
    first_day = {"from": START, "to": START}
    last_day = {"from": START + 10 * DAY, "to": START + 10 * DAY}
    assert orders(api, "all", **first_day) == ["failed", "paid", "waits"]
    assert orders(api, "all", **last_day) == ["partly", "refunded"]


def test_window_includes_both_ends(api: Api, sandbox: Sandbox) -> None:
    sandbox.pay(merchant_uid="order", amount=1000)
    assert orders(api, "paid", **{"from": START, "to": START + 5}) == ["order"]
    assert orders(api, "paid", **{"from": START - 5, "to": START}) == ["order"]
    assert orders(api, "paid", **{"from": START + 1, "to": START + 5}) == []
    assert orders(api, "paid", **{"from": START - 5, "to": START - 1}) == []


def test_default_window_is_the_last_ninety_days(api: Api, sandbox: Sandbox) -> None:
    sandbox.pay(merchant_uid="order", amount=1000)
    sandbox.clock.advance(days=90)
    assert orders(api, "paid") == ["order"]
    sandbox.clock.advance(seconds=1)
    assert orders(api, "paid") == []
    assert orders(api, "paid", to=START + DAY) == ["order"]
    assert orders(api, "paid", **{"from": START + 1}) == []


@pytest.mark.parametrize(
    "query",
    [
        {"from": START - 90 * DAY - 1},
        {"from": START, "to": START + 90 * DAY + 1},
        {"from": START + 1},
        {"from": START, "to": START - 1},
        {"from": "yesterday"},
        {"from": -1, "to": 0},
        {"page": 0},
        {"page": "one"},
        {"limit": 0},
        {"limit": 1001},
    ],
)
def test_query_that_is_refused(api: Api, query: dict[str, object]) -> None:
    assert api.get("/payments/status/paid", **query).status == 400


def test_ninety_days_are_not_too_long(api: Api) -> None:
    assert orders(api, "paid", **{"from": START, "to": START + 90 * DAY}) == []


def test_window_from_the_beginning_of_time(api: Api) -> None:
    assert orders(api, "all", **{"from": 0, "to": 0}) == []


def test_unknown_status(api: Api) -> None:
    assert api.get("/payments/status/lost").verdict == (400, 1, "지원되지 않는 상태값입니다.")
    assert api.get("/payments/status").status == 404


def test_pages(api: Api, sandbox: Sandbox) -> None:
    for number in range(45):
        sandbox.pay(merchant_uid=f"order-{number}", amount=1000)
    first = api.get("/payments/status/paid").response
    assert (first["total"], first["previous"], first["next"], len(first["list"])) == (45, 0, 2, 20)
    second = api.get("/payments/status/paid", page=2).response
    assert (second["previous"], second["next"]) == (1, 3)
    third = api.get("/payments/status/paid", page=3).response
    assert (third["previous"], third["next"], len(third["list"])) == (2, 0, 5)
    seen = [p["merchant_uid"] for page in (first, second, third) for p in page["list"]]
    assert seen == [f"order-{number}" for number in reversed(range(45))]
    assert len(orders(api, "paid", limit=1000)) == 45
    beyond = api.get("/payments/status/paid", page=4)
    assert beyond.verdict == (400, 1, "조회할 수 있는 페이지 범위를 벗어났습니다.")


def test_nothing_found_is_an_empty_page(api: Api) -> None:
    assert api.get("/payments/status/all").response == {"list": [], "next": 0, "previous": 0, "total": 0}


@pytest.mark.parametrize(
    ("sorting", "expected"),
    [
        (None, ["third", "second", "first"]),
        ("-started", ["third", "second", "first"]),
        ("started", ["first", "second", "third"]),
        ("-paid", ["third", "second", "first"]),
        ("paid", ["first", "second", "third"]),
        ("-updated", ["first", "third", "second"]),
        ("updated", ["second", "third", "first"]),
    ],
)
def test_six_orders(api: Api, sandbox: Sandbox, sorting: str | None, expected: list[str]) -> None:
    for name in ("first", "second", "third"):
        sandbox.pay(merchant_uid=name, amount=1000)
        sandbox.clock.advance(seconds=1)
    api.cancel(merchant_uid="first", amount=1)
    assert orders(api, "all", **({} if sorting is None else {"sorting": sorting})) == expected
