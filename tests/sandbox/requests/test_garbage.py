"""Broken HTTP and odd bodies over a socket: one clear line in answer, and a server that goes on."""

from __future__ import annotations

import errno
import json
import logging
import socket
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from portone_v1_sandbox import Sandbox, SandboxServer
from portone_v1_sandbox.transports import uvicorn
from portone_v1_sandbox.transports.connections import Connection, gathering
from uvicorn.protocols.http.h11_impl import H11Protocol

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
HOST = b"|Host: 127.0.0.1|Connection: close"
LOGIN = b"POST /users/getToken HTTP/1.1" + HOST
DIGITS = "9" * 5000
ENOUGH = {errno.ECONNRESET, errno.EPIPE, errno.ENOTCONN}
"""The server closed the connection: it has read enough."""
BROKEN = [
    b"\r\n\r\n\r\n",
    bytes(range(256)) * 4,
    b"\x16\x03\x01\x00\xc8" + b"\0" * 200,
    b"PRI * HTTP/2.0||SM||",
    b"GET / HTTP/9.9" + HOST,
    b"FOO /payments/x HTTP/1.1" + HOST,
    b"CONNECT 192.0.2.1:443 HTTP/1.1" + HOST,
    b"OPTIONS * HTTP/1.1" + HOST,
    b"GET payments HTTP/1.1" + HOST,
    b"GET /a\0b HTTP/1.1" + HOST,
    b"GET /\xff\xfe HTTP/1.1" + HOST,
    b"GET /payments/%ZZ HTTP/1.1" + HOST,
    b"GET /" + b"a" * 100_000 + b" HTTP/1.1" + HOST,
    b"GET / HTTP/1.1" + HOST + b"".join(b"|X-%d: y" % number for number in range(3000)),
    b"GET / HTTP/1.1" + HOST + b"|X: " + b"y" * 200_000,
    b"GET / HTTP/1.1" + HOST + b"|no colon",
    b"GET / HTTP/1.1" + HOST + b"|X: a\0b",
    b"GET / HTTP/1.1" + HOST + b"|X: \xed\x95\x9c",
    b"GET / HTTP/1.1|Host: [::1|Connection: close",
    b"GET / HTTP/1.1|Host:|Connection: close",
    b"GET / HTTP/1.1" + HOST + b"|Origin: http://[",
    b"POST /_sandbox/reset HTTP/1.1" + HOST + b"|Origin: http://[|Content-Length: 0",
    b"POST /payments/cancel HTTP/1.1" + HOST + b"|Origin: http://[|Content-Length: 0",
    b"GET /_sandbox/ledger HTTP/1.1" + HOST + b"|X-Sandbox: \xff\xfe",
    b"GET /_sandbox/ledger HTTP/1.1" + HOST + b"|X-Sandbox: ../../x",
    b"GET /payments/imp_1 HTTP/1.1" + HOST + b"|Authorization: \xff|Tier: \xff",
    LOGIN + b"|Content-Length: -1",
    LOGIN + b"|Content-Length: many",
    LOGIN + b"|Content-Length: " + b"9" * 40,
    LOGIN + b"|Content-Length: 1|Content-Length: 2||{}",
    LOGIN + b"|Content-Length: 300||{}",
    LOGIN + b"|Content-Length: 1||{}{}",
    LOGIN + b"|Content-Length: 3|Transfer-Encoding: chunked||2|{}|0||",
    LOGIN + b"|Transfer-Encoding: gzip||x",
    LOGIN + b"|Transfer-Encoding: chunked||ZZ|ab|0||",
    LOGIN + b"|Transfer-Encoding: chunked||FFFFFFFFFFFFFFFFFF|ab",
]
PATHS = [
    "/users/getToken",
    "/payments/cancel",
    "/subscribe/payments/onetime",
    "/certifications/otp/request",
    "/_sandbox/payments",
    "/_sandbox/clock",
    "/_sandbox/settings",
    "/_sandbox/faults",
    "/_sandbox/seed",
    "/_sandbox/shops/delete",
    "/_sandbox/snapshots",
    "/_sandbox/scenarios",
    "/_sandbox/webhooks/settings",
    "/_sandbox/channels/adopt",
    "/_sandbox/naver/orders",
    "/_sandbox/inicis/events",
    "/_sandbox/web/windows",
]
NAMES = [
    "imp_uid",
    "merchant_uid",
    "amount",
    "name",
    "prefix",
    "kind",
    "count",
    "url",
    "repeats",
    "channels",
    "tiers",
    "pg",
    "key",
    "payments",
    "frozen",
    "advance",
    "date",
    "rate",
    "number",
    "event",
    "products",
    "webhook_hosts",
    "imp_key",
]
ODD: list[tuple[str, bytes]] = [
    (FORM, f"a[{DIGITS}]=1&a[]=2".encode()),
    (FORM, f"imp_uid[{DIGITS}]=1".encode()),
    (FORM, b"a" + b"[b]" * 50 + b"=1"),
    (FORM, b"&".join(b"a%d=1" % number for number in range(1001))),
    (FORM, b"imp_uid=1&imp_uid[a]=2&imp_uid[]=3&amount[]=1"),
    (FORM, b"imp_uid=%ff%fe&name=%ed%a0%80"),
    (FORM, b"merchant_uid=a%00b&amount=1&name=%00"),
    (FORM, b"\xff\xfe"),
    (JSON, b"[" * 100_000),
    (JSON, b'{"a":' * 3000 + b"1" + b"}" * 3000),
    (JSON, b"[1]"),
    (JSON, b"null"),
    (JSON, b'{"\\ud800":1}'),
    (JSON, json.dumps({"merchant_uid": "\u202e\u2066x", "name": "\u202eabc", "amount": 10}).encode()),
    *(
        (JSON, b"{" + b",".join(b'"%s":%s' % (name.encode(), value) for name in NAMES) + b"}")
        for value in (
            b"NaN",
            b"Infinity",
            b"1e400",
            b"1e-400",
            b"9" * 4000,
            b"9" * 18,
            b"-1",
            b"[]",
            b"[null]",
            b'{"a":[null]}',
            b"true",
            b'"\\ud800"',
        )
    ),
    ("application/xml", b"<a/>"),
    ("multipart/form-data; boundary=x", b"--x--"),
    ("/;;", b"a=1"),
    (JSON, '{"a":1}'.encode("utf-16")),
]


@pytest.fixture(scope="module", params=[Connection, gathering(H11Protocol)], ids=["httptools", "h11"])
def server(request: pytest.FixtureRequest) -> Iterator[SandboxServer]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(uvicorn, "Connection", request.param)
        with SandboxServer(Sandbox()) as running:
            yield running


@pytest.fixture(autouse=True)
def no_errors(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    with caplog.at_level(logging.ERROR):
        yield
    assert [record.getMessage() for record in caplog.records] == []


def answer(server: SandboxServer, data: bytes, *, ends: bool = True) -> bytes:
    """Send exactly this. The answer is empty for a connection that was closed without one."""
    got = b""
    with socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2])), timeout=20) as wire:
        try:
            wire.sendall(data)
            if ends:
                wire.shutdown(socket.SHUT_WR)
            while part := wire.recv(65536):
                got += part
        except OSError as error:
            if error.errno not in ENOUGH:
                raise
    return got


def check(server: SandboxServer, got: bytes) -> None:
    if got:
        status = int(got.split(b" ", 2)[1])
        assert 100 <= status < 500, got[-300:]
    assert b"200 OK" in answer(server, wire(b"GET /_sandbox/health HTTP/1.1" + HOST), ends=False)


def wire(text: bytes) -> bytes:
    return text.replace(b"|", b"\r\n") + b"\r\n\r\n"


@pytest.mark.parametrize("request_", BROKEN, ids=range(len(BROKEN)))
def test_broken_requests(server: SandboxServer, request_: bytes) -> None:
    check(server, answer(server, wire(request_)))


@pytest.mark.parametrize(("kind", "body"), ODD, ids=range(len(ODD)))
def test_odd_bodies_everywhere(server: SandboxServer, kind: str, body: bytes) -> None:
    for path in PATHS:
        head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: {kind}\r\n"
        got = answer(server, head.encode() + b"Content-Length: %d\r\n\r\n" % len(body) + body, ends=False)
        assert got, path
        content = got.partition(b"\r\n\r\n")[2]
        assert list(json.loads(content))[:3] == ["code", "message", "response"]
        check(server, got)


MARKS = [
    b"\r\n",
    b"\n",
    b"\r",
    b" ",
    b":",
    b"\0",
    b"\xff",
    b"|",
    b"0",
    b"Content-Length: 5\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Upgrade: h2c\r\n",
    b"Expect: 100-continue\r\n",
    b"Host: evil.test\r\n",
    b"%",
    b"//",
    b"?",
    b"#",
    b"{",
    b"[",
]
SOUND = (
    b"POST /subscribe/payments/onetime HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    b'Content-Length: 49\r\nConnection: close\r\n\r\n{"merchant_uid":"order-1","amount":1000,"name":""}'
)


@settings(
    max_examples=60,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    edits=st.lists(
        st.tuples(st.integers(0, len(SOUND)), st.integers(0, 12), st.sampled_from(MARKS) | st.binary(max_size=4)),
        min_size=1,
        max_size=4,
    )
)
def test_a_sound_request_in_pieces(server: SandboxServer, edits: list[tuple[int, int, bytes]]) -> None:
    data = SOUND
    for place, cut, put in edits:
        data = data[:place] + put + data[place + cut :]
    check(server, answer(server, data))
