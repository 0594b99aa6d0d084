"""The sandbox on a real socket."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import Mock

import httpx
import pytest
import uvicorn
from portone_v1_sandbox import Response, Sandbox, SandboxClock, SandboxServer, SandboxServerError
from portone_v1_sandbox.__main__ import main

from tests.sandbox.support import START, Answer, checked

PAIR = {"imp_key": "sandbox_key", "imp_secret": "sandbox_secret"}


@pytest.fixture(scope="module")
def server() -> Iterator[SandboxServer]:
    with SandboxServer(Sandbox(clock=SandboxClock.frozen_at(START))) as running:
        yield running


@pytest.fixture
def client(server: SandboxServer) -> Iterator[httpx.Client]:
    server.sandbox.reset()
    with httpx.Client(base_url=server.url) as client:
        token = client.post("/users/getToken", json=PAIR).json()["response"]["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield client


def answer(server: SandboxServer, response: httpx.Response) -> Answer:
    operation = server.sandbox.journal[-1].operation
    headers = {"Content-Type": response.headers["content-type"]}
    return checked(Response(response.status_code, response.content, headers), operation)


def test_payment_from_beginning_to_end(server: SandboxServer, client: httpx.Client) -> None:
    body = {"merchant_uid": "주문/1", "amount": 1000, "card_number": "4242424242424242", "expiry": "2030-12"}
    paid = answer(server, client.post("/subscribe/payments/onetime", json=body)).response
    found = answer(server, client.get("/payments/find/%EC%A3%BC%EB%AC%B8%2F1?sorting=paid"))
    assert found.response == paid
    refund = answer(server, client.post("/payments/cancel", data={"imp_uid": paid["imp_uid"]})).response
    assert refund["status"] == "cancelled"
    ledger = client.get("/_sandbox/ledger").json()["response"]
    assert [movement["kind"] for movement in ledger] == ["charge", "refund"]


def test_encoded_id_stays_an_id(server: SandboxServer, client: httpx.Client) -> None:
    with socket.create_connection((httpx.URL(server.url).host, httpx.URL(server.url).port or 0)) as raw:
        token = client.headers["Authorization"]
        raw.sendall(
            f"GET /payments/..%2Fusers%2Fpg HTTP/1.1\r\nHost: localhost\r\nAuthorization: {token}\r\n"
            "Connection: close\r\n\r\n".encode()
        )
        received = b"".join(iter(lambda: raw.recv(65536), b""))
    assert received.startswith(b"HTTP/1.1 404 ")
    assert server.sandbox.journal[-1].operation == "payments_get"


@pytest.mark.parametrize("body", [b"{", b"\xff", b"[" * 100_000, b"null"])
def test_malformed_json(server: SandboxServer, client: httpx.Client, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    response = client.post("/payments/cancel", content=body, headers=headers)
    assert answer(server, response).verdict == (400, 1, "요청 본문을 해석할 수 없습니다.")


def test_unknown_route_and_wrong_method(server: SandboxServer, client: httpx.Client) -> None:
    assert answer(server, client.get("/nothing")).status == 404
    assert answer(server, client.patch("/payments/cancel")).status == 405
    assert client.head("/banks").status_code == 405
    assert client.options("/banks").status_code == 405


@pytest.mark.parametrize("size", [4 * 1024 * 1024 + 1, 20 * 1024 * 1024])
def test_huge_body(server: SandboxServer, client: httpx.Client, size: int) -> None:
    response = client.post("/payments/cancel", content=b"x" * size)
    assert answer(server, response).verdict == (413, -1, "요청 본문이 너무 큽니다.")
    assert answer(server, client.get("/banks")).status == 200


def test_huge_body_in_chunks(server: SandboxServer, client: httpx.Client) -> None:
    response = client.post("/payments/cancel", content=(b"x" * 1024 * 1024 for _ in range(6)))
    assert answer(server, response).status == 413


def test_what_is_no_http_at_all(server: SandboxServer, client: httpx.Client) -> None:
    with socket.create_connection((httpx.URL(server.url).host, httpx.URL(server.url).port or 0)) as raw:
        raw.sendall(b"\x16\x03\x01 not http\r\n\r\n")
        assert raw.recv(65536).startswith(b"HTTP/1.1 400 ")
    assert client.get("/banks").status_code == 200


def test_request_that_breaks_off_half_way_is_not_carried_out() -> None:
    with SandboxServer() as server:
        with socket.create_connection((httpx.URL(server.url).host, httpx.URL(server.url).port or 0)) as raw:
            raw.sendall(
                b"POST /_sandbox/payments HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n"
                b"Content-Type: application/x-www-form-urlencoded\r\n\r\nmerchant_uid=order-1&amount=1"
            )
            assert httpx.get(f"{server.url}/_sandbox/clock").status_code == 200
        assert httpx.get(f"{server.url}/_sandbox/clock").status_code == 200
    assert server.sandbox.ledger == ()


def test_listens_on_this_machine_and_a_free_port() -> None:
    with SandboxServer() as one, SandboxServer() as two:
        assert one.url.startswith("http://127.0.0.1:")
        assert one.url != two.url
        assert httpx.get(f"{two.url}/_sandbox/clock").status_code == 200


def test_stopping_frees_the_port_and_keeps_what_was_paid() -> None:
    sandbox = Sandbox()
    server = SandboxServer(sandbox)
    with server:
        url = httpx.URL(server.url)
        sandbox.pay(merchant_uid="order-1", amount=1000)
    with pytest.raises(SandboxServerError, match="not running"):
        _ = server.url
    with SandboxServer(sandbox, port=url.port or 0) as again:
        assert again.url == str(url)
        assert len(httpx.get(f"{again.url}/_sandbox/ledger").json()["response"]) == 1
    server.stop()


def test_starting_twice(server: SandboxServer) -> None:
    with pytest.raises(SandboxServerError, match="already running"):
        server.start()


def test_port_in_use(server: SandboxServer) -> None:
    port = httpx.URL(server.url).port or 0
    with pytest.raises(SandboxServerError) as caught:
        SandboxServer(port=port).start()
    assert str(caught.value) == f"cannot listen on 127.0.0.1:{port}: Address already in use"


@pytest.mark.parametrize(("host", "port"), [("127.0.0.1", 70000), ("127.0.0.1", -1), ("256.1.1.1.1..", 0)])
def test_address_that_cannot_be(host: str, port: int) -> None:
    with pytest.raises(SandboxServerError, match=r"cannot listen on|refusing to bind"):
        SandboxServer(host=host, port=port).start()


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delitem(sys.modules, "portone_v1_sandbox.transports.uvicorn", raising=False)
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    why = "import of uvicorn halted; None in sys.modules"  # it may be there, and lack something itself
    words = f"the sandbox server needs uvicorn: pip install 'portone-v1[sandbox]' ({why})"
    with pytest.raises(SandboxServerError) as caught:
        SandboxServer().start()
    assert str(caught.value) == words
    assert main(["--port", "0"]) == 1
    assert capsys.readouterr().err == f"{words}\n"


def test_a_server_that_cannot_start_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    """As uvicorn 0.30 on Python 3.14, where warnings are errors."""
    fault = DeprecationWarning("'asyncio.iscoroutinefunction' is deprecated")
    monkeypatch.setattr(uvicorn.Config, "load", Mock(side_effect=fault))
    with pytest.raises(
        SandboxServerError, match=r"failed to start: DeprecationWarning\(.*iscoroutinefunction"
    ) as caught:
        SandboxServer().start()
    assert caught.value.__cause__ is fault


@contextmanager
def run(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Run the module in a process of its own, which does not outlive a failing test."""
    command = [sys.executable, "-m", "portone_v1_sandbox", *arguments]
    environment = os.environ | {"PYTHONWARNINGS": "error"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    with process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_server_runs_until_it_gets_a_signal(number: signal.Signals) -> None:
    with run("--port", "0") as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        address = next(word for word in line.split() if word.startswith("http://")).rstrip(",")
        assert "sandbox_key" in line
        assert "sandbox_secret" in line
        assert httpx.post(f"{address}/users/getToken", json=PAIR).status_code == 200
        process.send_signal(number)
        rest, errors = process.communicate(timeout=20)
    assert (process.returncode, rest, errors) == (0, "", "")


def test_module_with_a_port_in_use(server: SandboxServer) -> None:
    port = httpx.URL(server.url).port
    with run("--port", str(port)) as process:
        output, errors = process.communicate(timeout=20)
    assert process.returncode == 1
    assert output == ""
    assert errors == f"cannot listen on 127.0.0.1:{port}: Address already in use\n"


class TestHosts:
    """A page on the web can have its own name resolve to this machine, and then control the sandbox."""

    @pytest.mark.parametrize(
        "host", ["127.0.0.1", "127.0.0.1:1", "localhost:8765", "LOCALHOST.", "shop.localhost", "[::1]:1"]
    )
    def test_this_machine(self, server: SandboxServer, host: str) -> None:
        assert httpx.get(f"{server.url}/_sandbox/health", headers={"Host": host}).status_code == 200

    @pytest.mark.parametrize(
        "host", ["evil.example.com", "localhost.example.com", "10.0.0.1", "127.0.0.1.example.com:80"]
    )
    def test_another_name(self, server: SandboxServer, host: str) -> None:
        for method, path in (
            ("GET", "/"),
            ("POST", "/_sandbox/reset"),
            ("POST", "/users/getToken"),
            ("GET", "/v1/iamport.js"),
        ):
            refused = httpx.request(method, f"{server.url}{path}", headers={"Host": host})
            assert refused.status_code == 403
            assert refused.json()["code"] == -1
            assert refused.headers["X-Sandbox"] == "portone-v1"

    def test_a_large_body_is_read_first(self, server: SandboxServer) -> None:
        body = b"x" * 3_000_000
        assert (
            httpx.post(f"{server.url}/payments/cancel", content=body, headers={"Host": "a.example"}).status_code == 403
        )

    def test_names_that_are_set(self) -> None:
        with SandboxServer(allowed_hosts=["sandbox.test"]) as server:
            assert httpx.get(f"{server.url}/_sandbox/health", headers={"Host": "sandbox.test:80"}).status_code == 200
            assert httpx.get(f"{server.url}/_sandbox/health", headers={"Host": "other.test"}).status_code == 403

    def test_on_every_address(self) -> None:
        with SandboxServer(host="0.0.0.0", expose_to_network=True) as server:
            url = server.url.replace("0.0.0.0", "127.0.0.1")
            assert httpx.get(f"{url}/_sandbox/health", headers={"Host": "192.0.2.7:8765"}).status_code == 200
            assert httpx.get(f"{url}/_sandbox/health", headers={"Host": "evil.example.com"}).status_code == 403


def test_a_page_of_another_site_writes_nothing(server: SandboxServer, client: httpx.Client) -> None:
    body = {"merchant_uid": "order-1", "amount": 1000, "card_number": "4242424242424242", "expiry": "2030-12"}
    foreign = {"Origin": "https://evil.example.com"}
    assert client.post("/subscribe/payments/onetime", json=body, headers=foreign).status_code == 403
    assert server.sandbox.ledger == ()
    own = {"Origin": server.url}
    assert client.post("/subscribe/payments/onetime", json=body, headers=own).status_code == 200


def test_health_and_head(server: SandboxServer, client: httpx.Client) -> None:
    health = client.get("/_sandbox/health")
    assert (health.status_code, health.json()["response"]["status"]) == (200, "ok")
    for path in ("/", "/_sandbox/health", "/v1/iamport.js"):
        head, full = client.head(path), client.get(path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == full.headers["content-length"]


@pytest.mark.parametrize(
    "path",
    ["/v1/iamport.js", *(f"/js/iamport.payment-{version}.js" for version in ("1.1.5", "1.1.8", "1.2.0", "1.2.1"))],
)
def test_paths_of_the_script(client: httpx.Client, path: str) -> None:
    script = client.get(path)
    assert script.status_code == 200
    assert script.headers["content-type"].startswith("text/javascript")
    assert script.text == client.get("/v1/iamport.js").text


def test_module_with_a_configuration(tmp_path: Path) -> None:
    path = tmp_path / "sandbox.toml"
    path.write_text(
        'port = 0\nimp_key = "shop_key"\n[[channels]]\npg = "kcp"\nmid = "shop-mid"\nkey = "k-1"\n', "utf-8"
    )
    with run("--config", os.fspath(path)) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert "shop_key" not in line
        address = next(word for word in line.split() if word.startswith("http://")).rstrip(",")
        pair = {"imp_key": "shop_key", "imp_secret": "sandbox_secret"}
        token = httpx.post(f"{address}/users/getToken", json=pair).json()["response"]["access_token"]
        channels = httpx.get(f"{address}/users/pg", headers={"Authorization": token}).json()["response"]
        assert [(channel["pg_id"], channel["channel_key"]) for channel in channels] == [("shop-mid", "k-1")]
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0


def test_a_late_response_does_not_keep_it_from_stopping() -> None:
    with run("--port", "0") as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        address = next(word for word in line.split() if word.startswith("http://")).rstrip(",")
        fault = {"kind": "delay", "seconds": 60, "operation": "auth_get_token"}
        with httpx.Client(base_url=address) as client:
            assert client.post("/_sandbox/faults", json=fault).status_code == 200
            with ThreadPoolExecutor() as pool:
                late = pool.submit(client.post, "/users/getToken", json=PAIR, timeout=70)
                while not client.get("/_sandbox/journal").json()["response"]:
                    pass
                process.send_signal(signal.SIGTERM)
                assert process.wait(timeout=20) == 0
                late.exception(timeout=20)
