"""The way out over aiohttp through a proxy."""

from __future__ import annotations

import socket
import ssl
import threading
from pathlib import Path
from typing import Any

import pytest
from portone_v1 import ConfigurationError, NotSentError, Timeout

from tests.overlay.harness import AiohttpFlavour, Flavour, flavours
from tests.overlay.raw_server import RawRequest, RawServer, payment_answer

pytest.importorskip("aiohttp", reason="the way out over aiohttp is an extra")

from portone_v1.contrib.aiohttp import AiohttpTransport

flavour = flavours(AiohttpFlavour)


def read(client: Any) -> Any:
    return client.payments.get("imp_1")


def cancel(client: Any) -> Any:
    return client.payments.cancel(imp_uid="imp_1", amount=5, extra_headers={"X-Mine": "a  b"})


class Tunnel:
    """A proxy that lets through what asks for it with the right words, to one address whatever was named."""

    def __init__(self, to: tuple[str, int], *, mute: bool = False, answer: bytes = b"200 OK") -> None:
        self.asked: list[bytes] = []
        self._to, self._mute, self._answer = to, mute, answer
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.at = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Tunnel:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(20)

    def _serve(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            with near:
                near.settimeout(20)
                head = b""
                while not head.endswith(b"\r\n\r\n") and (byte := near.recv(1)):
                    head += byte
                self.asked.append(head)
                if self._mute:
                    near.recv(1)
                    continue
                near.sendall(b"HTTP/1.1 " + self._answer + b"\r\n\r\n")
                if self._answer.startswith(b"200"):
                    with socket.create_connection(self._to) as far:
                        back = threading.Thread(target=_pump, args=(far, near))
                        back.start()
                        _pump(near, far)
                        back.join(20)


def _pump(source: socket.socket, sink: socket.socket) -> None:
    try:
        while part := source.recv(65536):
            sink.sendall(part)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def address(server: RawServer) -> tuple[str, int]:
    return "127.0.0.1", int(server.url.rpartition(":")[2])


@pytest.mark.parametrize("asked", [False, True], ids=["the environment's", "asked for"])
def test_through_a_proxy(
    flavour: Flavour, authority: tuple[ssl.SSLContext, Path], monkeypatch: pytest.MonkeyPatch, *, asked: bool
) -> None:
    context, file = authority
    with RawServer(context=context) as server, Tunnel(address(server)) as tunnel:
        own = {"proxy": f"http://user:hunter2@{tunnel.at}"} if asked else {}
        if not asked:
            monkeypatch.setenv("HTTPS_PROXY", f"user:hunter2@{tunnel.at}")
        client = flavour.client(base_url="https://v1.example.com", ca_file=file, **own)
        for _ in range(3):
            assert client.call(read).imp_uid == "imp_1"
        client.close()
    assert server.connections == len(tunnel.asked) == 1
    assert tunnel.asked[0].startswith(b"CONNECT v1.example.com:443 HTTP/1.1\r\n")
    assert b"Proxy-Authorization: Basic dXNlcjpodW50ZXIy\r\n" in tunnel.asked[0]
    assert b"Bearer" not in tunnel.asked[0]
    assert not any(b"proxy" in request.head.lower() for request in server.requests)


def test_the_certificate_is_the_servers_not_the_proxys(
    flavour: Flavour, authority: tuple[ssl.SSLContext, Path]
) -> None:
    context, file = authority
    with RawServer(context=context) as server, Tunnel(address(server)) as tunnel:
        client = flavour.client(base_url="https://other.example.com", ca_file=file, proxy=f"http://{tunnel.at}")
        error = client.failure(cancel)
        client.close()
    assert type(error) is NotSentError
    assert "TLS: hostname mismatch" in str(error)
    assert server.requests == []


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"answer": b"407 Proxy Authentication Required"}, "ProxyError"),
        ({"mute": True}, "ConnectTimeout"),
        ({"answer": b"canary"}, "ConnectError"),
    ],
)
def test_a_proxy_that_does_not_let_through(flavour: Flavour, options: Any, why: str) -> None:
    with Tunnel(("127.0.0.1", 1), **options) as tunnel:
        client = flavour.client(
            base_url="https://v1.example.com",
            proxy=f"http://{tunnel.at}",
            max_retries=0,
            timeout=Timeout(0.1, 10, 10, 10),
        )
        error = client.failure(cancel)
        client.close()
    assert type(error) is NotSentError
    assert f"({why})" in str(error)


def test_a_proxy_that_is_not_there(flavour: Flavour) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    error = flavour.client(base_url="https://v1.example.com", proxy=f"http://user:hunter2@127.0.0.1:{port}").failure(
        cancel
    )
    assert type(error) is NotSentError
    assert "(ProxyError)" in str(error)
    while error is not None:
        assert "hunter2" not in f"{error!r}"
        error = error.__cause__ or error.__context__


def test_plain_http_through_a_proxy(flavour: Flavour) -> None:
    """To this machine only, and only where it was asked for."""

    def respond(request: RawRequest) -> bytes:
        return payment_answer(request._replace(target=request.target.removeprefix("http://localhost:1")))

    with RawServer(respond) as proxy:
        own = proxy.url.replace("//", "//user:hunter2@")
        client = flavour.client(base_url="http://localhost:1", proxy=own)
        assert client.call(lambda c: c.payments.get("a/b")).imp_uid == "imp_1"
        client.close()
    assert proxy.requests[1].target == "http://localhost:1/payments/a%2Fb"
    assert b"Proxy-Authorization: Basic dXNlcjpodW50ZXIy" in proxy.requests[1].head.split(b"\r\n")


def test_a_proxy_that_aiohttp_can_not_use(flavour: Flavour, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigurationError, match="unsupported proxy"):
        AiohttpTransport(proxy="socks5://user:hunter2@proxy.example.com")
    monkeypatch.setenv("HTTPS_PROXY", "socks5://proxy.example.com")
    error = flavour.client(base_url="https://v1.example.com").failure(cancel)
    assert type(error) is ConfigurationError
