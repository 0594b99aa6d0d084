"""The shared token, in a real Redis: shared, expired, refused, spoiled; and a Redis that is gone, mute or full."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from portone_v1 import AsyncPortOne, AsyncTokenStore, PortOne, TokenStore
from portone_v1.contrib.redis import AsyncRedisTokenStore, RedisTokenStore
from portone_v1.errors import ConfigurationError
from portone_v1_sandbox import Sandbox, SandboxClock, SandboxServer
from redis import Redis

PASSWORD = "correct-horse-7734"


class RedisServer:
    """A `redis-server` of our own, in a folder of its own."""

    def __init__(self, folder: Path, *options: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"redis://:{PASSWORD}@127.0.0.1:{self.port}/0"
        arguments = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(folder), "--requirepass", PASSWORD]
        arguments += ["--save", "", "--appendonly", "no", "--daemonize", "no", *options]
        self._process = subprocess.Popen(["redis-server", *arguments], stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if "Ready to accept connections" in line:
                return
        raise AssertionError("redis-server did not start")

    @contextmanager
    def talk(self) -> Iterator[Any]:
        with Redis.from_url(self.url, decode_responses=True) as client:
            yield client

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.communicate()


def _redis_server(folder: Path, *options: str) -> Iterator[RedisServer]:
    if shutil.which("redis-server") is None:
        reason = "there is no redis-server: apt-get install redis-server"
        if os.environ.get("PORTONE_V1_CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    server = RedisServer(folder, *options)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def shared_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    yield from _redis_server(tmp_path_factory.mktemp("redis"))


@pytest.fixture
def redis(shared_redis: RedisServer) -> RedisServer:
    with shared_redis.talk() as client:
        client.flushall()
    return shared_redis


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[RedisServer]:
    """Run a Redis server that the test may stop."""
    yield from _redis_server(tmp_path)


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(clock=SandboxClock(frozen=True))


class Time:
    """A clock of the store that only moves when it is told to."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def store(url: str, **options: Any) -> RedisTokenStore:
    return RedisTokenStore(url, imp_key="sandbox_key", **options)


def fetches(sandbox: Sandbox) -> int:
    return sum(exchange.operation == "auth_get_token" for exchange in sandbox.journal)


class Sync:
    def __init__(self, sandbox: Sandbox, url: str, **options: Any) -> None:
        self.store = store(url, **options)
        shared: TokenStore = self.store
        self.client: PortOne = sandbox.client(token_store=shared)

    def load(self) -> tuple[str, float] | None:
        return self.store.load()

    def save(self, token: str, seconds: float) -> None:
        self.store.save(token, seconds)

    def call(self) -> None:
        assert self.client.codes.list_banks()


class Async:
    """The same, each call in an event loop of its own."""

    def __init__(self, sandbox: Sandbox, url: str, **options: Any) -> None:
        self.store = AsyncRedisTokenStore(url, imp_key="sandbox_key", **options)
        shared: AsyncTokenStore = self.store
        self.client: AsyncPortOne = sandbox.async_client(token_store=shared)

    def load(self) -> tuple[str, float] | None:
        return asyncio.run(self.store.load())

    def save(self, token: str, seconds: float) -> None:
        asyncio.run(self.store.save(token, seconds))

    def call(self) -> None:
        async def call() -> None:
            assert await self.client.codes.list_banks()

        asyncio.run(call())


Server = Callable[..., Sync | Async]


@pytest.fixture(params=[Sync, Async], ids=["sync", "async"])
def server(request: pytest.FixtureRequest, sandbox: Sandbox) -> Server:
    """Return a function that makes a server of the fleet: a client with a store of its own."""
    return lambda url, **options: request.param(sandbox, url, **options)


def test_a_fleet_shares_one_token(server: Server, redis: RedisServer, sandbox: Sandbox) -> None:
    fleet = [server(redis.url) for _ in range(5)]
    for member in fleet:
        member.call()
    assert fetches(sandbox) == 1


def test_processes_share_one_token(redis: RedisServer) -> None:
    code = (
        "import os\n"
        "from portone_v1 import PortOne\n"
        "from portone_v1.contrib.redis import RedisTokenStore\n"
        "with PortOne(token_store=RedisTokenStore(os.environ['REDIS_URL'])) as client:\n"
        "    assert client.codes.list_banks()\n"
    )
    with SandboxServer() as v1:
        environment = {**os.environ, "REDIS_URL": redis.url, "PORTONE_V1_BASE_URL": v1.url}
        environment |= {"PORTONE_V1_KEY": "sandbox_key", "PORTONE_V1_SECRET": "sandbox_secret"}
        for _ in range(2):
            subprocess.run([sys.executable, "-W", "error", "-c", code], env=environment, timeout=60, check=True)
        assert fetches(v1.sandbox) == 1


def test_the_token_lies_there_for_as_long_as_it_lives(server: Server, redis: RedisServer) -> None:
    member = server(redis.url)
    member.call()
    with redis.talk() as client:
        [name] = client.keys("*")
        assert name == member.store.key
        assert 29 * 60 < client.ttl(name) <= 30 * 60
        assert client.get(name) == (member.load() or ("", 0))[0]
    assert "sandbox_key" not in name


def test_other_pairs_and_other_v1s_have_other_names() -> None:
    url = "redis://127.0.0.1:1"
    names = {
        RedisTokenStore(url, imp_key="one").key,
        RedisTokenStore(url, imp_key="two").key,
        RedisTokenStore(url, imp_key="one", base_url="http://127.0.0.1:8765").key,
        AsyncRedisTokenStore(url, imp_key="one", base_url="https://api.iamport.kr/").key,
    }
    assert len(names) == 3


def test_an_expired_token_is_replaced(server: Server, redis: RedisServer, sandbox: Sandbox) -> None:
    server(redis.url).call()
    with redis.talk() as client:
        old = client.get(server(redis.url).store.key)
        client.pexpire(server(redis.url).store.key, 20_000)  # less than the client wants to have left
        sandbox.clock.advance(minutes=31)
        server(redis.url).call()
        assert client.get(server(redis.url).store.key) != old
    assert fetches(sandbox) == 2


def test_a_refused_token_is_replaced_for_all(server: Server, redis: RedisServer, sandbox: Sandbox) -> None:
    fleet = [server(redis.url) for _ in range(3)]
    for member in fleet:
        member.call()
    sandbox.faults.expire_tokens()
    for member in fleet:
        member.call()
    assert fetches(sandbox) == 2


@pytest.mark.parametrize("kind", ["a list", "bytes", "no end", "too long", "two words", "empty"])
def test_wrong_data_under_the_name_is_repaired(server: Server, redis: RedisServer, sandbox: Sandbox, kind: str) -> None:
    member = server(redis.url)
    with redis.talk() as client:
        key = member.store.key
        if kind == "a list":
            client.rpush(key, "x")
        elif kind == "no end":
            client.set(key, "stolen")
        else:
            values = {"bytes": b"\xff\xfe", "too long": "x" * 100_000, "two words": "a b", "empty": ""}
            client.set(key, values[kind], ex=600)
        if kind not in ("bytes", "two words"):  # which the client itself takes for no token
            assert member.load() is None
        member.call()
        assert fetches(sandbox) == 1
        assert (member.load() or ("", 0.0))[0] == client.get(key)
        assert client.ttl(key) > 600


def test_a_redis_that_stops_costs_nothing_but_a_fetch(
    server: Server, own_redis: RedisServer, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    member = server(own_redis.url)
    member.call()
    own_redis.stop()
    sandbox.faults.expire_tokens()
    begun = time.monotonic()
    member.call()
    assert time.monotonic() - begun < 2
    assert fetches(sandbox) == 2
    [warning] = [record.getMessage() for record in caplog.records if record.name.startswith("portone_v1")]
    assert "ConnectionError" in warning


def test_a_redis_that_never_answers_is_waited_for_once_and_left_alone(server: Server, sandbox: Sandbox) -> None:
    clock = Time()
    with socket.create_server(("127.0.0.1", 0), backlog=16) as mute:
        member = server(f"redis://127.0.0.1:{mute.getsockname()[1]}", timeout=0.2, pause=10.0, now=clock)
        begun = time.monotonic()
        member.call()
        for _ in range(50):
            assert member.load() is None
            member.save("token", 60.0)
        assert 0.15 < time.monotonic() - begun < 2
        assert _callers(mute) == 1
        clock.seconds += 10.5
        begun = time.monotonic()
        assert member.load() is None
        assert time.monotonic() - begun > 0.15  # it is asked again
    assert fetches(sandbox) == 1


def _callers(listener: socket.socket) -> int:
    """Return how many clients have connected so far."""
    listener.setblocking(False)
    found = 0
    with suppress(BlockingIOError):
        while True:
            listener.accept()[0].close()
            found += 1
    return found


def test_a_redis_that_comes_back_is_used_again(server: Server, redis: RedisServer, tmp_path: Path) -> None:
    clock = Time()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    member = server(redis.url.replace(f":{redis.port}", f":{port}"), now=clock)
    member.save("token", 60.0)
    for _ in _redis_server(tmp_path, "--port", str(port)):
        member.save("token", 60.0)
        assert member.load() is None  # still left alone
        clock.seconds += 10.5
        member.save("token", 60.0)
        found = member.load()
        assert found is not None
        assert (found[0], 59 < found[1] <= 60) == ("token", True)


def test_a_redis_that_takes_its_time_is_left_alone_as_well(server: Server, redis: RedisServer) -> None:
    readings = iter([0.0, 0.0, 5.0, 5.0])  # resting?, begun, ended, rests until
    member = server(redis.url, timeout=0.5, now=lambda: next(readings, 6.0))
    member.save("token", 60.0)
    assert member.load() is None


def test_a_full_redis_is_no_failure(
    server: Server, own_redis: RedisServer, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    with own_redis.talk() as client:
        client.config_set("maxmemory", "1")
    member = server(own_redis.url)
    member.call()
    assert fetches(sandbox) == 1
    assert [record.getMessage().split(" (")[0] for record in caplog.records] == ["Redis rejected the request"]


def test_no_password_and_no_token_in_a_log_a_repr_or_an_error(
    server: Server, own_redis: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    member = server(own_redis.url)
    member.save("token-8841", 60.0)
    wrong = server(own_redis.url.replace(PASSWORD, f"{PASSWORD}-wrong"))
    wrong.save("token-8841", 60.0)
    assert wrong.load() is None
    own_redis.stop()
    assert member.load() is None
    shown = caplog.text + repr(member.store) + repr(wrong.store)
    assert PASSWORD not in shown
    assert "token-8841" not in shown


@pytest.mark.parametrize("url", [f"http://:{PASSWORD}@host", f"redis://host:{PASSWORD}", PASSWORD, ""])
def test_a_url_that_is_none_is_refused_without_being_shown(url: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        store(url)
    assert PASSWORD not in str(caught.value)
    assert caught.value.__context__ is None


def test_settings_that_are_missing_or_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PORTONE_V1_KEY", raising=False)
    with pytest.raises(ConfigurationError, match="imp_key is required"):
        RedisTokenStore("redis://127.0.0.1")
    with pytest.raises(ConfigurationError, match="timeout"):
        store("redis://127.0.0.1", timeout=0)
