"""What comes over a connection, and when: every request arrives once, and is answered by its own answer or by none."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import socket
import ssl
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from portone_v1 import NoAnswerError, OutcomeUnknownError, Timeout

from tests.authority import certified
from tests.overlay.harness import AiohttpFlavour, AsyncFlavour, Flavour, SyncFlavour, flavours
from tests.overlay.raw_server import RESET, RawRequest, RawServer, http_answer, payment_answer

flavour = flavours(SyncFlavour, AsyncFlavour, AiohttpFlavour)
SECRET = "inicis-secret-key"
WRITES: dict[str, Callable[[Any], Any]] = {
    "POST": lambda c: c.payments.cancel(imp_uid="imp_1", amount=5),
    "PUT": lambda c: c.prepare.update(merchant_uid="order-1", amount=5),
    "DELETE": lambda c: c.vbanks.revoke("imp_1", pg_api_key=SECRET),
}


def body(uid: str) -> bytes:
    payment = {"imp_uid": uid, "merchant_uid": "order-1", "amount": 1000, "status": "paid"}
    return json.dumps({"code": 0, "message": None, "response": payment}).encode()


def paid(request: RawRequest) -> bytes:
    """Answer with the requested payment."""
    return http_answer(body(request.target.rpartition("/")[2]))


def answering(odd: Callable[[RawRequest], bytes | list[bytes] | None], about: str = "imp_odd") -> Any:
    def respond(request: RawRequest) -> bytes | list[bytes] | None:
        if request.target == "/users/getToken":
            return payment_answer(request)
        return (
            paid(request)
            if request.target.startswith("/payments/imp_") and about not in request.target
            else odd(request)
        )

    return respond


def got(client: Any, uid: str) -> str:
    answer: str = client.call(lambda c: c.payments.get(uid)).imp_uid
    return answer


def turn_the_loop(flavour: Flavour) -> None:
    async def turn() -> None:
        for _ in range(5):
            await asyncio.sleep(0)

    if not isinstance(flavour, SyncFlavour):
        flavour.run(turn)


@pytest.mark.parametrize("method", WRITES)
@pytest.mark.parametrize("end", [None, [RESET]], ids=["closed", "reset"])
def test_a_write_on_a_kept_connection_arrives_once(flavour: Flavour, method: str, end: list[bytes] | None) -> None:
    with RawServer(answering(lambda _: end)) as server:
        client = flavour.client(base_url=server.url)
        assert got(client, "imp_1") == "imp_1"
        error = client.failure(WRITES[method])
        client.close()
    assert type(error) is OutcomeUnknownError
    arrived = [request.head.partition(b" ")[0].decode() for request in server.requests]
    assert arrived == ["POST", "GET", method]
    assert server.connections == 1


STRAY = {
    "another answer": http_answer(body("imp_stray")),
    "half a head": b"HTTP/1.1 200 OK\r\nContent-Le",
    "half a body": http_answer(body("imp_stray"))[:-5],
    "a line end": b"\r\n",
    "no HTTP": b"<html>",
}


@pytest.mark.parametrize("stray", STRAY.values(), ids=STRAY)
@pytest.mark.parametrize("fetched", [False, True], ids=["not yet fetched", "fetched"])
def test_bytes_without_a_request_are_not_a_response(flavour: Flavour, stray: bytes, fetched: bool) -> None:
    with RawServer(answering(paid)) as server:
        client = flavour.client(base_url=server.url)
        assert got(client, "imp_1") == "imp_1"
        server.push(stray)
        if fetched:
            turn_the_loop(flavour)
        assert got(client, "imp_2") == "imp_2"
        assert got(client, "imp_3") == "imp_3"
        client.close()
    assert [request.connection for request in server.requests] == [1, 1, 2, 2]


@pytest.mark.parametrize("stray", STRAY.values(), ids=STRAY)
def test_what_comes_with_an_answer_is_not_the_next_one(flavour: Flavour, stray: bytes) -> None:
    with RawServer(answering(lambda request: paid(request) + stray)) as server:
        client = flavour.client(base_url=server.url, max_retries=0)
        results = [client.flavour.run_at_once([lambda: client.raw.payments.get("imp_odd")])[0] for _ in range(3)]
        assert got(client, "imp_2") == "imp_2"
        client.close()
    for answer in results:  # aiohttp's parser gives an answer up that bytes follow which begin no other
        assert type(answer) is NoAnswerError if isinstance(answer, Exception) else answer.imp_uid == "imp_odd"
    used = [request.connection for request in server.requests[1:]]
    assert used == [1, 1, 1, 1] if stray == b"\r\n" and len(set(used)) == 1 else used == [1, 2, 3, 4]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, Path]:
    return certified(tmp_path_factory.mktemp("authority"), "127.0.0.1")


@pytest.mark.skipif(not hasattr(socket, "TCP_CORK"), reason="this system cannot hold a segment back")
@pytest.mark.parametrize("stray", STRAY.values(), ids=STRAY)
def test_a_record_of_tls_that_comes_with_an_answer(
    flavour: Flavour, authority: tuple[ssl.SSLContext, Path], stray: bytes
) -> None:
    """The answer's own record is whole: what follows it lies unread where only the TLS layer knows of it."""
    context, file = authority
    with RawServer(answering(lambda request: [paid(request), stray]), context=context, cork=True) as server:
        client = flavour.client(base_url=server.url, ca_file=file, max_retries=0)
        for _ in range(3):
            [answer] = flavour.run_at_once([lambda: client.raw.payments.get("imp_odd")])
            assert type(answer) is NoAnswerError if isinstance(answer, Exception) else answer.imp_uid == "imp_odd"
            assert got(client, "imp_2") == "imp_2"
        client.close()


def test_a_connection_over_tls_is_kept(flavour: Flavour, authority: tuple[ssl.SSLContext, Path]) -> None:
    context, file = authority
    with RawServer(answering(paid), context=context) as server:
        client = flavour.client(base_url=server.url, ca_file=file)
        assert [got(client, f"imp_{number}") for number in range(4)] == [f"imp_{number}" for number in range(4)]
        client.close()
    assert server.connections == 1


def chunked(content: bytes, size: int) -> list[bytes]:
    parts = [content[at : at + size] for at in range(0, len(content), size)]
    chunks = [b"%x\r\n%s\r\n" % (len(part), part) for part in [*parts, b""]]
    return [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", *chunks]


BODY = body("imp_odd")
MUCH = b" " * 400_000
"""More than is read at once: what follows it comes when the head is known."""
ODD: dict[str, bytes | list[bytes]] = {
    "in single bytes": [bytes([byte]) for byte in http_answer(BODY)],
    "chunked": b"".join(chunked(BODY, 20)),
    "chunked in pieces": chunked(BODY, 20),
    "100 before it": b"HTTP/1.1 100 Continue\r\n\r\n" + http_answer(BODY),
    "103 before it": [b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", http_answer(BODY)],
    "a long header": http_answer(BODY, "200 OK", f"X-Long: {'x' * 20_000}"),
    "packed": http_answer(gzip.compress(BODY), "200 OK", "Content-Encoding: gzip"),
    "with cookies": http_answer(BODY, "200 OK", "Set-Cookie: a=b", 'Set-Cookie: "=;{secret}'),
    "HTTP/1.0": http_answer(BODY).replace(b"HTTP/1.1", b"HTTP/1.0"),
    "until it closes": b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + BODY,
}


@pytest.mark.parametrize("odd", ODD)
def test_odd_answers_are_answers(flavour: Flavour, odd: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with RawServer(answering(lambda _: ODD[odd])) as server:
        client = flavour.client(base_url=server.url, max_retries=0)
        for _ in range(2):
            assert got(client, "imp_odd") == "imp_odd"
            assert got(client, "imp_2") == "imp_2"
        client.close()
    if "chunked" in odd:
        assert server.connections == 1
    assert not any(b"cookie" in request.head.lower() for request in server.requests)
    assert not any("secret" in record.getMessage() for record in caplog.records if record.levelno > logging.DEBUG)


NONE: dict[str, tuple[bytes | list[bytes], int | None]] = {
    "no HTTP": (b"<html>canary</html>\r\n\r\n", None),
    "no status": (b"HTTP/1.1 canary\r\n\r\n", None),
    "half a head": ([b"HTTP/1.1 200 OK\r\nContent-Le", RESET], None),
    "a header without an end": ([b"HTTP/1.1 200 OK\r\nX: " + b"canary" * 50_000, RESET], None),
    "reset in the body": ([http_answer(BODY)[:-5], RESET], 200),
    "reset in a chunk": ([*chunked(BODY, 20)[:-2], RESET], 200),
    "a bad chunk": (b"".join(chunked(MUCH, len(MUCH))[:2]) + b"canary\r\n", 200),
    "not packed": (http_answer(b"canary", "200 OK", "Content-Encoding: gzip"), 200),
}


@pytest.mark.parametrize("method", WRITES)
@pytest.mark.parametrize("none", NONE)
def test_what_is_no_answer(flavour: Flavour, none: str, method: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    answer, status = NONE[none]
    with RawServer(answering(lambda _: answer)) as server:
        client = flavour.client(base_url=server.url)
        assert got(client, "imp_1") == "imp_1"
        error = client.failure(WRITES[method])
        assert got(client, "imp_2") == "imp_2"
        client.close()
    assert type(error) is OutcomeUnknownError
    assert error.status == status
    assert len(server.requests) == 4
    assert "canary" not in "".join(traceback.format_exception(error))
    seen: list[BaseException | None] = [error]
    while (link := seen.pop()) is not None:
        assert SECRET not in f"{link!r} {link!s}"
        seen += [link.__context__, link.__cause__] if link.__cause__ is not link.__context__ else [link.__cause__]
    assert SECRET not in caplog.text


def test_a_late_response_is_discarded(flavour: Flavour) -> None:
    go_on = threading.Event()

    def late(request: RawRequest) -> bytes:
        assert go_on.wait(20)
        return paid(request)

    with RawServer(answering(late)) as server:
        client = flavour.client(base_url=server.url, max_retries=0)
        assert got(client, "imp_1") == "imp_1"
        error = client.failure(lambda c: c.payments.get("imp_odd", timeout=0.05))
        go_on.set()
        assert got(client, "imp_2") == "imp_2"
        client.close()
    assert type(error) is NoAnswerError
    assert "ReadTimeout" in str(error)


@pytest.mark.parametrize("part", [10, 400_000])
def test_a_body_that_does_not_go_on_runs_into_the_timeout(flavour: Flavour, part: int) -> None:
    with RawServer(answering(lambda _: http_answer(b" " * part, length=part * 2))) as server:
        client = flavour.client(base_url=server.url)
        error = client.failure(lambda c: c.payments.cancel(imp_uid="imp_1", amount=5, timeout=0.1))
        client.close()
    assert (type(error), error.status) == (OutcomeUnknownError, 200)
    assert "ReadTimeout" in str(error)


class Store:
    """A token that is there already: nothing goes out for it."""

    def load(self) -> tuple[str, float]:
        return "token-1", 1000.0

    def save(self, token: str, seconds: float) -> None:
        raise NotImplementedError


class AsyncStore:
    async def load(self) -> tuple[str, float]:
        return "token-1", 1000.0

    async def save(self, token: str, seconds: float) -> None:
        raise NotImplementedError


def test_a_write_that_the_server_never_reads_ends(flavour: Flavour) -> None:
    store = Store() if isinstance(flavour, SyncFlavour) else AsyncStore()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        timeout = Timeout(connect=10, read=10, write=0.1, pool=10)
        client = flavour.client(base_url=url, token_store=store, timeout=timeout)
        much = {"x": "x" * 20_000_000}
        error = client.failure(lambda c: c.payments.cancel(imp_uid="imp_1", amount=5, extra_body=much))
        client.close()
    assert type(error) is OutcomeUnknownError
    assert "WriteTimeout" in str(error)


def test_a_large_request_goes_through(flavour: Flavour) -> None:
    with RawServer(answering(lambda _: http_answer(body("imp_1")))) as server:
        client = flavour.client(base_url=server.url)
        much = {"x": "x" * 3_000_000}
        assert client.call(lambda c: c.payments.cancel(imp_uid="imp_1", amount=5, extra_body=much)).imp_uid == "imp_1"
        client.close()
    assert json.loads(server.requests[1].body) == {"imp_uid": "imp_1", "amount": 5, **much}
