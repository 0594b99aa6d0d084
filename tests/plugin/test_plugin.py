"""The pytest plugin, in test suites of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.plugin.suites import OTHERS, Results, Suite

SERVERS = Suite(
    6,
    """
        import httpx
        import pytest

        @pytest.mark.parametrize("number", range(6))
        def test_each_has_its_own(portone_server, portone_sandbox, number):
            assert portone_server.sandbox is portone_sandbox
            assert portone_server.url.startswith("http://127.0.0.1:")
            order = {"merchant_uid": f"order-{number}", "amount": 1000}
            assert httpx.post(f"{portone_server.url}/_sandbox/payments", json=order).status_code == 200
            assert [movement.merchant_uid for movement in portone_sandbox.ledger] == [f"order-{number}"]
    """,
)
SUITES = {
    "each_test_has_its_own_server": SERVERS,
    "client_and_sandbox_are_one": Suite(
        2,
        """
        def test_paid(portone_sandbox, portone_client):
            paid = portone_sandbox.pay(merchant_uid="order-1", amount=1000)
            assert portone_client.payments.get(paid.imp_uid).status == "paid"

        def test_another_test_starts_anew(portone_sandbox, portone_client):
            assert portone_sandbox.ledger == ()
            assert portone_client.codes.get_bank("004").name
            assert len(portone_sandbox.journal) == 2
        """,
    ),
    "async_client": Suite(
        2,
        """
        import asyncio

        def test_paid(portone_sandbox, portone_async_client):
            paid = portone_sandbox.pay(merchant_uid="order-1", amount=1000)

            async def flow():
                async with portone_async_client as client:
                    return (await client.payments.get(paid.imp_uid)).status

            assert asyncio.run(flow()) == "paid"

        def test_left_open(portone_async_client):
            asyncio.run(portone_async_client.codes.get_bank("004"))
        """,
    ),
    "server_and_client_see_the_same": Suite(
        1,
        """
        from portone_v1 import PortOne

        def test_paid(portone_server, portone_client):
            with PortOne("sandbox_key", "sandbox_secret", base_url=portone_server.url) as remote:
                remote.prepare.create(merchant_uid="order-1", amount=1000)
            assert portone_client.prepare.get("order-1").amount == 1000
        """,
    ),
    "options": Suite(
        1,
        """
        import pytest
        from portone_v1_sandbox import SandboxClock

        @pytest.fixture
        def portone_sandbox_options(tmp_path):
            return {"clock": SandboxClock.frozen_at(1_773_104_400), "db": tmp_path / "shop.sqlite3"}

        def test_clock(portone_sandbox, tmp_path):
            assert portone_sandbox.clock.now() == 1_773_104_400
            assert (tmp_path / "shop.sqlite3").is_file()
        """,
    ),
    "options_that_are_none": Suite(
        1,
        """
        import pytest

        @pytest.fixture
        def portone_sandbox_options():
            return [("strict", True)]

        def test_refused(request):
            with pytest.raises(TypeError, match="portone_sandbox_options must return a dict with arguments of Sandbox"):
                request.getfixturevalue("portone_sandbox")
        """,
    ),
    "webhooks_reach_the_shop": Suite(
        2,
        """
        import json
        from queue import Queue

        import pytest

        arrived = Queue()

        def shop(call):
            arrived.put(json.loads(call.body)["status"])
            return 200

        @pytest.fixture
        def portone_sandbox_options():
            return {"webhook_url": "http://127.0.0.1:8000/hooks", "webhook_sender": shop}

        def test_by_itself(portone_server, portone_sandbox):
            portone_sandbox.pay(merchant_uid="order-1", amount=1000)
            assert arrived.get(timeout=20) == "paid"

        def test_on_request(portone_sandbox):
            portone_sandbox.pay(merchant_uid="order-1", amount=1000)
            portone_sandbox.deliver()
            assert arrived.get_nowait() == "paid"
        """,
    ),
    "tests_at_the_same_time_share_one_server": Suite(
        5,
        """
        import httpx
        import pytest
        from portone_v1 import PortOne

        SERVERS = set()

        @pytest.mark.parametrize("number", range(4))
        def test_each_has_its_own_shop(portone_shop, number):
            SERVERS.add(portone_shop.server_url)
            assert len(SERVERS) == 1
            order = {"merchant_uid": "order-1", "amount": 1000}
            pay = f"{portone_shop.server_url}/_sandbox/payments"
            answer = httpx.post(pay, json=order, headers=portone_shop.headers)
            with PortOne("sandbox_key", "sandbox_secret", base_url=portone_shop.url) as client:
                assert client.payments.get(answer.json()["response"]["imp_uid"]).status == "paid"
            assert len(portone_shop.sandbox.ledger) == 1

        def test_none_is_left(portone_server):
            assert len(portone_server.sandbox.shops) == 0
        """,
    ),
    "a_test_that_ends_the_server_ends_its_own_only": Suite(
        4,
        """
        import httpx

        def works(url):
            return httpx.get(f"{url}/_sandbox/health").status_code == 200

        def test_stops_it(portone_server):
            assert works(portone_server.url)
            portone_server.stop()
            assert not portone_server.is_running

        def test_has_another(portone_server):
            assert works(portone_server.url)

        def test_stops_it_again(portone_server):
            portone_server.stop()

        def test_a_shop_has_another(portone_shop):
            assert works(portone_shop.server_url)
        """,
    ),
    "a_shop_that_never_answers_holds_no_fixture": Suite(
        3,
        r"""
        import json
        import socket
        import threading

        import httpx
        import pytest

        @pytest.fixture
        def silent():
            with socket.create_server(("127.0.0.1", 0)) as shop:
                yield shop

        def url_of(shop):
            return f"http://127.0.0.1:{shop.getsockname()[1]}/shop"

        def test_webhook(portone_server, portone_sandbox, silent):
            portone_sandbox.webhooks.configure(url=url_of(silent))
            portone_sandbox.pay(merchant_uid="order-1", amount=1000)
            silent.accept()[0].close()

        def test_confirmation(portone_server, silent):
            asked = {"merchant_uid": "order-1", "amount": 1000, "confirm_url": url_of(silent)}
            request = json.dumps({"kind": "payment", "asked": asked})
            opened = httpx.post(f"{portone_server.url}/_sandbox/web/windows", data={"request": request})
            window = f"{portone_server.url}{opened.headers['location']}"

            def approve():
                try:
                    httpx.post(window, data={"action": "approve"}, timeout=1)
                except httpx.HTTPError:
                    pass

            thread = threading.Thread(target=approve)
            thread.start()
            asking, _ = silent.accept()
            thread.join()
            asking.close()

        def test_half_of_a_request(portone_server):
            port = int(portone_server.url.rpartition(":")[2])
            with socket.create_connection(("127.0.0.1", port)) as wire:
                wire.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n")
        """,
    ),
}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return Results(tmp_path_factory.mktemp("suites"), SUITES)


@pytest.mark.parametrize("name", SUITES)
def test_suite(results: Results, name: str) -> None:
    results.passed(name)


def test_in_parallel(tmp_path: Path) -> None:
    Results(tmp_path, {"servers": SERVERS}, "-n", "2").passed("servers")


@pytest.fixture
def suite(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makeini("[pytest]\nfilterwarnings = error\n")
    return pytester


def test_it_can_be_switched_off(suite: pytest.Pytester) -> None:
    suite.makepyfile("def test_one(portone_sandbox): pass")
    result = suite.runpytest_subprocess("-p", "no:cacheprovider", *OTHERS, "-p", "no:portone_v1_sandbox")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*fixture 'portone_sandbox' not found*"])


def test_fixtures_tell_what_they_are(suite: pytest.Pytester) -> None:
    result = suite.runpytest_subprocess("--fixtures", "-p", "no:cacheprovider", *OTHERS)
    names = ("portone_sandbox", "portone_server", "portone_client", "portone_async_client", "portone_sandbox_options")
    result.stdout.fnmatch_lines_random([f"{name} -- *" for name in names])
    result.stdout.no_fnmatch_line("*_portone_socket*")
