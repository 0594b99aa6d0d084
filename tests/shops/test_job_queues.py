"""Celery, arq and APScheduler over a worker that is killed with SIGKILL while its charge is being answered."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from portone_v1 import PortOne
from portone_v1.intents import Intent, SQLiteStore
from portone_v1_sandbox import TEST_CARDS, SandboxServer

from tests.contrib.test_redis import RedisServer, _redis_server

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[RedisServer]:
    yield from _redis_server(tmp_path)


@pytest.fixture
def server() -> Iterator[SandboxServer]:
    with SandboxServer() as running:
        with running.sandbox.client() as client:
            client.billing_keys.issue(
                "customer-1", card_number=TEST_CARDS["ordinary"].number, expiry="2031-03", birth="880101"
            )
        yield running


@pytest.fixture
def start(server: SandboxServer, tmp_path: Path) -> Iterator[Start]:
    """Return a function that starts a process of the shop, in a group of its own that can be killed as a whole."""
    running: list[subprocess.Popen[bytes]] = []
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PORTONE_V1_")}
    environment = kept | {
        "PORTONE_V1_BASE_URL": server.url,
        "PORTONE_V1_KEY": "sandbox_key",
        "PORTONE_V1_SECRET": "sandbox_secret",
        "PORTONE_V1_INTENTS": str(tmp_path / "intents.sqlite3"),
        "SHOP_FOLDER": str(tmp_path),
        "SHOP_SETTLE_EVERY": "0.3",
    }

    def begin(*arguments: str, **more: str) -> subprocess.Popen[bytes]:
        log = (tmp_path / "log.txt").open("ab")
        with log:
            child = subprocess.Popen(
                [sys.executable, "-m", *arguments],
                cwd=ROOT,
                env=environment | more,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        running.append(child)
        return child

    yield begin
    for child in running:
        kill(child)


def kill(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def until(what: Callable[[], Any], tmp_path: Path) -> Any:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := what():
            return found
        time.sleep(0.05)
    raise AssertionError((tmp_path / "log.txt").read_text("utf-8", "replace")[-3000:])


def killed_while_charging(server: SandboxServer, tmp_path: Path, child: subprocess.Popen[bytes]) -> Intent:
    """Kill the worker when V1 has charged and has not answered, and let its lease run out."""
    until(lambda: server.sandbox.ledger, tmp_path)
    kill(child)
    store = SQLiteStore(tmp_path / "intents.sqlite3")
    with closing(store), PortOne("sandbox_key", "sandbox_secret", base_url=server.url, intents=store) as client:
        (intent,) = client.intents.open()
        assert intent.resource == "order:order-1"
        assert store.save(intent.changed(lease_until=0.0)), "half a minute passes"
    return intent


def orders(tmp_path: Path) -> dict[str, str]:
    path = tmp_path / "orders.sqlite3"
    if not path.exists():
        return {}
    with closing(sqlite3.connect(path, timeout=20)) as database:
        try:
            return dict(database.execute("SELECT merchant_uid, state FROM orders").fetchall())
        except sqlite3.OperationalError:
            return {}


def test_celery(server: SandboxServer, broker: RedisServer, start: Start, tmp_path: Path) -> None:
    worker = ("celery", "-A", "examples.workers.celery_shop", "worker", "--concurrency=1", "--loglevel=WARNING")
    server.sandbox.faults.delay_next(seconds=30, operation="subscribe_again")
    first = start(*worker, SHOP_BROKER=broker.url)
    call = "from examples.workers.celery_shop import charge; charge.delay('order-1', 'customer-1', 9900)"
    subprocess.run(
        [sys.executable, "-c", call],
        cwd=ROOT,
        env={**os.environ, "SHOP_BROKER": broker.url, "SHOP_FOLDER": str(tmp_path)},
        check=True,
    )
    killed_while_charging(server, tmp_path, first)
    assert orders(tmp_path) == {}
    start(*worker, "--beat", SHOP_BROKER=broker.url)
    until(lambda: orders(tmp_path), tmp_path)
    assert orders(tmp_path) == {"order-1": "paid"}
    assert [movement.amount for movement in server.sandbox.ledger] == [9900], "charged once"
    assert server.sandbox.lint.findings == ()


ENQUEUE = """
import asyncio
from arq import create_pool
from examples.workers.arq_shop import WorkerSettings

async def main():
    pool = await create_pool(WorkerSettings.redis_settings)
    await pool.enqueue_job("charge", "order-1", "customer-1", 9900)
    await pool.aclose()

asyncio.run(main())
"""


def test_arq(server: SandboxServer, broker: RedisServer, start: Start, tmp_path: Path) -> None:
    pytest.importorskip("arq", reason="arq takes no redis 6: `make shops-test` runs this")
    worker = ("arq", "examples.workers.arq_shop.WorkerSettings")
    server.sandbox.faults.delay_next(seconds=30, operation="subscribe_again")
    first = start(*worker, SHOP_BROKER=broker.url)
    variables = {**os.environ, "SHOP_BROKER": broker.url, "SHOP_FOLDER": str(tmp_path)}
    subprocess.run([sys.executable, "-c", ENQUEUE], cwd=ROOT, env=variables, check=True)
    killed_while_charging(server, tmp_path, first)
    assert orders(tmp_path) == {}
    start(*worker, SHOP_BROKER=broker.url)
    until(lambda: orders(tmp_path), tmp_path)
    assert orders(tmp_path) == {"order-1": "paid"}
    assert [movement.amount for movement in server.sandbox.ledger] == [9900], "charged once"
    assert server.sandbox.lint.findings == ()


CHARGE = """
from portone_v1 import PortOne
PortOne().subscribe.again_once(customer_uid="customer-1", merchant_uid="order-1", amount=9900, name="n")
"""


def test_apscheduler(server: SandboxServer, start: Start, tmp_path: Path) -> None:
    server.sandbox.faults.delay_next(seconds=30, operation="subscribe_again")
    (tmp_path / "job.py").write_text(CHARGE, encoding="utf-8")
    killed_while_charging(server, tmp_path, start("job", PYTHONPATH=str(tmp_path)))
    start("examples.workers.apscheduler_shop")
    log = tmp_path / "log.txt"
    until(lambda: "order:order-1 paid" in log.read_text("utf-8", "replace"), tmp_path)
    assert [movement.amount for movement in server.sandbox.ledger] == [9900], "charged once"
    assert server.sandbox.lint.findings == ()
