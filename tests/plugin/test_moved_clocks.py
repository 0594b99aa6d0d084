"""freezegun and time-machine in a shop's tests: the sandbox follows them, and nothing waits for a clock that stands."""

from __future__ import annotations

import pytest

from tests.plugin.suites import Results, Suite

IN_2024 = 1_706_745_600
"""2024-02-01 00:00 UTC."""
CALLS = """
    import freezegun
    import httpx
    import pytest
    import time_machine
    from portone_v1_sandbox import Sandbox, SandboxClock, SandboxServer

    FREEZERS = {
        "freezegun": lambda: freezegun.freeze_time("2024-02-01"),
        "freezegun elsewhere": lambda: freezegun.freeze_time("2024-02-01", tz_offset=9),
        "time-machine": lambda: time_machine.travel("2024-02-01 00:00 +0000", tick=False),
    }

    @pytest.fixture(params=list(FREEZERS))
    def freezer(request):
        return FREEZERS[request.param]
"""
SUITES = {
    "fixtures_under_a_decorator_end": Suite(
        2,
        CALLS
        + f"""
    @freezegun.freeze_time("2024-02-01")
    def test_freezegun(portone_server, portone_sandbox):
        order = {{"merchant_uid": "order-1", "amount": 1000}}
        paid = httpx.post(f"{{portone_server.url}}/_sandbox/payments", json=order).json()["response"]
        assert paid["paid_at"] == portone_sandbox.clock.now() == {IN_2024}

    @time_machine.travel("2024-02-01 00:00 +0000", tick=False)
    def test_time_machine(portone_server, portone_sandbox):
        order = {{"merchant_uid": "order-1", "amount": 1000}}
        paid = httpx.post(f"{{portone_server.url}}/_sandbox/payments", json=order).json()["response"]
        assert paid["paid_at"] == portone_sandbox.clock.now() == {IN_2024}
        """,
    ),
    "a_server_starts_sends_and_stops_while_time_stands": Suite(
        3,
        CALLS
        + f"""
    from http.server import BaseHTTPRequestHandler, HTTPServer
    from threading import Event, Thread

    def test_server(freezer):
        received = Event()

        class Shop(BaseHTTPRequestHandler):
            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(200)
                self.end_headers()
                received.set()

            def log_message(self, *_):
                pass

        shop = HTTPServer(("127.0.0.1", 0), Shop)
        thread = Thread(target=shop.serve_forever)
        thread.start()
        try:
            with freezer(), SandboxServer() as server:
                webhook = {{"url": f"http://127.0.0.1:{{shop.server_port}}/"}}
                httpx.post(f"{{server.url}}/_sandbox/webhooks/settings", json=webhook).raise_for_status()
                server.sandbox.pay(merchant_uid="order-1", amount=1000)
                assert received.wait(20)
                assert httpx.get(f"{{server.url}}/_sandbox/clock").json()["response"]["now"] == {IN_2024}
        finally:
            shop.shutdown()
            thread.join(20)
            shop.server_close()
        """,
    ),
    "the_clock_follows_and_never_goes_behind_a_payment": Suite(
        6,
        CALLS
        + f"""
    def test_back_only_while_nothing_happened(freezer):
        sandbox = Sandbox()
        now = sandbox.clock.now()
        with freezer():
            assert sandbox.clock.now() == {IN_2024}
            sandbox.clock.advance(days=1)
            assert sandbox.clock.now() == {IN_2024} + 86_400
        assert now + 86_400 <= sandbox.clock.now() <= now + 86_460
        paid = sandbox.pay(merchant_uid="order-1", amount=1000)
        with freezer():
            assert sandbox.clock.now() >= paid.paid_at.timestamp()
            assert Sandbox(clock=SandboxClock.frozen_at(1_773_104_400)).clock.now() == 1_773_104_400

    def test_a_card_of_2031_is_valid_and_a_schedule_runs_when_time_is_moved(freezer):
        with freezer():
            sandbox = Sandbox()
            client = sandbox.client()
            client.billing_keys.issue("c-1", card_number="4242424242424242", expiry="2031-03", birth="880101")
            at = sandbox.clock.now() + 3600
            from portone_v1.models import Schedule
            client.subscribe.schedule(
                customer_uid="c-1",
                schedules=[Schedule(merchant_uid="sub-1", schedule_at=at, amount=1000, name="월 구독")],
            )
        with freezegun.freeze_time("2024-02-01 02:00"):
            assert client.subscribe.get_schedule("sub-1").payment_status == "paid"
        """,
    ),
}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return Results(tmp_path_factory.mktemp("clocks"), SUITES)


@pytest.mark.parametrize("name", SUITES)
def test_time_that_is_moved(results: Results, name: str) -> None:
    results.passed(name)
