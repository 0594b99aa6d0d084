"""Look-ups of more ids than one call takes, and a day's movements."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from portone_v1 import FULL, PortOne, ResponseFormatError

from tests.lists.conftest import START

if TYPE_CHECKING:
    from portone_v1_sandbox import Sandbox

Call = Callable[[Callable[[Any], Any]], Any]
DAY = 86_400


def listed(found: Any) -> Any:
    """Return everything that an iterator of either flavour yields."""
    if not hasattr(found, "__aiter__"):
        return [*found]

    async def gathered() -> list[Any]:
        return [one async for one in found]

    return gathered()


def test_any_number_of_ids_a_hundred_a_call(sandbox: Sandbox, call: Call) -> None:
    ids = [sandbox.pay(merchant_uid=f"order-{number}", amount=1000).imp_uid for number in range(230)]
    wanted = [*ids[:150], "imp_000000000000", *ids[150:], ids[0]]
    found = call(lambda client: client.payments.get_all(imp_uid=wanted))
    assert sorted(payment.imp_uid for payment in found) == sorted(ids)
    assert found.missing == ("imp_000000000000",)
    calls = [exchange for exchange in sandbox.journal if exchange.operation == "payments_get_many"]
    assert len(calls) == 3


def test_a_call_in_which_all_are_unknown_misses_all(sandbox: Sandbox, call: Call) -> None:
    there = sandbox.pay(merchant_uid="order-1", amount=1000).merchant_uid
    unknown = [f"none-{number}" for number in range(100)]
    found = call(lambda client: client.payments.get_all(merchant_uid=[*unknown, there]))
    assert [payment.merchant_uid for payment in found] == [there]
    assert found.missing == tuple(unknown)


def test_a_look_up_needs_its_argument(call: Call) -> None:
    with pytest.raises(ValueError, match="at least one"):
        call(lambda client: client.payments.get_all())


def test_a_days_movements_are_what_the_ledger_says(sandbox: Sandbox, call: Call) -> None:
    client = sandbox.client()
    old = sandbox.pay(merchant_uid="old", amount=50_000)
    sandbox.clock.advance(days=40)
    since = sandbox.clock.now()
    kept = sandbox.pay(merchant_uid="kept", amount=10_000)
    given_back = sandbox.pay(merchant_uid="given-back", amount=20_000)
    sandbox.pay(merchant_uid="declined", amount=30_000, status="failed")
    sandbox.pay(merchant_uid="test", amount=40_000, sandbox=True)
    client.payments.cancel(imp_uid=old.imp_uid, amount=1_500)
    client.payments.cancel(imp_uid=given_back.imp_uid, amount=FULL)
    sandbox.clock.advance(hours=24)
    until = sandbox.clock.now()
    client.payments.cancel(imp_uid=kept.imp_uid, amount=4_000)
    sandbox.pay(merchant_uid="tomorrow", amount=60_000)
    found = call(lambda client: client.payments.reconcile(since, until))
    assert sorted((movement.kind, movement.merchant_uid, movement.amount) for movement in found) == [
        ("charge", "given-back", Decimal(20_000)),
        ("charge", "kept", Decimal(10_000)),
        ("refund", "given-back", Decimal(20_000)),
        ("refund", "old", Decimal(1_500)),
    ]
    assert [movement.at for movement in found] == sorted(movement.at for movement in found)
    names = ("kind", "imp_uid", "merchant_uid", "at", "amount", "currency")
    lines = call(lambda client: listed(client.payments.iter_reconcile(since, until)))
    assert [[getattr(one, name) for name in names] for one in lines] == [
        [getattr(one, name) for name in names] for one in found
    ]
    assert [(one.charged, one.refunded) for one in lines] == [
        (one.payment.amount, one.payment.cancel_amount) for one in found
    ]


@pytest.mark.parametrize(("paid_at", "payment", "refund"), [(0, 0, 0), (START, 0, 0), (START, START + 9, 0)])
def test_money_without_its_time_is_never_left_out(paid_at: int, payment: int, refund: int) -> None:
    """V1's entry without a time has that of its payment; where there is none, the period cannot be told."""
    entries = [{"amount": 400, "cancelled_at": refund, "reason": "취소"}] if paid_at else []
    only = {"imp_uid": "imp_1", "merchant_uid": "order-1", "status": "paid", "amount": 1000, "currency": "KRW"}
    only |= {"sandbox": False, "paid_at": paid_at, "cancelled_at": payment, "cancel_history": entries}

    def v1(request: httpx.Request) -> httpx.Response:
        listed = [only] if "/status/paid" in request.url.path else []
        token = {"access_token": "t", "now": START, "expired_at": START + 1800}
        page = {"total": len(listed), "previous": 0, "next": 0, "list": listed}
        payload = token if request.url.path == "/users/getToken" else page
        return httpx.Response(200, json={"code": 0, "message": None, "response": payload})

    with PortOne("key", "secret", transport=httpx.MockTransport(v1)) as client:
        if not payment:
            with pytest.raises(ResponseFormatError, match="a time of the payment"):
                client.payments.reconcile(START, START + DAY)
            return
        moved = client.payments.reconcile(START, START + DAY)
    assert [(one.kind, one.amount) for one in moved] == [("charge", Decimal(1000)), ("refund", Decimal(400))]


def test_an_iterator_from_milliseconds_on_is_refused_and_not_empty(sandbox: Sandbox, call: Call) -> None:
    with pytest.raises(ValueError, match=f"from_={START * 1000} looks like milliseconds"):
        call(lambda client: listed(client.payments.iter_search("all", from_=START * 1000)))
    assert sandbox.journal == ()


@pytest.mark.parametrize("method", ["reconcile", "iter_reconcile"])
@pytest.mark.parametrize("name", ["imp_uid", "merchant_uid", "currency"])
def test_money_without_a_name_is_never_left_out(method: str, name: str) -> None:
    only = {"merchant_uid": "order-1", "status": "paid", "amount": 1000, "currency": "KRW", "sandbox": False}
    rows = [{**only, "imp_uid": f"imp_{number}", "paid_at": START + number, name: None} for number in (1, 2)]

    def v1(request: httpx.Request) -> httpx.Response:
        listed = rows if "/status/paid" in request.url.path else []
        token = {"access_token": "t", "now": START, "expired_at": START + 1800}
        page = {"total": len(listed), "previous": 0, "next": 0, "list": listed}
        payload = token if request.url.path == "/users/getToken" else page
        return httpx.Response(200, json={"code": 0, "message": None, "response": payload})

    with PortOne("key", "secret", transport=httpx.MockTransport(v1)) as client:
        if name == "imp_uid":
            with pytest.raises(ResponseFormatError, match="no imp_uid"):
                [*getattr(client.payments, method)(START, START + DAY)]
            return
        moved = [*getattr(client.payments, method)(START, START + DAY)]
    assert [(one.imp_uid, getattr(one, name), one.amount) for one in moved] == [
        ("imp_1", "", 1000),
        ("imp_2", "", 1000),
    ]


def test_pages_are_read_once_whatever_the_hours_hold(sandbox: Sandbox, call: Call) -> None:
    """Nothing for half a year, then a rush: few pages are read in vain."""
    for number in range(2_400):
        sandbox.clock.advance(seconds=30 if number % 600 < 300 else 1)
        sandbox.pay(merchant_uid=f"rush-{number}", amount=1_000)
    since = sandbox.clock.now() - DAY
    before = len(sandbox.journal)
    lines = call(lambda client: listed(client.payments.iter_reconcile(since, sandbox.clock.now() + 1)))
    assert [line.merchant_uid for line in lines] == [f"rush-{number}" for number in range(2_400)]
    assert len(sandbox.journal) - before <= 32


def test_a_range_that_ends_before_it_begins_is_refused(call: Call) -> None:
    with pytest.raises(ValueError, match="later"):
        call(lambda client: client.payments.reconcile(START, START))


@pytest.mark.parametrize("method", ["reconcile", "iter_reconcile"])
@pytest.mark.parametrize(
    ("period", "error", "message"),
    [
        ((START * 1000, START * 1000 + DAY), ValueError, f"since={START * 1000} looks like milliseconds"),
        ((START, (START + DAY) * 1000), ValueError, "until=.* looks like milliseconds"),
        ((None, START), TypeError, "since must be an aware datetime or UNIX seconds, not None"),
        ((START, None), TypeError, "until must be an aware datetime or UNIX seconds, not None"),
        ((date(2026, 3, 1), START), TypeError, r"not date: datetime\(2026, 3, 1, tzinfo=KST\)"),
        ((START, START), ValueError, "until must be later than since"),
        ((-1, START), ValueError, "since=-1 is out of range"),
    ],
)
def test_a_period_that_is_none_names_its_argument_and_sends_nothing(
    sandbox: Sandbox, call: Call, method: str, period: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        call(
            lambda client: (
                listed(getattr(client.payments, method)(*period))
                if "iter" in method
                else getattr(client.payments, method)(*period)
            )
        )
    assert sandbox.journal == ()
