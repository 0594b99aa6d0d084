"""Webhooks that really go out over HTTP, by request and by a server's thread."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import httpx
import pytest
from portone_v1_sandbox import Sandbox, SandboxClock, SandboxServer, WebhookCall
from portone_v1_sandbox.webhooks.sender import HttpSender, SendingStopped

from tests.sandbox.merchant import Merchant, free_port, merchant
from tests.sandbox.support import START, Api


@pytest.fixture
def shop() -> Iterator[Merchant]:
    with merchant() as running:
        yield running


def call_to(url: str, *, limit: float = 20, total: float = 20) -> WebhookCall:
    return WebhookCall(
        url=url,
        content_type="application/json",
        body=b"{}",
        connect_limit=limit,
        read_limit=limit,
        total_limit=total,
    )


@contextmanager
def silent(*, says: bytes = b"") -> Iterator[str]:
    """Run a server that accepts connections and never answers, or not completely."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        taken: list[socket.socket] = []

        def take() -> None:
            try:
                while True:
                    taken.append(listener.accept()[0])
                    taken[-1].sendall(says)
            except OSError:
                return

        thread = Thread(target=take)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()
            for one in taken:
                one.close()


class TestByRequest:
    @pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded"])
    def test_arrives(self, shop: Merchant, kind: str) -> None:
        sandbox = Sandbox(webhook_url=shop.url)
        sandbox.webhooks.configure(content_type=kind)  # type: ignore[arg-type]
        payment = sandbox.pay(merchant_uid="주문-1", amount=1000)
        assert [delivery.state for delivery in sandbox.deliver()] == ["delivered"]
        received = shop.next()
        assert (received.path, received.content_type) == ("/hooks", kind)
        assert received.fields == {"imp_uid": payment.imp_uid, "merchant_uid": "주문-1", "status": "paid"}

    def test_the_merchants_status_is_kept(self, shop: Merchant) -> None:
        shop.statuses = [500, 302, 404]
        sandbox = Sandbox(webhook_url=shop.url)
        for number in (1, 2, 3):
            sandbox.pay(merchant_uid=f"order-{number}", amount=1000)
        assert [delivery.status for delivery in sandbox.deliver()] == [500, 302, 404]
        assert [shop.next().path for _ in range(3)] == ["/hooks"] * 3
        assert shop.received.empty()  # a redirect is not followed

    def test_nobody_listens(self) -> None:
        sandbox = Sandbox(webhook_url=f"http://127.0.0.1:{free_port()}/")
        sandbox.pay(merchant_uid="order-1", amount=1000)
        (delivery,) = sandbox.deliver()
        assert (delivery.state, delivery.status) == ("failed", 0)
        assert delivery.attempts[0].error == "ConnectError"

    def test_while_a_loop_runs(self, shop: Merchant) -> None:
        sandbox = Sandbox(webhook_url=shop.url)
        sandbox.pay(merchant_uid="order-1", amount=1000)

        async def flow() -> int:
            return len(sandbox.deliver())

        assert asyncio.run(flow()) == 1
        assert shop.next().fields["status"] == "paid"

    def test_what_is_raised_while_a_loop_runs(self) -> None:
        async def flow() -> int:
            return HttpSender()(call_to(f"http://127.0.0.1:{free_port()}/"))

        with pytest.raises(ConnectionError, match="ConnectError"):
            asyncio.run(flow())


class TestLimits:
    def test_no_answer(self) -> None:
        with silent() as url, pytest.raises(ConnectionError, match="ReadTimeout"):
            HttpSender()(call_to(url, limit=0.3))

    def test_an_answer_by_drops(self) -> None:
        with silent(says=b"HTTP/1.1 200 OK\r\nX-") as url, pytest.raises(TimeoutError):
            HttpSender()(call_to(url, total=0.05))

    def test_what_is_no_http(self) -> None:
        with silent(says=b"\x16\x03\x01 nothing\r\n\r\n") as url, pytest.raises(ConnectionError, match="Protocol"):
            HttpSender()(call_to(url))

    def test_a_body_without_end_is_not_waited_for(self) -> None:
        with silent(says=b"HTTP/1.1 202 Accepted\r\nContent-Length: 99\r\n\r\n") as url:
            assert HttpSender()(call_to(url)) == 202

    def test_broken_off(self) -> None:
        sender = HttpSender()
        outcome: list[BaseException] = []

        def send(url: str) -> None:
            try:
                sender(call_to(url))
            except SendingStopped as error:
                outcome.append(error)

        with silent() as url:
            thread = Thread(target=send, args=(url,))
            thread.start()
            while not sender._tasks:
                time.sleep(0.001)
            sender.stop()
            thread.join(10)
            with pytest.raises(SendingStopped):
                sender(call_to(url))
        assert len(outcome) == 1


class TestByAThread:
    def test_server_sends_at_once(self, shop: Merchant) -> None:
        with SandboxServer(Sandbox(webhook_url=shop.url)) as server:
            body = {"merchant_uid": "order-1", "amount": 1000}
            assert httpx.post(f"{server.url}/_sandbox/payments", json=body).status_code == 200
            assert shop.next().fields["merchant_uid"] == "order-1"
            server.sandbox.pay(merchant_uid="order-2", amount=1000)
            assert shop.next().fields["merchant_uid"] == "order-2"

    def test_sandbox_sends_while_asked_to(self, shop: Merchant) -> None:
        sandbox = Sandbox(webhook_url=shop.url)
        with sandbox.delivering():
            sandbox.pay(merchant_uid="order-1", amount=1000)
            assert shop.next().fields["merchant_uid"] == "order-1"
            while sandbox.webhooks.deliveries[0].state == "waiting":
                time.sleep(0.001)
        sandbox.pay(merchant_uid="order-2", amount=1000)
        assert [delivery.state for delivery in sandbox.webhooks.deliveries] == ["delivered", "waiting"]

    def test_moving_the_clock_sends_what_becomes_due(self, shop: Merchant) -> None:
        sandbox = Sandbox(clock=SandboxClock.frozen_at(START), webhook_url=shop.url, webhook_repeats=True)
        shop.statuses = [500]
        with sandbox.delivering():
            sandbox.pay(merchant_uid="order-1", amount=1000)
            shop.next()
            while not sandbox.webhooks.deliveries[0].attempts:
                time.sleep(0.001)
            sandbox.clock.advance(minutes=1)
            assert shop.next().fields["merchant_uid"] == "order-1"

    def test_stopping_does_not_wait_for_a_merchant_that_hangs(self) -> None:
        with silent() as url:
            sandbox = Sandbox(webhook_url=url)
            with SandboxServer(sandbox):
                sandbox.pay(merchant_uid="order-1", amount=1000)
                while not sandbox._engine.in_flight:
                    time.sleep(0.001)
            assert [delivery.state for delivery in sandbox.webhooks.deliveries] == ["waiting"]
        with merchant() as shop:
            sandbox.webhooks.configure(url=shop.url)
            assert [delivery.state for delivery in sandbox.deliver()] == ["failed"]

    def test_a_sender_that_fails_is_logged_and_retried(self, caplog: pytest.LogCaptureFixture) -> None:
        raised = [RuntimeError("no")]
        arrived: list[WebhookCall] = []

        def sender(call: WebhookCall) -> int:
            if raised:
                raise raised.pop()
            arrived.append(call)
            return 200

        sandbox = Sandbox(webhook_url="http://127.0.0.1:9/", webhook_sender=sender)
        with sandbox.delivering():
            sandbox.pay(merchant_uid="order-1", amount=1000)
            while not arrived:
                time.sleep(0.01)
        assert caplog.messages == ["could not send a webhook: RuntimeError"]

    def test_two_senders_send_it_once(self, shop: Merchant) -> None:
        sandbox = Sandbox(webhook_url=shop.url)
        with sandbox.delivering(), sandbox.delivering():
            for number in range(20):
                sandbox.pay(merchant_uid=f"order-{number}", amount=1000)
                sandbox.deliver()
            arrived = [shop.next().fields["merchant_uid"] for _ in range(20)]
        assert sorted(arrived) == sorted(f"order-{number}" for number in range(20))
        assert shop.received.empty()

    def test_time_that_passes_by_itself_is_noticed(self, shop: Merchant, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("portone_v1_sandbox.webhooks.worker.POLL_SECONDS", 0.01)
        sandbox = Sandbox(clock=SandboxClock.frozen_at(START), webhook_url=shop.url)
        api = Api(sandbox)
        api.issue("customer-1")
        entry = {
            "merchant_uid": "month-1",
            "schedule_at": START + 60,
            "amount": 1000,
            "currency": "KRW",
            "name": "구독",
        }
        api.post("/subscribe/payments/schedule", customer_uid="customer-1", schedules=[entry])
        with sandbox.delivering():
            sandbox.clock._at += 60  # not moved by anyone
            assert shop.next().fields["merchant_uid"] == "month-1"
