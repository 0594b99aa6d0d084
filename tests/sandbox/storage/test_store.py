"""A sandbox that is kept in a file: what comes back, and files that cannot be used."""

from __future__ import annotations

import dataclasses
import os
import sqlite3
import stat
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from portone_v1_sandbox import (
    Exchange,
    Request,
    Sandbox,
    SandboxClock,
    SandboxStoreError,
    WebhookCall,
)
from portone_v1_sandbox.__main__ import main
from portone_v1_sandbox.state.state import is_derived
from portone_v1_sandbox.storage.serialization import deserialize, serialize

from tests.sandbox.support import START, Api

URL = "http://127.0.0.1:9/hooks"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "shop.sqlite3"


STRANGE = [
    "{",
    '{"$":"os:system"}',
    '{"$":"_records:Nothing"}',
    '{"$":"Sandbox"}',
    '{"$":"PaymentRecord"}',
    '{"$":"decimal","text":"x"}',
    '{"$":"dict"}',
    "[" * 100_000,
]
"""What stands in a record that this sandbox did not write."""


def everything(sandbox: Sandbox) -> dict[str, Any]:
    """Return the whole state, with the order of the records in each table."""
    state = sandbox._engine.state
    fields = {field.name: getattr(state, field.name) for field in dataclasses.fields(state) if not is_derived(field)}
    kept = {name: list(value.items()) if isinstance(value, dict) else value for name, value in fields.items()}
    return kept | {"journal": list(sandbox.journal)}


def a_busy_day(sandbox: Sandbox) -> None:
    api = Api(sandbox)
    paid = api.onetime("order-1", 10000, customer_uid="customer-1").response
    api.cancel(imp_uid=paid["imp_uid"], amount="2500", reason="부분환불")
    api.issue("customer-2", card_number="4000-0000-0000-9995")
    api.again("customer-2", "order-2")
    api.post("/payments/prepare", merchant_uid="order-3", amount=500)
    sandbox.pay(merchant_uid="order-3", amount=500, extension={"a": {"$": [1, None]}}, notice_url=[URL])
    dollars = sandbox.pay(merchant_uid="order-4", amount=Decimal("9.99"), currency="USD", sandbox=True)
    sandbox.defer_refunds(imp_uid=dollars.imp_uid)
    api.cancel(imp_uid=dollars.imp_uid)
    account = sandbox.pay(merchant_uid="order-5", amount=700, pay_method="vbank", status="ready")
    sandbox.deposit(account.imp_uid, depositor_name="홍길동 \ud800")
    entry = {"schedule_at": sandbox.clock.now() + 60, "amount": 1000, "currency": "KRW", "name": "구독"}
    schedules = [entry | {"merchant_uid": f"month-{number}"} for number in (1, 2)]
    api.post("/subscribe/payments/schedule", customer_uid="customer-1", schedules=schedules)
    api.post("/subscribe/payments/unschedule", customer_uid="customer-1", merchant_uid=["month-2"])
    sandbox.faults.decline_next(card_number="4242-4242-4242-4242")
    sandbox.faults.delay_next(seconds=0.5, operation="payments_search")
    sandbox.deliver()


def open_at(path: Path, **options: Any) -> Sandbox:
    def sender(_call: WebhookCall) -> int:
        return 200

    return Sandbox(db=path, webhook_sender=sender, **options)


class TestComesBack:
    def test_everything_in_its_order(self, path: Path) -> None:
        with open_at(path, clock=SandboxClock.frozen_at(START), webhook_url=URL) as sandbox:
            a_busy_day(sandbox)
            before = everything(sandbox)
        with open_at(path) as again:
            assert everything(again) == before
            assert (again.clock.frozen, again.clock.now()) == (True, START)

    def test_it_goes_on(self, path: Path) -> None:
        with open_at(path, clock=SandboxClock.frozen_at(START), webhook_url=URL) as sandbox:
            a_busy_day(sandbox)
            api = Api(sandbox)
            token = api.authorize()
        with open_at(path) as sandbox:
            sandbox.faults.clear()
            api = Api(sandbox)
            assert api.authorize() == token
            assert api.onetime("order-1").code == 1  # paid before
            assert api.again("customer-1", "order-9").code == 0
            sandbox.clock.advance(minutes=2)
            assert api.get("/subscribe/payments/schedule/month-1").response["payment_status"] == "paid"
            assert [one.notification.merchant_uid for one in sandbox.deliver()] == ["order-9", "month-1"]
            assert len({movement.imp_uid for movement in sandbox.ledger}) == 6

    def test_without_a_clean_end(self, path: Path, tmp_path: Path) -> None:
        """What is in the file and its log at any moment is all that was answered."""
        sandbox = open_at(path)
        sandbox.pay(merchant_uid="order-1", amount=1000)
        for file in tmp_path.iterdir():
            (tmp_path / f"copy-{file.name}").write_bytes(file.read_bytes())
        sandbox.pay(merchant_uid="order-2", amount=1000)
        sandbox.close()
        with open_at(tmp_path / "copy-shop.sqlite3") as copy:
            assert [movement.merchant_uid for movement in copy.ledger] == ["order-1"]

    def test_reset(self, path: Path) -> None:
        with open_at(path, webhook_url=URL) as sandbox:
            a_busy_day(sandbox)
            serial = sandbox._engine.state.serial
            sandbox.reset()
            sandbox.pay(merchant_uid="order-1", amount=1000)
        with open_at(path) as sandbox:
            assert [movement.merchant_uid for movement in sandbox.ledger] == ["order-1"]
            assert sandbox._engine.state.serial == serial + 1
            assert sandbox.webhooks.settings.url == URL
            assert sandbox.journal == ()

    def test_the_clock_stays_ahead(self, path: Path) -> None:
        with open_at(path) as sandbox:
            sandbox.clock.advance(days=30)
            moved = sandbox.clock.now()
        with open_at(path) as sandbox:
            assert not sandbox.clock.frozen
            assert sandbox.clock.now() >= moved
        with open_at(path, clock=SandboxClock.frozen_at(START)) as sandbox:
            assert sandbox.clock.now() == START

    def test_named_settings_win(self, path: Path) -> None:
        with open_at(path, webhook_url=URL, webhook_repeats=True):
            pass
        with open_at(path, webhook_url="http://127.0.0.1:9/new") as sandbox:
            assert sandbox.webhooks.settings.url == "http://127.0.0.1:9/new"
            assert sandbox.webhooks.settings.repeats

    def test_what_replaced_a_record_stands_last(self, path: Path) -> None:
        with open_at(path) as sandbox:
            keys = sandbox._engine.state.tiers
            with sandbox._engine.transaction():
                keys.update({"AAA": "1", "BBB": "2", "CCC": "3"})
            with sandbox._engine.transaction():
                del keys["AAA"]
                keys["AAA"] = "4"
                keys.pop("BBB")
                keys |= {"DDD": "5"}
                keys.setdefault("EEE", "6")
                assert keys.popitem() == ("EEE", "6")
        with open_at(path) as sandbox:
            assert list(sandbox._engine.state.tiers.items()) == [("CCC", "3"), ("AAA", "4"), ("DDD", "5")]

    def test_the_journal_keeps_its_length(self, path: Path) -> None:
        with open_at(path) as sandbox:
            for number in range(10_010):
                sandbox._engine.journal.append(Exchange(at=number, method="GET", path="/nothing"))
            sandbox.handle(Request("GET", "/banks"))
        with open_at(path) as sandbox:
            assert len(sandbox.journal) == 10_000
            assert sandbox.journal[-1].path == "/banks"
            sandbox.handle(Request("GET", "/cards"))
        with open_at(path) as sandbox:
            assert [exchange.path for exchange in sandbox.journal[-2:]] == ["/banks", "/cards"]
            assert len(sandbox.journal) == 10_000

    def test_only_its_owner_reads_it(self, path: Path) -> None:
        with open_at(path):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600

    def test_no_card_number_in_it(self, path: Path, tmp_path: Path) -> None:
        with open_at(path, webhook_url=URL) as sandbox:
            a_busy_day(sandbox)
            kept = b"".join(file.read_bytes() for file in tmp_path.iterdir())
        assert b"order-1" in kept
        assert b"4242424242424242" not in kept
        assert b"4242-4242-4242-4242" not in kept


class TestCannotBeUsed:
    def refused(self, path: Path) -> str:
        before = path.read_bytes() if path.is_file() else None
        with pytest.raises(SandboxStoreError) as caught:
            Sandbox(db=path)
        assert before is None or path.read_bytes() == before
        message = str(caught.value)
        assert "\n" not in message
        assert str(path.parent) not in message
        return message

    def test_no_database(self, path: Path) -> None:
        path.write_bytes(b"not a database at all" * 100)
        assert self.refused(path) == "cannot use shop.sqlite3: file is not a database"

    def test_damaged(self, path: Path) -> None:
        with open_at(path, webhook_url=URL) as sandbox:
            for number in range(200):
                sandbox.pay(merchant_uid=f"order-{number}", amount=1000)
        whole = path.read_bytes()
        path.write_bytes(whole[:8192] + b"\xff" * 4096 * 8 + whole[8192 + 4096 * 8 :])
        assert self.refused(path).startswith("cannot use shop.sqlite3: ")

    def test_cut_short(self, path: Path) -> None:
        with open_at(path) as sandbox:
            for number in range(200):
                sandbox.pay(merchant_uid=f"order-{number}", amount=1000)
        path.write_bytes(path.read_bytes()[:20_000])
        assert self.refused(path).startswith("cannot use shop.sqlite3: ")

    def test_a_database_of_another_program(self, path: Path) -> None:
        with sqlite3.connect(path) as other:
            other.execute("CREATE TABLE orders (id)")
        other.close()
        assert self.refused(path) == "cannot use shop.sqlite3: not a sandbox database"

    def test_another_version(self, path: Path) -> None:
        with open_at(path):
            pass
        change(path, "PRAGMA user_version = 99")
        assert self.refused(path) == "cannot use shop.sqlite3: written by an incompatible sandbox version"

    @pytest.mark.parametrize("body", STRANGE)
    def test_records_that_nobody_wrote(self, path: Path, body: str) -> None:
        with open_at(path) as sandbox:
            sandbox.naver.order("order-1", [{"product_id": "P-1", "product_name": "원두", "product_amount": 9900}])
        change(path, "UPDATE record SET body = ? WHERE kind = 'product_orders'", body)
        assert self.refused(path).startswith("cannot use shop.sqlite3: ")

    @pytest.mark.parametrize("body", STRANGE)
    def test_a_record_that_is_read_later(self, path: Path, body: str) -> None:
        """What has no index is read when it is asked for: the others are still there."""
        with open_at(path) as sandbox:
            for order in ("order-1", "order-2"):
                Api(sandbox).post("/payments/prepare", merchant_uid=order, amount=500)
        change(path, "UPDATE record SET body = ? WHERE kind = 'prepared' AND key LIKE '%order-1%'", body)
        with open_at(path) as sandbox:
            assert Api(sandbox).get("/payments/prepare/order-2").response["amount"] == 500
            assert Api(sandbox).get("/payments/prepare/order-1").status == 500

    @pytest.mark.parametrize("body", STRANGE)
    def test_a_payment_that_nobody_wrote(self, path: Path, body: str) -> None:
        """A payment is read when it is asked for: the others are still there."""
        with open_at(path) as sandbox:
            broken = sandbox.pay(merchant_uid="order-1", amount=1000).imp_uid
            whole = sandbox.pay(merchant_uid="order-2", amount=1000).imp_uid
        change(path, "UPDATE payment SET body = ? WHERE merchant_uid = 'order-1'", body)
        with open_at(path) as sandbox:
            api = Api(sandbox)
            assert api.get(f"/payments/{whole}").response["merchant_uid"] == "order-2"
            assert api.get(f"/payments/{broken}").status == 500
            with pytest.raises(SandboxStoreError, match=r"^cannot read shop\.sqlite3: "):
                sandbox._engine.state.payments.get_clean(broken)

    def test_open_twice(self, path: Path) -> None:
        with open_at(path), pytest.raises(SandboxStoreError) as caught:
            Sandbox(db=path)
        assert str(caught.value) == "cannot use shop.sqlite3: in use by another sandbox"

    def test_a_folder(self, tmp_path: Path) -> None:
        assert "Is a directory" in self.refused(tmp_path)

    def test_no_folder(self, tmp_path: Path) -> None:
        assert self.refused(tmp_path / "none" / "shop.sqlite3").endswith("its directory does not exist")

    def test_the_module_says_so_in_one_line(self, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        path.write_bytes(b"not a database at all" * 100)
        assert main(["--port", "0", "--db", os.fspath(path)]) == 1
        output, errors = capsys.readouterr()
        assert (output, errors) == ("", "cannot use shop.sqlite3: file is not a database\n")

    def test_so_it_does_about_a_webhook_url(self, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["--port", "0", "--db", os.fspath(path), "--webhook", "https://shop.example.com/"]) == 1
        output, errors = capsys.readouterr()
        assert output == ""
        assert errors.startswith("Invalid webhook URL: not a loopback address")
        assert errors.count("\n") == 1


class TestCannotBeWritten:
    def test_after_closing(self, path: Path) -> None:
        sandbox = open_at(path)
        sandbox.close()
        assert sandbox.handle(Request("GET", "/banks")).status == 500
        with pytest.raises(SandboxStoreError):
            sandbox.pay(merchant_uid="order-1", amount=1000)


class TestSerialization:
    @pytest.mark.parametrize(
        "value",
        [
            None,
            [1, "x", True, Decimal("1.50"), 0.25],
            {("a", None): {1, 2}, "b": frozenset({("x", 1)})},
            {"$": "decimal", "text": "1"},
            {"a": {"$": 1}},
            "\ud800",
        ],
    )
    def test_comes_back_as_it_was(self, value: object) -> None:
        again = deserialize(serialize(value))
        assert again == value
        assert repr(again) == repr(value)

    def test_what_could_not_come_back(self) -> None:
        for value in (object(), b"bytes", Path()):
            with pytest.raises(TypeError, match="cannot be stored"):
                serialize(value)


def change(path: Path, statement: str, *values: object) -> None:
    database = sqlite3.connect(path, isolation_level=None)
    database.execute(statement, values)
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def test_one_payment_is_taken_out(path: Path) -> None:
    """The others stay, in every list and in the file."""
    with open_at(path, clock=SandboxClock.frozen_at(START)) as sandbox:
        api = Api(sandbox)
        uids = [sandbox.pay(merchant_uid=f"order-{number}", amount=1000).imp_uid for number in range(3)]
        assert api.get("/payments/status/paid").response["total"] == 3
        with sandbox._engine.transaction():
            assert sandbox._engine.state.payments.pop(uids[1]).merchant_uid == "order-1"
        assert api.get("/payments/status/paid").response["total"] == 2
        assert api.get("/payments/find/order-1").status == 404
    with open_at(path) as again:
        api = Api(again)
        assert [item["imp_uid"] for item in api.get("/payments/status/all").response["list"]] == [uids[2], uids[0]]
