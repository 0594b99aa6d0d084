"""A small campaign with fixed seeds, and that its checks can fail."""

from __future__ import annotations

import logging
import pickle
from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from portone_v1 import NotSentError, OutcomeUnknownError
from portone_v1.results import CompletedRefund, DeclinedCharge, NotCharged, PaidCharge
from portone_v1_runtime.unset import FULL
from portone_v1_sandbox import Movement, Sandbox

from tests.faults import campaign
from tests.faults.audit import INVARIANTS, audit
from tests.faults.campaign import FLAVOURS, main, run
from tests.faults.leaks import BUYER, KEY, Leaks
from tests.faults.proxy import FAULTS, Plan
from tests.faults.shop import Intent, Order
from tests.models import mutants


@pytest.mark.parametrize("seed", [1, 20_260_126])
@pytest.mark.parametrize("flavour", FLAVOURS)
def test_no_payment_is_lost_and_no_result_is_wrong(flavour: Any, seed: int) -> None:
    if flavour == "aiohttp":
        pytest.importorskip("aiohttp", reason="the way out over aiohttp is an extra")
    report = run(flavour, seed, 60, patience=0.3)
    assert report.violations == []
    assert report.operations.total() > 60
    faults = report.exchanges.total() - report.exchanges["none"]
    assert 0.2 < faults / report.exchanges.total() < 0.4
    assert report.checked.keys() >= INVARIANTS.keys()
    assert report.searched > 400  # most of it httpcore has to tell, where it is in between
    assert pickle.loads(pickle.dumps(report)) == report


class Writes(Plan):
    """Every second write meets a fault that lies with V1 or the PG, and no read does."""

    def of(self, label: str, kinds: tuple[str, ...] = FAULTS) -> tuple[str | None, Random]:
        _, chance = super().of(label, kinds)
        met = [kind for kind in ("booked late", "executed late", "under review", "another operator") if kind in kinds]
        money = "cancel" in label or "/subscribe/" in label
        return (chance.choice(met) if money and chance.random() < 0.5 else None), chance


@pytest.mark.parametrize("mutant", [mutants.written_over, mutants.sent_again])
def test_a_client_without_one_of_its_rules_is_found_out(
    mutant: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An open intent is written over; a refund is sent again, which a V1 executes that books after the PG."""
    monkeypatch.setattr(campaign, "Plan", Writes)
    mutant(monkeypatch)
    assert any(run("sync", seed, 60, patience=0.3).violations for seed in range(1, 5))  # the clock has a part in it


def test_the_habits_of_shops_workers_and_v1_are_played(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(campaign, "Plan", Writes)
    report = run("sync", 7, 60, patience=0.3)
    assert report.violations == []
    played = {name for name, number in (report.habits + report.exchanges).items() if number}
    assert played >= {"V1 queues", "V1 refuses", "V1 races", "reads behind", "second worker", "worker killed"}
    assert played >= {"booked late", "under review", "another operator", "executed late"}


def test_the_command(capsys: pytest.CaptureFixture[str], tmp_path: Any) -> None:
    assert main(["--seed", "3", "--orders", "12", "--json", str(tmp_path / "counts.json")]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == "seed 3, 12 orders"
    assert "| violations | 0 | 0 | 0 |" in printed
    assert (tmp_path / "counts.json").stat().st_size > 100


def payment(status: str = "paid") -> Any:
    return Sandbox().pay(merchant_uid="order-1", amount=1000)


def moved(kind: Any, amount: int, imp_uid: str = "imps_1") -> Movement:
    return Movement(
        kind=kind, imp_uid=imp_uid, merchant_uid="order-1", amount=Decimal(amount), currency="KRW", at=1, tier=None
    )


PAID = payment()
CHARGED = moved("charge", 1000, PAID.imp_uid)
CHARGE = ("charge", 1000, PaidCharge(PAID))
UNKNOWN = OutcomeUnknownError("unknown")


@pytest.mark.parametrize(
    ("reported", "ledger", "broken"),
    [
        ([CHARGE], [CHARGED], set()),
        ([CHARGE], [CHARGED, CHARGED], {"charged at most once", "charges are as told"}),
        ([CHARGE], [], {"charges are as told"}),
        ([CHARGE], [moved("charge", 1000, "imps_2")], {"charges are as told"}),
        ([CHARGE], [moved("charge", 900, PAID.imp_uid)], {"charges are as told"}),
        ([("charge", 1000, DeclinedCharge())], [CHARGED], {"charges are as told"}),
        ([("charge", 1000, NotCharged())], [CHARGED], {"charges are as told"}),
        ([("charge", 1000, NotSentError("no"))], [CHARGED], {"charges are as told"}),
        ([("charge", 1000, UNKNOWN)], [], {"nothing stays unknown after settle"}),
        ([CHARGE, ("cancel", 300, CompletedRefund(PAID, Decimal(300)))], [CHARGED, moved("refund", 300)], set()),
        ([CHARGE, ("cancel", 300, NotSentError("no"))], [CHARGED, moved("refund", 300)], {"refunds are as told"}),
        ([CHARGE, ("cancel", 300, CompletedRefund(PAID, Decimal(300)))], [CHARGED], {"refunds are as told"}),
        (
            [CHARGE, ("cancel", 300, CompletedRefund(PAID, Decimal(300)))],
            [CHARGED, moved("refund", 300), moved("refund", 300)],
            {"refunded at most what was asked", "refunds are as told"},
        ),
        (
            [CHARGE, ("cancel", FULL, CompletedRefund(PAID, Decimal(1100)))],
            [CHARGED, moved("refund", 1100)],
            {"refunded at most what was paid"},
        ),
    ],
)
def test_the_books_show_what_is_wrong(reported: Any, ledger: list[Movement], broken: set[str]) -> None:
    order = Order("order-1", 1000, "ordinary", "again", [], Random(1))
    order.intents = [Intent(kind, amount, result) for kind, amount, result in reported]
    checked, violated = audit([order], ledger)
    assert {name for name, _ in violated} == broken
    assert set(checked) == set(INVARIANTS)


@pytest.mark.parametrize("text", ["0.90739134 s", "907391.25", "1795907391.5", "12.907391", "9073912", "1907391"])
def test_digits_of_a_number_are_no_date_of_birth(text: str) -> None:
    leaks = Leaks()
    leaks.search("log", f"waited {text}, and goes on")
    assert leaks.found == []


@pytest.mark.parametrize("text", ["907391", "birth=907391.", "'907391'", "907391, 73"])
def test_a_date_of_birth_is(text: str) -> None:
    leaks = Leaks()
    leaks.search("log", f"sent {text}")
    assert len(leaks.found) == 1


def test_leaks_are_found_and_not_shown() -> None:
    leaks = Leaks()
    with leaks.everywhere():
        logging.getLogger("anything").debug("key %s", KEY)
        print(BUYER["buyer_name"])  # noqa: T201
        error = OutcomeUnknownError("4242 4242 4242 4242")
        error.__cause__ = ValueError("a" * 40)
        leaks.look_at("call", error)
        logging.getLogger("anything").debug("nothing")
    assert len(leaks.found) == 4
    assert not any(KEY in found or "4242" in found for found in leaks.found)
