"""Each extra works, in whatever version is installed: `make wheel-test` tries the oldest and the newest."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from portone_v1 import FULL, AsyncPortOne, PortOne
from portone_v1_sandbox import Sandbox, SandboxServer


@pytest.fixture
def served() -> Iterator[SandboxServer]:
    sandbox = Sandbox()
    for number in range(3):
        sandbox.pay(merchant_uid=f"order-{number}", amount=1000 + number)
    sandbox.clock.advance(minutes=1)  # what is just happening belongs to the next export
    with SandboxServer(sandbox) as running:
        yield running


def extra(module: str) -> ModuleType:
    """Return an extra, or skip the test if it is not installed, except if `make wheel-test` installed all of them."""
    if os.environ.get("PORTONE_V1_EXTRAS"):
        __import__(module)
        return sys.modules[module]
    found: ModuleType = pytest.importorskip(module)
    return found


def _command(server: SandboxServer, *arguments: str, cwd: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PORTONE_V1_")} | {
        "PORTONE_V1_BASE_URL": server.url,
        "PORTONE_V1_KEY": "sandbox_key",
        "PORTONE_V1_SECRET": "sandbox_secret",
        "HOME": str(cwd),
    }
    command = [sys.executable, "-m", "portone_v1_cli", *arguments]
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_command_line(served: SandboxServer, tmp_path: Path) -> None:
    extra("typer")
    assert _command(served, "--version", cwd=tmp_path).startswith("portone-v1 ")
    assert "order-2" in _command(served, "payments", "search", "paid", "-o", "csv", cwd=tmp_path)


def test_parquet(served: SandboxServer, tmp_path: Path) -> None:
    extra("typer")
    extra("pyarrow")
    _command(served, "export", "payments", "--from", "2020-01-01", "--out", "paid.parquet", cwd=tmp_path)
    import pyarrow.parquet  # type: ignore[import-untyped]

    table = pyarrow.parquet.read_table(tmp_path / "paid.parquet")
    assert sorted(table["merchant_uid"].to_pylist()) == ["order-0", "order-1", "order-2"]


def test_speed(served: SandboxServer) -> None:
    extra("msgspec")
    with PortOne(imp_key="sandbox_key", imp_secret="sandbox_secret", base_url=served.url) as client:
        assert {payment.amount for payment in client.payments.search("paid").items} == {1000, 1001, 1002}
    assert "portone_v1_runtime.strict_decode" in sys.modules


def test_aiohttp(served: SandboxServer) -> None:
    extra("aiohttp")
    from portone_v1.contrib.aiohttp import AiohttpTransport

    async def total() -> int | None:
        transport = AiohttpTransport()
        async with AsyncPortOne("sandbox_key", "sandbox_secret", base_url=served.url, transport=transport) as client:
            found = (await client.payments.search("paid")).total
        await transport.aclose()
        return found

    assert asyncio.run(total()) == 3


def test_redis() -> None:
    """No server is there, so the token is the process's own; tests/contrib has a server."""
    extra("redis")
    from portone_v1.contrib.redis import AsyncRedisTokenStore, RedisTokenStore

    sandbox = Sandbox()
    sandbox.pay(merchant_uid="order-1", amount=1000)
    store = RedisTokenStore("redis://127.0.0.1:9/0", imp_key="sandbox_key")
    with sandbox.client(token_store=store) as client:
        assert client.payments.find("order-1").amount == 1000
    assert AsyncRedisTokenStore("redis://127.0.0.1:9/0", imp_key="sandbox_key").key == store.key


def test_sqlalchemy(served: SandboxServer, tmp_path: Path) -> None:
    """The synchronous stores, in a process without greenlet: SQLAlchemy 2.1 no longer brings it."""
    alchemy = extra("sqlalchemy")
    from portone_v1.contrib.sqlalchemy import SQLAlchemyStore

    engine = alchemy.create_engine(f"sqlite:///{tmp_path / 'shop.db'}")
    SQLAlchemyStore.metadata.create_all(engine)
    with PortOne("sandbox_key", "sandbox_secret", base_url=served.url, intents=SQLAlchemyStore(engine)) as client:
        imp_uid = client.payments.find("order-0").imp_uid
        assert client.payments.cancel_once(imp_uid=imp_uid, amount=FULL).state == "refunded"
        assert client.intents.open() == []
    engine.dispose()
    code = "import sys; sys.modules['greenlet'] = None; from portone_v1.contrib.sqlalchemy import SqlInboxStore"
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)


def test_otel(served: SandboxServer) -> None:
    extra("opentelemetry.trace")
    from portone_v1.contrib.otel import OpenTelemetry

    hook = OpenTelemetry()
    with PortOne("sandbox_key", "sandbox_secret", base_url=served.url, on_event=hook) as client:
        assert client.payments.search("paid").total == 3


def test_pandas(served: SandboxServer) -> None:
    extra("pandas")
    with PortOne("sandbox_key", "sandbox_secret", base_url=served.url) as client:
        frame = client.payments.search("paid").to_pandas()
    assert {name: str(frame[name].dtype) for name in ("imp_uid", "amount", "paid_at", "status")} == {
        "imp_uid": "string",
        "amount": "Int64",
        "paid_at": "datetime64[us, Asia/Seoul]",
        "status": "category",
    }
    assert sorted(frame["amount"]) == [1000, 1001, 1002]


def test_polars(served: SandboxServer) -> None:
    polars = extra("polars")
    with PortOne("sandbox_key", "sandbox_secret", base_url=served.url) as client:
        frame = client.payments.search("paid").to_polars()
    assert frame.schema["paid_at"] == polars.Datetime("us", "Asia/Seoul")
    assert sorted(frame["amount"]) == [1000, 1001, 1002]
