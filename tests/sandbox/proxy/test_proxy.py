"""The proxy on a socket: what the sandbox answers, what gets a tunnel, and what is refused."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from threading import Thread
from typing import Literal
from urllib.parse import urlsplit

import httpx
import pytest
from freezegun import freeze_time
from portone_v1 import AsyncPortOne, OutcomeUnknownError, PortOne
from portone_v1_sandbox import Sandbox, SandboxServer
from portone_v1_sandbox.proxy import ProxyError, ProxyServer

from tests.sandbox.proxy.conftest import Material, Running, received

Start = Callable[..., Running]
PAIR = {"imp_key": "sandbox_key", "imp_secret": "sandbox_secret"}
ELSEWHERE = "127.0.0.2"
"""Another machine, in these tests."""


@contextmanager
def other_server(
    answer: bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
) -> Iterator[tuple[int, list[bytes]]]:
    """Run a third party's server, which records what it receives."""
    sent: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    try:
                        while not sent or b"\r\n\r\n" not in sent[-1]:
                            part = connection.recv(65536)
                            if not part:
                                break
                            sent.append(part)
                        connection.sendall(answer)
                    except OSError:
                        continue

        thread = Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1], sent
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(20)


def client_of(proxy: Running, material: Material) -> httpx.Client:
    return httpx.Client(proxy=proxy.url, verify=material.trusting, trust_env=False)


def connected(proxy: Running, target: str, source: str = "127.0.0.1") -> socket.socket:
    """Return a connection after an accepted CONNECT."""
    connection = proxy.connect(source)
    connection.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
    assert connection.recv(65536) == b"HTTP/1.1 200 \r\n\r\n"
    return connection


def status(answer: bytes) -> int:
    assert answer.startswith(b"HTTP/1.1 "), answer
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"\r\nx-sandbox: portone-v1" in head
    if not head.split()[1].startswith(b"2"):
        assert body.startswith(b"portone-v1-sandbox proxy: ")
        assert body.count(b"\n") == 1
    return int(head.split()[1])


@pytest.mark.parametrize("host", ["api.iamport.kr", "cdn.iamport.kr"])
def test_the_sandbox_answers_for_both_names(proxy: Running, material: Material, host: str) -> None:
    with client_of(proxy, material) as client:
        for _ in range(3):  # on one connection
            response = client.post(f"https://{host}/users/getToken", json=PAIR)
            assert (response.status_code, response.headers["x-sandbox"]) == (200, "portone-v1")
            assert response.json()["response"]["access_token"]
        assert client.head(f"https://{host}/").status_code == 200
        script = client.get(f"https://{host}/v1/iamport.js")
        assert "window.IMP" in script.text
    assert proxy.refusals == []


def test_the_client_of_this_project(proxy: Running, material: Material, sandbox: Sandbox) -> None:
    paid = sandbox.pay(merchant_uid="order-1", amount=12000)
    with PortOne("sandbox_key", "sandbox_secret", proxy=proxy.url, ca_file=material.files.authority) as client:
        assert client.payments.get(paid.imp_uid).amount == 12000
        client.payments.cancel(imp_uid=paid.imp_uid, amount=2000, checksum=12000)
        assert client.payments.find("order-1").cancel_amount == 2000


def test_its_asynchronous_flavour(proxy: Running, material: Material, sandbox: Sandbox) -> None:
    paid = sandbox.pay(merchant_uid="order-1", amount=12000)

    async def main() -> None:
        async with AsyncPortOne(
            "sandbox_key", "sandbox_secret", proxy=proxy.url, ca_file=material.files.authority
        ) as client:
            found = await asyncio.gather(*(client.payments.get(paid.imp_uid) for _ in range(8)))
            assert {payment.amount for payment in found} == {12000}

    asyncio.run(main())


@pytest.mark.parametrize("after", ["nothing", "half"])
def test_a_response_that_is_cut_is_cut_here_too(
    proxy: Running, material: Material, sandbox: Sandbox, after: Literal["nothing", "half"]
) -> None:
    paid = sandbox.pay(merchant_uid="order-1", amount=12000)
    with PortOne("sandbox_key", "sandbox_secret", proxy=proxy.url, ca_file=material.files.authority) as client:
        client.payments.get(paid.imp_uid)
        sandbox.faults.cut_next(1, after=after)
        with pytest.raises(OutcomeUnknownError):
            client.payments.cancel(imp_uid=paid.imp_uid, amount=2000)
        assert client.payments.get(paid.imp_uid).cancel_amount == 2000


def test_a_large_body_both_ways(proxy: Running, material: Material) -> None:
    with client_of(proxy, material) as client:
        response = client.post("https://api.iamport.kr/users/getToken", content=b"x" * (5 * 1024 * 1024))
        assert response.status_code == 413
        form = f"x={'1' * 100_000}"
        chunks = (part.encode() for part in (form, "&imp_key=sandbox_key", "&imp_secret=sandbox_secret"))
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        assert client.post("https://api.iamport.kr/users/getToken", content=chunks, headers=headers).status_code == 200


def test_a_whole_url_instead_of_connect(proxy: Running) -> None:
    """As axios sends it to a proxy."""
    body = json.dumps(PAIR)
    head = f"Host: api.iamport.kr\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    head += "Connection: close\r\n"
    response = proxy.send(f"POST https://api.iamport.kr/users/getToken HTTP/1.1\r\n{head}\r\n{body}")
    assert status(response) == 200
    assert b"access_token" in response


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("GET http://api.iamport.kr/ HTTP/1.1", 403),
        ("GET http://api.iamport.kr:443/ HTTP/1.1", 403),
        ("GET http://cdn.iamport.kr./v1/iamport.js HTTP/1.1", 403),
        ("GET https://api.iamport.kr:8443/ HTTP/1.1", 403),
        ("GET https://static-api.iamport.kr/ HTTP/1.1", 403),
        ("CONNECT api.iamport.kr:80 HTTP/1.1", 403),
        ("CONNECT API.IAMPORT.KR.:8443 HTTP/1.1", 403),
        ("CONNECT static-api.iamport.kr:443 HTTP/1.1", 403),
        ("CONNECT service.iamport.kr:443 HTTP/1.1", 403),
        ("CONNECT checkout-service.prod.iamport.co:443 HTTP/1.1", 403),
        ("CONNECT api.iamport.kr HTTP/1.1", 400),
        ("CONNECT user@api.iamport.kr:443 HTTP/1.1", 400),
    ],
)
def test_no_other_way_to_the_vendor(proxy: Running, line: str, code: int) -> None:
    host = line.split()[1].removeprefix("http://").removeprefix("https://").partition("/")[0]
    assert status(proxy.send(f"{line}\r\nHost: {host}\r\n\r\n")) == code
    assert len(proxy.refusals) == 1
    assert "\n" not in proxy.refusals[0]


def test_the_names_are_never_resolved(start: Start, monkeypatch: pytest.MonkeyPatch, material: Material) -> None:
    asked: list[str] = []
    resolve = socket.getaddrinfo

    def noted(host: str, *rest: object, **more: object) -> object:
        asked.append(host)
        return resolve(host, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", noted)
    proxy = start()
    with client_of(proxy, material) as client:
        assert client.get("https://api.iamport.kr/_sandbox/health").status_code == 200
    proxy.send("CONNECT api.iamport.kr:80 HTTP/1.1\r\nHost: api.iamport.kr\r\n\r\n")
    proxy.send("GET http://static-api.iamport.kr/ HTTP/1.1\r\nHost: static-api.iamport.kr\r\n\r\n")
    assert not [host for host in asked if "iamport" in str(host)]


@pytest.mark.parametrize(
    "host", ["example.com", "cdn.iamport.kr", "api.iamport.kr:8443", "127.0.0.1", "", "api.iamport.kr@x"]
)
def test_another_host_inside_the_tunnel(proxy: Running, material: Material, host: str) -> None:
    with (
        connected(proxy, "api.iamport.kr:443") as connection,
        material.trusting.wrap_socket(connection, server_hostname="api.iamport.kr") as inside,
    ):
        inside.sendall(f"GET /_sandbox/list/payments HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        assert status(received(inside)) == 421
    assert proxy.refusals == ["api.iamport.kr:443: the Host header names another host"]


def test_a_page_of_another_site_changes_nothing(proxy: Running, material: Material, sandbox: Sandbox) -> None:
    """What the sandbox refuses directly, it refuses behind the proxy."""
    with client_of(proxy, material) as client:
        for origin, code in (
            ("https://evil.example", 403),
            ("http://cdn.iamport.kr", 403),
            ("https://cdn.iamport.kr", 200),
        ):
            headers = {"Origin": origin}
            response = client.post("https://cdn.iamport.kr/_sandbox/clock", data={"advance": "1"}, headers=headers)
            assert response.status_code == code, origin


def test_tls_that_v1_would_not_speak(proxy: Running, material: Material) -> None:
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.load_verify_locations(material.files.authority)
    old.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        old.minimum_version = ssl.TLSVersion.TLSv1
        old.maximum_version = ssl.TLSVersion.TLSv1_1
    with connected(proxy, "api.iamport.kr:443") as connection, pytest.raises((ssl.SSLError, ConnectionError)):
        old.wrap_socket(connection, server_hostname="api.iamport.kr")
    with connected(proxy, "api.iamport.kr:443") as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: api.iamport.kr\r\n\r\n")
        assert b"HTTP/1.1" not in received(connection)


def test_a_tunnel_to_another_host(proxy: Running) -> None:
    with other_server(b"answer") as (port, sent):
        with connected(proxy, f"127.0.0.1:{port}") as connection:
            connection.sendall(b"anything\x00\xff\r\n\r\n")
            assert received(connection) == b"answer"
        assert sent == [b"anything\x00\xff\r\n\r\n"]


def test_a_tunnel_whose_server_speaks_first(proxy: Running) -> None:
    with ExitStack() as open_ones:
        listener = open_ones.enter_context(socket.create_server(("127.0.0.1", 0)))
        connection = open_ones.enter_context(connected(proxy, f"127.0.0.1:{listener.getsockname()[1]}"))
        theirs = open_ones.enter_context(listener.accept()[0])
        theirs.sendall(b"220 ready")
        assert connection.recv(100) == b"220 ready"
        connection.sendall(b"HELO")
        assert theirs.recv(100) == b"HELO"
        theirs.shutdown(socket.SHUT_WR)
        assert connection.recv(100) == b""
        connection.sendall(b"still there")
        assert theirs.recv(100) == b"still there"


def test_plain_http_to_another_host(proxy: Running) -> None:
    with other_server() as (port, sent):
        answer = httpx.get(
            f"http://localhost:{port}/a%2Fb?x=1", proxy=proxy.url, headers={"Proxy-Authorization": "Basic eA=="}
        )
        assert answer.text == "hi"
    (head,) = sent
    assert head.startswith(f"GET /a%2Fb?x=1 HTTP/1.1\r\nhost: localhost:{port}\r\n".encode())
    assert b"proxy" not in head.lower()


@pytest.mark.parametrize("name", [b"api.iamport.kr", b"static-api.iamport.kr"])
def test_a_tunnel_to_an_address_that_greets_the_vendor(proxy: Running, name: bytes) -> None:
    """A program that resolved the name itself."""
    with other_server() as (port, sent):
        with connected(proxy, f"127.0.0.1:{port}") as connection, pytest.raises((ssl.SSLError, ConnectionError)):
            ssl.create_default_context().wrap_socket(connection, server_hostname=name.decode())
        with connected(proxy, f"127.0.0.1:{port}") as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: " + name + b"\r\n\r\n")
            assert b"HTTP" not in received(connection)
    assert sent == []
    assert len(proxy.refusals) == 2


@pytest.mark.parametrize(
    "text",
    [
        "CONNECT example.com:443 HTTP/1.1\r\nHost: api.iamport.kr\r\n\r\n",
        "GET http://example.com/ HTTP/1.1\r\nHost: api.iamport.kr\r\n\r\n",
        "GET https://example.com/ HTTP/1.1\r\nHost: example.com\r\n\r\n",
        "GET ftp://example.com/ HTTP/1.1\r\nHost: example.com\r\n\r\n",
    ],
)
def test_requests_that_contradict_themselves(proxy: Running, text: str) -> None:
    assert status(proxy.send(text)) in (400, 421)


def test_only(start: Start) -> None:
    proxy = start(only=True)
    with other_server() as (port, sent):
        for text in (f"CONNECT 127.0.0.1:{port} HTTP/1.1", f"GET http://127.0.0.1:{port}/ HTTP/1.1"):
            assert status(proxy.send(f"{text}\r\nHost: 127.0.0.1:{port}\r\n\r\n")) == 403
    assert sent == []
    connected(proxy, "api.iamport.kr:443").close()


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "[::1]", "shop.localhost"])
def test_other_machines_do_not_reach_this_one(start: Start, name: str) -> None:
    proxy = start(is_local=lambda address: address != ELSEWHERE)
    with other_server() as (port, sent):
        for text in (f"CONNECT {name}:{port} HTTP/1.1", f"GET http://{name}:{port}/ HTTP/1.1"):
            assert status(proxy.send(f"{text}\r\nHost: {name}:{port}\r\n\r\n", ELSEWHERE)) == 403
    assert sent == []
    connected(proxy, "api.iamport.kr:443", ELSEWHERE).close()


def rebound(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Resolve `rebound.example` to the own network, as its owner's name server could."""
    resolve = socket.getaddrinfo

    def lying(host: str, port: int, *rest: object, **more: object) -> object:
        if host == "rebound.example":
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]
        return resolve(host, port, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", lying)


@pytest.mark.parametrize(
    "addresses", [("127.0.0.1",), ("192.168.0.1",), ("1.1.1.1", "127.0.0.1"), ("169.254.169.254",)]
)
def test_a_name_that_leads_into_the_own_network(
    start: Start, monkeypatch: pytest.MonkeyPatch, addresses: tuple[str, ...]
) -> None:
    """DNS rebinding: a browser's own check of the address does not work behind a proxy."""
    rebound(monkeypatch, *addresses)
    with other_server() as (port, sent):
        proxy = start()
        for text in (f"CONNECT rebound.example:{port} HTTP/1.1", f"GET http://rebound.example:{port}/ HTTP/1.1"):
            assert status(proxy.send(f"{text}\r\nHost: rebound.example:{port}\r\n\r\n")) == 403
        assert "--allowed-hosts" in proxy.refusals[0]
        if addresses == ("127.0.0.1",):
            allowing = start(allowed_hosts=["Rebound.example"])
            head = f"Host: rebound.example:{port}\r\nConnection: close\r\n"
            answer = allowing.send(f"GET http://rebound.example:{port}/ HTTP/1.1\r\n{head}\r\n")
            assert answer.endswith(b"hi")
    assert len(sent) == (addresses == ("127.0.0.1",))


@pytest.mark.parametrize("host", ["evil.example", "api.iamport.kr", "localhost.evil.example", "", "192.0.2.1"])
def test_its_own_pages_under_another_name(proxy: Running, host: str) -> None:
    assert status(proxy.send(f"GET /proxy.pac HTTP/1.1\r\nHost: {host}\r\n\r\n")) == 403


def test_its_own_pages(proxy: Running, material: Material) -> None:
    with httpx.Client(base_url=proxy.url, trust_env=False) as client:
        pac = client.get("/proxy.pac")
        place = urlsplit(proxy.url).netloc
        assert pac.headers["content-type"] == "application/x-ns-proxy-autoconfig"
        assert f'host == "api.iamport.kr" || host == "cdn.iamport.kr" ? "PROXY {place}" : "DIRECT"' in pac.text
        authority = client.get("/ca.pem").content
        assert authority == material.certificate.authority
        crt = client.get("/ca.crt")
        assert crt.headers["content-type"] == "application/x-x509-ca-cert"
        assert ssl.DER_cert_to_PEM_cert(crt.content).encode() == authority
        response = client.get("/")
        assert material.certificate.fingerprint in response.text
        assert material.certificate.spki in response.text
        assert (client.head("/").status_code, client.head("/").content) == (200, b"")
        assert client.get("/other").status_code == 404
        assert client.post("/proxy.pac").status_code == 405
        for page in ("/", "/ca.pem", "/ca.crt", "/proxy.pac"):
            assert b"PRIVATE" not in client.get(page).content


def test_a_device_reads_the_address_by_which_it_came(start: Start) -> None:
    proxy = start(allowed_hosts=["laptop.example"])
    response = proxy.send("GET /proxy.pac HTTP/1.1\r\nHost: laptop.example:8766\r\n\r\n")
    assert b'"PROXY laptop.example:8766"' in response


@pytest.mark.parametrize(
    "text",
    [
        b"\x00\x01\x02\x03\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n",
        b"CONNECT\r\n\r\n",
        b"CONNECT " + b"a" * 20_000 + b":443 HTTP/1.1\r\n\r\n",
        b"CONNECT " + b"a" * 9_000 + b":443 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"CONNECT api.iamport.kr:443 HTTP/1.1\r\nX: " + b"a" * 40_000,
        b"GET http://api.iamport.kr/ HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"CONNECT \xea\xb0\x80:443 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST https://api.iamport.kr/ HTTP/1.1\r\nHost: api.iamport.kr\r\nContent-Length: -1\r\n\r\n",
    ],
)
def test_hostile_bytes(proxy: Running, material: Material, text: bytes) -> None:
    answer = proxy.send(text)
    assert answer == b"RESET" or status(answer.removesuffix(b"RESET")) >= 400
    with client_of(proxy, material) as client:  # and it goes on
        assert client.get("https://api.iamport.kr/_sandbox/health").status_code == 200


def test_tls_before_the_answer(proxy: Running) -> None:
    response = proxy.send(b"CONNECT api.iamport.kr:443 HTTP/1.1\r\nHost: api.iamport.kr\r\n\r\n\x16\x03\x01")
    assert status(response) == 400


def test_a_head_that_never_ends(start: Start) -> None:
    proxy = start(patience=0.2)
    for begun in (b"", b"CONNECT api.iamport.kr:443 HTTP/1.1\r\nHost: "):
        with proxy.connect() as connection:
            connection.sendall(begun)
            answer = received(connection)
            assert answer == b"" if begun == b"" else status(answer) == 408
    with connected(proxy, "api.iamport.kr:443") as connection:
        assert received(connection) == b""  # no TLS came


def test_too_many_at_once(start: Start) -> None:
    proxy = start(most_clients=2)
    with connected(proxy, "api.iamport.kr:443"), connected(proxy, "api.iamport.kr:443"), proxy.connect() as third:
        assert status(received(third)) == 503


def test_no_sandbox(start: Start, material: Material) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    proxy = start(f"http://127.0.0.1:{port}")
    with client_of(proxy, material) as client:
        response = client.get("https://api.iamport.kr/")
        assert response.status_code == 503
        assert f"no sandbox answers on http://127.0.0.1:{port}" in response.text


@pytest.mark.parametrize(
    "url",
    [
        *(
            "https://127.0.0.1:1",
            "127.0.0.1:1",
            "http://",
            "http://a/b",
            "http://a:1/?x",
            "http://u@a:1",
            "http://[::1",
        ),
        *("http://api.iamport.kr", "http://static-api.iamport.kr:443"),
    ],
)
def test_what_is_no_sandbox(material: Material, url: str) -> None:
    with pytest.raises(ProxyError) as stopped:
        ProxyServer(url, material.certificate)
    assert "\n" not in str(stopped.value)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::"])
def test_the_network_is_a_choice(material: Material, server: SandboxServer, host: str) -> None:
    with pytest.raises(ProxyError, match="--expose-to-network"):
        ProxyServer(server.url, material.certificate, host=host)


def test_a_clock_that_stands_still(start: Start, material: Material) -> None:
    with freeze_time("2026-03-10"):
        proxy = start()
        with proxy.connect() as connection:
            connection.sendall(b"GET /proxy.pac HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            assert status(received(connection)) == 200


def test_it_starts_again(material: Material, server: SandboxServer) -> None:
    proxy = ProxyServer(server.url, material.certificate)
    for _ in range(2):
        with proxy, pytest.raises(ProxyError, match="already"):
            proxy.start()
        with pytest.raises(ProxyError, match="not running"):
            assert proxy.url
