"""`kill -9` in the middle of a load: what was answered is in the file."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock, Thread
from typing import Any

import httpx

from tests.sandbox.merchant import merchant

PAIR = {"imp_key": "sandbox_key", "imp_secret": "sandbox_secret"}
CARD = {"card_number": "4242-4242-4242-4242", "expiry": "2099-12"}
ENOUGH = 120


@contextmanager
def running(path: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [sys.executable, "-m", "portone_v1_sandbox", "--port", "0", "--db", os.fspath(path), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line, process.communicate()[1]
            yield process, next(word for word in line.split() if word.startswith("http://")).rstrip(",")
        finally:
            process.kill()


@contextmanager
def authorized(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=20) as client:
        token = client.post("/users/getToken", json=PAIR).json()["response"]["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield client


class Load:
    """Shops that charge and refund until the line breaks, and what they were told."""

    def __init__(self, process: subprocess.Popen[str], address: str) -> None:
        self._process = process
        self._address = address
        self._lock = Lock()
        self.paid: dict[str, dict[str, Any]] = {}
        self.refunded: dict[str, dict[str, Any]] = {}

    def run(self) -> None:
        threads = [Thread(target=self._shop, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _shop(self, shop: int) -> None:
        with authorized(self._address) as client:
            try:
                for number in range(10 * ENOUGH):
                    order = {"merchant_uid": f"order-{shop}-{number}", "amount": 1000 + number, **CARD}
                    payment = client.post("/subscribe/payments/onetime", json=order).json()["response"]
                    self._note(self.paid, payment)
                    if number % 3 == 0:
                        refund = {"imp_uid": payment["imp_uid"], "amount": 300}
                        self._note(self.refunded, client.post("/payments/cancel", json=refund).json()["response"])
            except httpx.TransportError:
                return

    def _note(self, kind: dict[str, dict[str, Any]], payment: dict[str, Any]) -> None:
        with self._lock:
            kind[payment["imp_uid"]] = payment
            if len(self.paid) == ENOUGH:
                self._process.kill()


def test_no_answered_payment_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "shop.sqlite3"
    with running(path) as (process, address):
        load = Load(process, address)
        load.run()
    assert process.returncode == -9
    assert len(load.paid) >= ENOUGH
    with running(path) as (_, address), authorized(address) as client:
        ledger = client.get("/_sandbox/ledger").json()["response"]
        charged = [movement["imp_uid"] for movement in ledger if movement["kind"] == "charge"]
        assert len(set(charged)) == len(charged)
        assert set(load.paid) <= set(charged)
        refunds = [movement["imp_uid"] for movement in ledger if movement["kind"] == "refund"]
        assert set(load.refunded) <= set(refunds)
        for imp_uid, each in (load.paid | load.refunded).items():
            kept = client.get(f"/payments/{imp_uid}").json()["response"]
            if imp_uid in load.refunded or imp_uid not in refunds:
                assert kept == each
            else:  # the refund was executed, but its response did not arrive
                assert kept["cancel_amount"] == 300
        again = client.post("/subscribe/payments/onetime", json={"merchant_uid": "order-0-0", "amount": 1, **CARD})
        assert again.json()["code"] == 1


def test_a_webhook_that_was_not_sent_is_sent_later(tmp_path: Path) -> None:
    path = tmp_path / "shop.sqlite3"
    with merchant() as shop:
        with running(path, "--webhook", shop.url) as (process, address):
            assert httpx.post(f"{address}/_sandbox/webhooks/hold").status_code == 200
            order = {"merchant_uid": "order-1", "amount": 1000}
            assert httpx.post(f"{address}/_sandbox/payments", json=order).status_code == 200
            process.kill()
        assert shop.received.empty()
        with running(path) as (_, address):
            assert httpx.post(f"{address}/_sandbox/webhooks/release").status_code == 200
            assert shop.next().fields["merchant_uid"] == "order-1"
