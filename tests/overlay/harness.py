"""One test for both flavours, and a V1 that plays what it is told."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import httpx
import pytest
from portone_v1 import AsyncPortOne, PortOne

__all__ = [
    "KEY",
    "SECRET",
    "AiohttpFlavour",
    "Answer",
    "Ask",
    "AsyncFlavour",
    "Client",
    "Clock",
    "Flavour",
    "Recorded",
    "ScriptedV1",
    "SyncFlavour",
    "envelope",
    "flavours",
    "payment",
    "refused",
    "token",
]

KEY = "test-key-0123456789"
SECRET = "test-secret-0123456789"


class Answer(NamedTuple):
    status: int
    body: bytes
    headers: Mapping[str, str] = {}


def envelope(response: Any, *, code: Any = 0, message: Any = None, status: int = 200, **headers: str) -> Answer:
    body = json.dumps({"code": code, "message": message, "response": response}).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, body, {"content-type": "application/json; charset=UTF-8", **named})


def payment(**fields: Any) -> Answer:
    shown = {"imp_uid": "imp_1", "merchant_uid": "order-1", "amount": 12000, "cancel_amount": 0, "status": "paid"}
    return envelope({**shown, **fields})


def refused(message: str = "취소할 결제건이 존재하지 않습니다.", *, code: int = 1, status: int = 200) -> Answer:
    return envelope(None, code=code, message=message, status=status)


def token(value: str = "token-1", *, now: Any = 1_700_000_000, lifetime: Any = 1800) -> Answer:
    return envelope({"access_token": value, "now": now, "expired_at": now + lifetime})


class Recorded(NamedTuple):
    method: str
    target: str
    headers: httpx.Headers
    content: bytes
    timeout: Mapping[str, float | None]

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> list[tuple[str, str]]:
        return parse_qsl(self.target.partition("?")[2], keep_blank_values=True)

    @property
    def body(self) -> Any:
        return json.loads(self.content)

    @property
    def token(self) -> str | None:
        value: str | None = self.headers.get("authorization")
        return value


Played = Answer | BaseException | Callable[[Recorded], Answer]


class ScriptedV1(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Plays answers and failures in order, then the last default for ever. Records every request."""

    def __init__(self) -> None:
        self.requests: list[Recorded] = []
        self.closed = 0
        self.default: Played = payment()
        self.default_token: Played = token()
        self._script: list[Played] = []
        self._token_script: list[Played] = []
        self._lock = threading.Lock()
        self.before: Callable[[Recorded], None] | None = None
        self.before_async: Callable[[Recorded], Any] | None = None

    def play(self, *script: Played) -> None:
        self._script += script

    def play_token(self, *script: Played) -> None:
        self._token_script += script

    @property
    def calls(self) -> list[Recorded]:
        return [request for request in self.requests if request.path != "/users/getToken"]

    @property
    def token_calls(self) -> list[Recorded]:
        return [request for request in self.requests if request.path == "/users/getToken"]

    def _record(self, request: httpx.Request) -> Recorded:
        recorded = Recorded(
            request.method,
            request.url.raw_path.decode("ascii"),
            request.headers,
            request.content,
            request.extensions["timeout"],
        )
        with self._lock:
            self.requests.append(recorded)
        return recorded

    def _answer(self, recorded: Recorded) -> httpx.Response:
        for_token = recorded.path == "/users/getToken"
        with self._lock:
            script = self._token_script if for_token else self._script
            played = script.pop(0) if script else self.default_token if for_token else self.default
        if isinstance(played, BaseException):
            raise played
        answer = played if isinstance(played, Answer) else played(recorded)
        return httpx.Response(answer.status, headers=answer.headers, content=answer.body)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        recorded = self._record(request)
        if self.before is not None:
            self.before(recorded)
        return self._answer(recorded)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        recorded = self._record(request)
        await asyncio.sleep(0)
        if self.before_async is not None:
            await self.before_async(recorded)
        return self._answer(recorded)

    def close(self) -> None:
        self.closed += 1

    async def aclose(self) -> None:
        self.closed += 1


class Clock:
    """A monotonic clock that a test moves."""

    def __init__(self) -> None:
        self.time = 5_000.0

    def __call__(self) -> float:
        return self.time

    def advance(self, seconds: float) -> None:
        self.time += seconds


Ask = Callable[..., Any]


class Client:
    """A client of either flavour: `client.call(lambda c: c.payments.get("imp_1"))`."""

    def __init__(self, flavour: Flavour, raw: Any) -> None:
        self.flavour = flavour
        self.raw = raw

    def call(self, ask: Ask) -> Any:
        return self.flavour.run(lambda: ask(self.raw))

    def failure(self, ask: Ask) -> Any:
        """Return the exception that the call raises."""
        try:
            answer = self.call(ask)
        except Exception as error:
            return error
        raise AssertionError(f"it did not fail: {answer!r}")

    def at_once(self, ask: Ask, count: int) -> list[Any]:
        """Return the answers or exceptions of that many simultaneous calls."""
        return self.flavour.run_at_once([lambda: ask(self.raw)] * count)

    def with_options(self, **options: Any) -> Client:
        return Client(self.flavour, self.raw.with_options(**options))

    def use_clock(self, clock: Clock) -> None:
        self.raw._engine.tokens._now = clock

    def close(self) -> None:
        self.flavour.close(self.raw)


class Flavour:
    name: str
    kind: type[Any]
    http_client_kind: type[Any]
    transport_kind: type[Any]

    def __init__(self) -> None:
        self._clients: list[Client] = []
        self._http_clients: list[Any] = []

    def client(self, v1: Any = None, **options: Any) -> Client:
        given = {"imp_key": KEY, "imp_secret": SECRET, **options}
        if v1 is not None:
            given["transport"] = v1
        client = Client(self, self.kind(**given))
        self._clients.append(client)
        return client

    def http_client(self, **options: Any) -> Any:
        client = self.http_client_kind(**options)
        self._http_clients.append(client)
        return client

    def close(self, client: Any) -> None:
        """Close the client, with all the connections that were opened for it."""
        raise NotImplementedError

    def tls_context(self, client: Client) -> Any:
        raise NotImplementedError

    def run(self, work: Callable[[], Any]) -> Any:
        raise NotImplementedError

    def run_at_once(self, works: Iterable[Callable[[], Any]]) -> list[Any]:
        raise NotImplementedError

    def finish(self) -> None:
        for client in self._clients:
            client.close()
        for http_client in self._http_clients:
            self.run(http_client.close if self.name == "sync" else http_client.aclose)


class SyncFlavour(Flavour):
    name = "sync"
    kind = PortOne
    http_client_kind = httpx.Client
    transport_kind = httpx.BaseTransport

    def close(self, client: Any) -> None:
        client.close()

    def tls_context(self, client: Client) -> Any:
        return client.raw._session._transport.connector.tls_context()

    def run(self, work: Callable[[], Any]) -> Any:
        return work()

    def run_at_once(self, works: Iterable[Callable[[], Any]]) -> list[Any]:
        started = list(works)
        together = threading.Barrier(len(started))

        def one(work: Callable[[], Any]) -> Any:
            together.wait(30)
            try:
                return work()
            except Exception as error:
                return error

        with ThreadPoolExecutor(len(started)) as pool:
            return list(pool.map(one, started))


class AsyncFlavour(Flavour):
    name = "async"
    kind = AsyncPortOne
    http_client_kind = httpx.AsyncClient
    transport_kind = httpx.AsyncBaseTransport

    def __init__(self) -> None:
        super().__init__()
        self._runner = asyncio.Runner()

    def close(self, client: Any) -> None:
        self.run(client.aclose)

    def tls_context(self, client: Client) -> Any:
        return client.raw._session._transport.connector.tls_context()

    def run(self, work: Callable[[], Any]) -> Any:
        async def awaited() -> Any:
            return await work()

        return self._runner.run(awaited())

    def run_at_once(self, works: Iterable[Callable[[], Any]]) -> list[Any]:
        async def all_of_them() -> list[Any]:
            return await asyncio.gather(*(work() for work in works), return_exceptions=True)

        return self._runner.run(all_of_them())

    def finish(self) -> None:
        super().finish()
        self._runner.close()


class AiohttpFlavour(AsyncFlavour):
    """The way out over aiohttp, for clients that are given no other."""

    def client(self, v1: Any = None, **options: Any) -> Client:
        if v1 is None and not {"transport", "http_client"} & options.keys():
            own = {name: options.pop(name) for name in ("ca_file", "client_cert", "proxy") if name in options}
            options["transport"] = self._transport(**own)
        return super().client(v1, **options)

    def http_client(self, **options: Any) -> Any:
        return super().http_client(**{"transport": self._transport(), **options})

    def _transport(self, **options: Any) -> Any:
        from portone_v1.contrib.aiohttp import AiohttpTransport

        return AiohttpTransport(**options)

    def tls_context(self, client: Client) -> Any:
        return client.raw._session._transport._transport._context

    def close(self, client: Any) -> None:
        super().close(client)
        transport = getattr(client._session._transport, "_transport", None)
        if transport is not None:
            self.run(transport.aclose)


NAMES = {SyncFlavour: "sync", AsyncFlavour: "async", AiohttpFlavour: "aiohttp"}


def flavours(*kinds: type[Flavour]) -> Any:
    """Return a fixture that runs a test with each flavour. The third one is for suites about real sockets."""

    @pytest.fixture(params=kinds, ids=NAMES.get, name="flavour")
    def flavour(request: pytest.FixtureRequest) -> Iterator[Flavour]:
        if request.param is AiohttpFlavour:
            pytest.importorskip("aiohttp", reason="the way out over aiohttp is an extra")
        made: Flavour = request.param()
        yield made
        made.finish()

    return flavour
