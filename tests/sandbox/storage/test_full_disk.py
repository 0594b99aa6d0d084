"""A disk that is full: what could not be kept was refused, and nothing of it is seen again."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from portone_v1_sandbox import Sandbox, SandboxClock, SandboxStoreError, WebhookCall
from portone_v1_sandbox.storage.serialization import serialize

from tests.sandbox.storage.test_store import a_busy_day, everything
from tests.sandbox.support import START

PAIR = {"imp_key": "sandbox_key", "imp_secret": "sandbox_secret"}
CARD = {"card_number": "4242424242424242", "expiry": "2031-12"}
TABLES = ("log", "record", "single", "payment")
WORDS = (
    "The sandbox did not execute the request, because it could not be saved: cannot write to shop.sqlite3: disk full"
)
LIMIT = 600_000


def open_at(path: Path, **options: Any) -> Sandbox:
    def sender(_call: WebhookCall) -> int:
        return 200

    return Sandbox(db=path, webhook_sender=sender, webhook_url="http://127.0.0.1:9/hooks", **options)


@pytest.fixture
def busy(tmp_path: Path) -> Iterator[Sandbox]:
    with open_at(tmp_path / "shop.sqlite3", clock=SandboxClock.frozen_at(START)) as sandbox:
        a_busy_day(sandbox)
        sandbox.faults.clear()
        yield sandbox


@contextmanager
def signed_in(transport: httpx.BaseTransport | None, address: str = "http://sandbox.test") -> Iterator[httpx.Client]:
    with httpx.Client(transport=transport, base_url=address) as client:
        token = client.post("/users/getToken", json=PAIR).json()["response"]["access_token"]
        client.headers["Authorization"] = token
        yield client


def frozen(sandbox: Sandbox) -> dict[str, str]:
    """Return the whole state as text, because its records are changed in place."""
    kept = everything(sandbox)
    return {
        name: serialize(list(value) if isinstance(value, Sequence) else value)
        for name, value in kept.items()
        if not isinstance(value, str)
    }


def database_of(sandbox: Sandbox) -> sqlite3.Connection:
    database: sqlite3.Connection = sandbox._engine.store._database  # type: ignore[union-attr]
    return database


def fill(sandbox: Sandbox) -> None:
    for table in TABLES:
        database_of(sandbox).execute(
            f"CREATE TEMP TRIGGER full_{table} BEFORE INSERT ON main.{table}"
            " BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )


def empty(sandbox: Sandbox) -> None:
    for table in TABLES:
        database_of(sandbox).execute(f"DROP TRIGGER full_{table}")


AGAIN = {"customer_uid": "customer-1", "merchant_uid": "order-11", "amount": 1, "name": "x"}
WRITES: list[tuple[str, str, dict[str, Any]]] = [
    ("POST", "/subscribe/payments/onetime", {"merchant_uid": "order-10", "amount": 1000, **CARD}),
    ("POST", "/payments/cancel", {"merchant_uid": "order-3"}),
    ("POST", "/subscribe/customers/customer-9", {**CARD, "birth": "880101"}),
    ("POST", "/subscribe/payments/again", AGAIN),
    ("POST", "/payments/prepare", {"merchant_uid": "order-12", "amount": 500}),
    ("POST", "/subscribe/payments/unschedule", {"customer_uid": "customer-1", "merchant_uid": "month-1"}),
    ("DELETE", "/subscribe/customers/customer-2", {}),
    ("POST", "/_sandbox/payments", {"merchant_uid": "order-13", "amount": 1000}),
    ("POST", "/_sandbox/clock", {"advance": 86_400}),
    ("POST", "/_sandbox/reset", {}),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "body"), WRITES, ids=[path for _, path, _ in WRITES])
def test_what_is_refused_is_not_applied(
    busy: Sandbox, tmp_path: Path, method: str, path: str, body: dict[str, Any]
) -> None:
    with signed_in(busy.transport()) as client:
        found = client.get("/payments/status/all?limit=100").json()
        before = frozen(busy)
        fill(busy)
        refused = client.request(method, path, json=body)
        assert (refused.status_code, refused.json()) == (500, {"code": -1, "message": WORDS, "response": None})
        assert frozen(busy) == before
        assert (busy.clock.now(), busy.clock.frozen) == (START, True)
        assert client.get("/payments/status/all?limit=100").json() == found  # reading goes on
        assert client.get("/_sandbox/ready").status_code == 503
        assert client.get("/_sandbox/health").status_code == 200
        empty(busy)
        assert client.get("/_sandbox/ready").status_code == 200
        assert client.request(method, path, json=body).status_code == 200
        after = frozen(busy)
    busy.close()
    with open_at(tmp_path / "shop.sqlite3") as again:
        assert frozen(again) == after


def test_what_is_refused_changes_no_setting(busy: Sandbox) -> None:
    with signed_in(busy.transport()) as client:
        before = client.get("/_sandbox/settings").json()["response"]
        changed = {"strict": True, "pg_rules": True, "imp_secret": "another", "shows_attempts": True, "tiers": "ABC"}
        fill(busy)
        assert client.post("/_sandbox/settings", json=changed).status_code == 500
        assert client.get("/_sandbox/settings").json()["response"] == before
        assert client.post("/users/getToken", json=PAIR).status_code == 200
        empty(busy)
        assert client.post("/_sandbox/settings", json=changed).status_code == 200
        assert client.get("/_sandbox/settings").json()["response"]["shows_attempts"] is True


def test_what_is_refused_is_refused_in_the_timeline_too(busy: Sandbox) -> None:
    with signed_in(busy.transport()) as client:
        paid = client.get("/payments/find/order-3/paid").json()["response"]["imp_uid"]
        before = timeline_of(client, paid)
        fill(busy)
        assert client.post("/payments/cancel", json={"imp_uid": paid}).status_code == 500
        assert client.post("/_sandbox/reset", json={}).status_code == 500
        *same, refused = timeline_of(client, paid)
        assert same == before
        assert (refused["kind"], refused["what"], refused["status"]) == ("api", "payments_cancel", 500)
        assert "could not be saved" in refused["message"]
        empty(busy)
        assert client.post("/payments/cancel", json={"imp_uid": paid}).status_code == 200
        whole = timeline_of(client, paid)
        assert whole[: len(before) + 1] == [*before, refused]
        assert {each["what"] for each in whole[len(before) + 1 :]} >= {"payments_cancel", "refund", "state"}


def timeline_of(client: httpx.Client, imp_uid: str) -> list[dict[str, Any]]:
    events = client.get(f"/_sandbox/payments/{imp_uid}/timeline").json()["response"]["events"]
    return [{name: each[name] for name in ("id", "kind", "what", "status", "message")} for each in events]


def test_a_webhook_whose_attempt_cannot_be_saved_is_not_sent_again(tmp_path: Path) -> None:
    sent: list[bytes] = []

    def shop(call: WebhookCall) -> int:
        if not sent:
            fill(sandbox)
        sent.append(call.body)
        return 200

    path = tmp_path / "shop.sqlite3"
    clock = SandboxClock.frozen_at(START)
    with Sandbox(db=path, webhook_sender=shop, webhook_url="http://127.0.0.1:9/hooks", clock=clock) as sandbox:
        sandbox.pay(merchant_uid="order-1", amount=1000)
        for _ in range(3):
            with pytest.raises(SandboxStoreError, match="disk full"):
                sandbox.deliver()
        assert [delivery.state for delivery in sandbox.webhooks.deliveries] == ["waiting"]
        empty(sandbox)
        (delivery,) = sandbox.deliver()
        assert (delivery.state, [one.status for one in delivery.attempts]) == ("delivered", [200])
        assert [one.operation for one in sandbox.journal] == ["_sandbox_webhook"]
        assert sandbox.deliver() == ()
    assert len(sent) == 1


def _small_files() -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, LIMIT))


def test_a_process_whose_files_cannot_grow(tmp_path: Path) -> None:
    """The system itself refuses each write beyond a limit."""
    path = tmp_path / "shop.sqlite3"
    command = [sys.executable, "-m", "portone_v1_sandbox", "--port", "0", "--db", os.fspath(path)]
    paid: list[str] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, preexec_fn=_small_files) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            address = next(word for word in line.split() if word.startswith("http://")).rstrip(",")
            with signed_in(None, address) as client:
                response = client.get("/_sandbox/ready")
                for number in range(5000):
                    body = {"merchant_uid": f"order-{number}", "amount": 1000, **CARD}
                    response = client.post("/subscribe/payments/onetime", json=body)
                    if response.status_code != 200:
                        break
                    paid.append(f"order-{number}")
                assert response.status_code == 500
                assert "could not be saved" in response.json()["message"]
                assert client.get(f"/payments/find/order-{len(paid)}").status_code == 404
                assert client.get(f"/payments/find/{paid[-1]}").json()["response"]["status"] == "paid"
                assert client.get("/_sandbox/ready").status_code == 503
        finally:
            process.kill()
    assert len(paid) > 10
    with Sandbox(db=path) as sandbox:
        assert [movement.merchant_uid for movement in sandbox.ledger] == paid


OPENED = """
import resource, signal, sys
from portone_v1_sandbox import Sandbox, SandboxStoreError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
try:
    with Sandbox(db=sys.argv[1]) as sandbox:
        print(len(sandbox.ledger))
        sandbox.pay(merchant_uid="another", amount=1)
except SandboxStoreError as error:
    print(error)
"""
"""Nothing can be written in this process."""
ADVICE = "the disk is full, over its quota or damaged: free some space, or move the file (SQLITE_IOERR_WRITE)"


def test_a_killed_sandbox_starts_on_a_full_disk_and_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "shop.sqlite3"
    left = "import os, sys; from portone_v1_sandbox import Sandbox; sandbox = Sandbox(db=sys.argv[1])"
    left += "; sandbox.pay(merchant_uid='order-1', amount=1); os._exit(9)"
    subprocess.run([sys.executable, "-c", left, os.fspath(path)], check=False)
    assert (tmp_path / "shop.sqlite3-wal").stat().st_size > 0  # what a killed process leaves
    command = [sys.executable, "-c", OPENED, os.fspath(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["1", f"cannot write to shop.sqlite3: {ADVICE}"]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["shop.sqlite3", "shop.sqlite3-wal"]
    with Sandbox(db=path) as sandbox:
        assert [movement.merchant_uid for movement in sandbox.ledger] == ["order-1"]


def test_a_new_file_on_a_full_disk_is_refused_by_one_line(tmp_path: Path) -> None:
    command = [sys.executable, "-c", OPENED, os.fspath(tmp_path / "shop.sqlite3")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == (f"cannot use shop.sqlite3: {ADVICE}\n", "")
