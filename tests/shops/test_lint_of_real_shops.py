"""The linter before small shops on sockets: each mistake is found in the shop that makes it, and none elsewhere."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

import httpx
import pytest
from portone_v1_sandbox import Sandbox, SandboxServer

PAIR: Final = {"imp_key": "sandbox_key", "imp_secret": "sandbox_secret"}


class Shop:
    """A shop that takes one order: what it does wrong is in `habits`."""

    def __init__(self, v1: str, habits: frozenset[str]) -> None:
        self.habits = habits
        self.v1 = httpx.Client(base_url=v1, timeout=10)
        self.token: str | None = None
        self.stored: list[str] = []

    def call(self, method: str, path: str, **fields: Any) -> Any:
        """Call V1, with a token that is kept."""
        if self.token is None or "token for every call" in self.habits:
            answer = self.v1.post("/users/getToken", json=PAIR).json()
            self.token = answer["response"]["access_token"]
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = self.v1.request(method, path, json=fields or None, headers=headers)
        return answer.raise_for_status().json()["response"]

    def order(self) -> None:
        """Prepare the amount before the page opens the window."""
        if "amount from the page" not in self.habits and "prepared late" not in self.habits:
            self.prepare()

    def prepare(self) -> None:
        self.call("POST", "/payments/prepare", merchant_uid="order-1", amount=12000)

    def on_webhook(self, imp_uid: str) -> int:
        """Store, read back, answer."""
        if "trusts webhooks" in self.habits:
            return 200
        try:
            self.verify(imp_uid)
        except httpx.HTTPStatusError:
            return 200 if "answers before it has stored" in self.habits else 500
        return 200

    def on_result(self, imp_uid: str) -> None:
        if "trusts the page" not in self.habits:
            self.verify(imp_uid)

    def verify(self, imp_uid: str) -> None:
        payment = self.call("GET", f"/payments/{imp_uid}")
        assert (payment["status"], payment["amount"], payment["merchant_uid"]) == ("paid", 12000, "order-1")

    def refund(self, imp_uid: str) -> None:
        checksum = {} if "cancels without checksum" in self.habits else {"checksum": 12000}
        self.call("POST", "/payments/cancel", imp_uid=imp_uid, amount=2000, **checksum)


@contextmanager
def listening(shop: Shop) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            webhook = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status = shop.on_webhook(webhook["imp_uid"])
            if "answers webhooks late" in shop.habits:
                time.sleep(0.3)
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/webhook"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def page(v1: str, shop: Shop) -> str:
    """Open the window as the shop's page does, approve as the buyer does, and hand the result to the shop."""
    asked = {"merchant_uid": "order-1", "amount": 12000, "pay_method": "card", "name": "커피"}
    request = json.dumps({"kind": "payment", "asked": asked})
    window = httpx.post(f"{v1}/_sandbox/web/windows", data={"request": request}).headers["Location"]
    if "prepared late" in shop.habits:
        shop.prepare()
    outcome = httpx.post(f"{v1}{window}", json={"action": "approve"}).json()["response"]["outcome"]
    return str(outcome["imp_uid"])


def answered(sandbox: Sandbox) -> None:
    """Wait for the shop's answer to its webhook: the server sends it in a thread of its own."""
    deadline = time.monotonic() + 20
    while not all(one.attempts for one in sandbox.webhooks.deliveries):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def run(*habits: str) -> list[str]:
    """Sell and refund one order over sockets, and return the rules that found something."""
    with SandboxServer(Sandbox()) as server:
        shop = Shop(server.url, frozenset(habits))
        with listening(shop) as address:
            server.sandbox.webhooks.configure(url=address)
            shop.order()
            if "answers before it has stored" in habits:
                server.sandbox.faults.fail_next(status=503, operation="payments_get")
            imp_uid = page(server.url, shop)
            answered(server.sandbox)
            if "answers before it has stored" not in habits:
                shop.on_result(imp_uid)
            shop.refund(imp_uid)
            found = httpx.get(f"{server.url}/_sandbox/lint").json()["response"]["findings"]
            assert {one.rule for one in server.sandbox.lint.findings} == {one["rule"] for one in found}
            shop.v1.close()
        return sorted({str(one["rule"]) for one in found})


def test_correct_shop_has_no_finding() -> None:
    assert run() == []


@pytest.mark.parametrize(
    ("habits", "rules"),
    [
        (("trusts webhooks", "trusts the page"), ["browser-word", "never-read-back"]),
        (("cancels without checksum",), ["cancel-without-checksum"]),
        (("token for every call",), ["token-per-call"]),
        (("amount from the page",), ["amount-from-page"]),
        (("prepared late",), ["prepared-late"]),
        (("answers before it has stored",), ["browser-word", "webhook-lost"]),
        (("answers webhooks late",), ["webhook-late"]),
    ],
    ids=lambda value: value[0].replace(" ", "-") if isinstance(value, tuple) else "",
)
def test_each_habit_is_found(habits: tuple[str, ...], rules: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    if "answers webhooks late" in habits:
        monkeypatch.setattr("portone_v1_sandbox.lint.detect.LATE_SECONDS", 0.25)  # five seconds are long in a test
    assert run(*habits) == rules
