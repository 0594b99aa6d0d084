"""What a newcomer gives the sandbox's own calls by mistake, and how the refusal says what is right."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from portone_v1 import KST
from portone_v1_sandbox import TEST_CARDS, Refusal, Sandbox, SandboxClock

from tests.sandbox.support import Api

NINE = datetime(2026, 3, 1, 9, tzinfo=KST)


def test_the_clock_takes_what_the_client_takes() -> None:
    clock = SandboxClock.frozen_at(NINE)
    assert clock.now() == SandboxClock.frozen_at(int(NINE.timestamp())).now()
    assert SandboxClock(NINE, frozen=True).now() == clock.now()
    assert clock.set(NINE.replace(hour=10)) == clock.now() == int(NINE.timestamp()) + 3600


@pytest.mark.parametrize(
    ("given", "error", "says"),
    [
        (NINE.replace(tzinfo=None), ValueError, "add tzinfo=portone_v1.KST"),
        ("2026-03-01", TypeError, "aware datetime or UNIX seconds, not str"),
        (True, TypeError, "not bool"),
    ],
)
def test_a_time_that_is_none(given: Any, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        SandboxClock.frozen_at(given)
    with pytest.raises(error, match=says):
        SandboxClock().set(given)


def test_a_sandbox_takes_a_clock() -> None:
    wrong: Any = NINE
    with pytest.raises(TypeError, match=r"SandboxClock\.frozen_at\(…\), not datetime"):
        Sandbox(clock=wrong)


@pytest.mark.parametrize("operation", ["codes.list_banks", "codes_list_banks"])
def test_a_fault_of_an_operation_as_it_is_called(api: Api, sandbox: Sandbox, operation: str) -> None:
    sandbox.faults.fail_next(operation=operation)
    assert api.get("/cards").status == 200
    assert api.get("/banks").status == 500


@pytest.mark.parametrize(
    ("operation", "says"),
    [
        ("payments.cancell", "did you mean 'payments.cancel'?"),
        ("search", "No operation has the name 'search', did you mean 'payments.search'?"),
        ("qqq", "No operation has the name 'qqq'."),
    ],
)
def test_a_fault_of_no_operation(sandbox: Sandbox, operation: str, says: str) -> None:
    with pytest.raises(Refusal) as refused:
        sandbox.faults.fail_next(operation=operation)
    assert says in refused.value.message


def test_a_value_of_no_list(api: Api, sandbox: Sandbox) -> None:
    with pytest.raises(Refusal) as refused:
        sandbox.pay(merchant_uid="order-1", amount=1000, pay_method="vbnak")
    assert refused.value.message.startswith("pay_method has no value 'vbnak', did you mean 'vbank'? Known: ")
    assert len(refused.value.message) < 300
    answer = api.send("POST", "/_sandbox/faults", json={"kind": "explode"})
    assert answer.message == "kind has no value 'explode'. Known: fail, html, delay, cut, duplicate."


@pytest.mark.parametrize("date", ["2083-05-01T09:00", "2083-05-01", "2083-05-01T09:00:00+09:00"])
def test_a_date_from_another_language(api: Api, sandbox: Sandbox, date: str) -> None:
    answer = api.send("POST", "/_sandbox/clock", json={"date": date})
    hour = 0 if len(date) == 10 else 9
    assert answer.response["now"] == sandbox.clock.now() == int(datetime(2083, 5, 1, hour, tzinfo=KST).timestamp())


@pytest.mark.parametrize(
    ("date", "says"),
    [
        ("tomorrow", "Date must be UNIX seconds or a time in KST such as 2026-03-01T09:00."),
        ("0001-01-01", "Date must be UNIX seconds or a time in KST such as 2026-03-01T09:00."),
        ("1999-01-01", "The clock cannot go back behind what has happened; reset the sandbox first."),
    ],
)
def test_a_date_that_cannot_be(api: Api, sandbox: Sandbox, date: str, says: str) -> None:
    sandbox.pay(merchant_uid="order-1", amount=1000)
    now = sandbox.clock.now()
    answer = api.send("POST", "/_sandbox/clock", json={"date": date})
    assert answer.verdict == (400, 1, says)
    assert sandbox.clock.now() == now


def test_a_test_card_that_does_not_exist() -> None:
    with pytest.raises(KeyError, match=r"no test card is called 'declined'\. Known: ordinary, debit, bc, not_issued"):
        TEST_CARDS["declined"]
    assert TEST_CARDS.get("declined") is None
    assert "declined" not in TEST_CARDS


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("advance", "the sandbox has no 'advance'; did you mean sandbox.clock.advance?"),
        ("decline_next", r"sandbox\.faults\.decline_next"),
        ("refund", r"sandbox\.cancel\?"),
        ("ledgers", r"sandbox\.ledger\?"),
        ("qqq", "the sandbox has no 'qqq'$"),
    ],
)
def test_a_method_by_another_name(sandbox: Sandbox, name: str, says: str) -> None:
    with pytest.raises(AttributeError, match=says):
        getattr(sandbox, name)
    assert not hasattr(sandbox, "_nothing")
