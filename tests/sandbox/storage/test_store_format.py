"""The format of a sandbox's file: stable names, and files of version 1 that are brought up to date."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
import sqlite3
from decimal import Decimal
from pathlib import Path

import pytest
from portone_v1_sandbox import Sandbox, SandboxStoreError, WebhookCall, state
from portone_v1_sandbox.state.cards import TestCard
from portone_v1_sandbox.state.channels import Channel
from portone_v1_sandbox.state.conditions.assumptions import Arrived, Assumptions
from portone_v1_sandbox.state.conditions.settings import Settings
from portone_v1_sandbox.state.state import State
from portone_v1_sandbox.storage.record_types import RECORD_TYPES

from tests.sandbox.support import START, PatientApi

VERSION_1 = Path(__file__).parents[1] / "data" / "version-1.sql"
"""Written by the sandbox of commit ad26918, when it named records by module and class."""
NOT_RECORDS = {Arrived, Assumptions, Channel, Settings, State, TestCard}


def query(path: Path, statement: str) -> list[tuple[object, ...]]:
    database = sqlite3.connect(path)
    try:
        return database.execute(statement).fetchall()
    finally:
        database.close()


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "old.sqlite3"
    database = sqlite3.connect(path)
    database.executescript(VERSION_1.read_text("utf-8"))
    database.close()
    return path


def opened(path: Path) -> Sandbox:
    def sender(_call: WebhookCall) -> int:
        return 200

    return Sandbox(db=path, webhook_sender=sender)


class TestVersion1:
    def test_everything_is_still_there(self, old: Path) -> None:
        with opened(old) as sandbox:
            assert sandbox.clock.frozen
            assert sandbox.clock.now() == START
            moved = [(entry.kind, entry.merchant_uid, entry.amount) for entry in sandbox.ledger]
            assert moved[:2] == [("charge", "order-1", Decimal(10000)), ("refund", "order-1", Decimal(2500))]
            assert len(moved) == 8
            assert len(sandbox.journal) == 22
            assert [len(sandbox.faults.pending), len(sandbox.faults.declines)] == [1, 1]
            kept = sandbox._engine.state
            assert {name: len(getattr(kept, name)) for name in ("payments", "billing_keys", "schedules")} == {
                "payments": 8,
                "billing_keys": 2,
                "schedules": 2,
            }
            assert len(sandbox.webhooks.deliveries) == 8
            assert {delivery.state for delivery in sandbox.webhooks.deliveries} == {"waiting", "delivered"}
            assert len(sandbox.pending_refunds) == 1

    def test_it_goes_on(self, old: Path) -> None:
        with opened(old) as sandbox:
            sandbox.faults.clear()
            api = PatientApi(sandbox)
            payment = api.get("/payments/find/order-1").response
            assert (payment["amount"], payment["cancel_amount"], payment["status"]) == (10000, 2500, "paid")
            assert api.cancel(imp_uid=payment["imp_uid"], amount=7500).response["status"] == "cancelled"
            assert api.get("/tiers/A01").response["tier_name"] == "1호점"
            sandbox.webhooks.resume()
            assert "waiting" not in {delivery.state for delivery in sandbox.deliver()}
            before = sandbox.ledger
        with opened(old) as sandbox:
            assert sandbox.ledger == before

    def test_the_file_is_of_the_new_version_then(self, old: Path) -> None:
        with opened(old):
            pass
        assert query(old, "PRAGMA user_version") == [(5,)]
        bodies = " UNION ALL ".join(f"SELECT body FROM {table}" for table in ("record", "payment", "log", "single"))
        assert [body for (body,) in query(old, bodies) if '"$":"_' in str(body)] == []

    @pytest.mark.parametrize("body", ["{", '{"$":"_records:Nothing"}', "[" * 100_000])
    def test_a_damaged_one_is_refused_and_left_alone(self, old: Path, body: str) -> None:
        database = sqlite3.connect(old, isolation_level=None)
        database.execute("UPDATE record SET body = ? WHERE kind = 'payments'", (body,))
        database.close()
        with pytest.raises(SandboxStoreError, match=r"^cannot use old\.sqlite3: "):
            opened(old)
        assert query(old, "PRAGMA user_version") == [(1,)]


def test_no_name_of_a_module_is_stored(tmp_path: Path) -> None:
    path = tmp_path / "shop.sqlite3"
    with opened(path) as sandbox:
        sandbox.pay(merchant_uid="order-1", amount=1000)
    (body,) = query(path, "SELECT body FROM payment")
    assert str(body[0]).startswith('{"$":"PaymentRecord",')


def test_every_record_of_the_state_has_a_stable_name() -> None:
    records: set[type] = set()
    for module in pkgutil.iter_modules(state.__path__):
        found = vars(importlib.import_module(f"{state.__name__}.{module.name}")).values()
        records |= {item for item in found if isinstance(item, type) and dataclasses.is_dataclass(item)}
    ours = {record for record in records if record.__module__.startswith(f"{state.__name__}.")}
    assert ours - NOT_RECORDS == {*RECORD_TYPES.values()}
