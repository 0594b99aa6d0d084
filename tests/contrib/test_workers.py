"""Shops as they run: gunicorn with several workers, PostgreSQL, one of them killed. An order is granted once."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from portone_v1.contrib.sqlalchemy import SqlInboxStore
from portone_v1_sandbox import SandboxServer

from tests.contrib.workers_site import EFFECTS, SLOW
from tests.postgres import Postgres
from tests.preloaded import CONFIGURED

pytest.importorskip("gunicorn", reason="gunicorn runs on POSIX only")

ROOT = Path(__file__).parents[2]
WORKERS = 3
HOOK = "/portone/webhook"
KITS = {
    "flask-sync": ("flask", "sync"),
    "flask-threads": ("flask", "gthread", "--threads", "4"),
    "django-sync": ("django", "sync"),
    "fastapi-uvicorn": ("fastapi", "uvicorn.workers.UvicornWorker"),
}


@pytest.fixture(scope="module")
def v1() -> Iterator[SandboxServer]:
    with SandboxServer() as server:
        yield server


class Site:
    """A shop behind gunicorn."""

    def __init__(self, kit: str, v1: SandboxServer, database: str, folder: Path) -> None:
        self.kit, self._v1, self._folder = kit, v1, folder
        self._environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PYTHONWARNINGS": "ignore",
            "SHOP_KIT": KITS[kit][0],
            "GUNICORN_IMPORTS": KITS[kit][0],
            "SHOP_DATABASE": database,
            "SHOP_V1": v1.url,
            "SHOP_FOLDER": str(folder),
        }
        self.engine = sa.create_engine(database)
        if self.kit.startswith("django"):
            self.command("-m", "tests.contrib.workers_site", "migrate", "--verbosity=0")
        else:
            SqlInboxStore.metadata.create_all(self.engine)
        EFFECTS.metadata.create_all(self.engine)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=120)
        command = [sys.executable, "-m", "gunicorn", "tests.contrib.workers_site:application", "--no-control-socket"]
        command += ["--workers", str(WORKERS), "--worker-class", *KITS[kit][1:], "--bind", f"127.0.0.1:{port}"]
        command += ["--timeout", "120", "--graceful-timeout", "1", "--keep-alive", "60", *CONFIGURED]
        self._log = folder / "log"
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(command, cwd=folder, env=self._environment, stdout=log, stderr=log)
        self.until(lambda: self._listens(port))

    def _listens(self, port: int) -> bool:
        assert self.process.poll() is None, self._log.read_text()
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            return False
        return self._log.read_text("utf-8", "replace").count("Booting worker") >= WORKERS

    def until(self, ready: Callable[[], Any]) -> Any:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            if found := ready():
                return found
            time.sleep(0.02)
        raise AssertionError(f"it never came: {self._log.read_text()[-3000:]}")

    def command(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self._folder,
            env=self._environment,
            check=True,
            capture_output=True,
            text=True,
            timeout=60,
        )
        return done.stdout.strip()

    def drain(self) -> None:
        """Drain the inbox as the shop's worker does: by a command, or by the loop of an ASGI application."""
        if self.kit.startswith("django"):
            assert self.command("-m", "tests.contrib.workers_site", "portone_drain").isdigit()
        elif self.kit.startswith("flask"):
            result = self.command("-m", "flask", "--app", "tests.contrib.workers_site:application", "portone", "drain")
            assert result.isdigit()
        else:
            code = "import asyncio; from tests.contrib.workers_site import application as app; "
            self.command("-c", code + "asyncio.run(app.state.portone.inbox.drain())")

    def pay(self, merchant_uid: str) -> str:
        return self._v1.sandbox.pay(merchant_uid=merchant_uid, amount=12_000).imp_uid

    def notify(self, imp_uid: str, merchant_uid: str, *, form: bool = False) -> int:
        fields = {"imp_uid": imp_uid, "merchant_uid": merchant_uid, "status": "paid"}
        answer = self.http.post(HOOK, data=fields) if form else self.http.post(HOOK, json=fields)
        return answer.status_code

    @property
    def effects(self) -> Counter[str]:
        with self.engine.connect() as db:
            return Counter(db.execute(sa.select(EFFECTS.c.what)).scalars())

    def close(self) -> None:
        self.http.close()
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.engine.dispose()


@pytest.fixture(scope="module", params=KITS)
def site(
    request: pytest.FixtureRequest, v1: SandboxServer, postgres: Postgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    site = Site(request.param, v1, postgres.url(postgres.database()), tmp_path_factory.mktemp("site"))
    yield site
    site.close()


def test_an_order_is_granted_once(site: Site) -> None:
    order = f"order-{site.kit}"
    imp_uid = site.pay(order)
    with ThreadPoolExecutor(12) as pool:
        answers = [*pool.map(lambda number: _cut_off(site, imp_uid, order, form=number % 2 == 0), range(12))]
    # 503 to those who waited too long, and 0 to those whom a busy worker dropped: PortOne comes again.
    assert set(answers) <= {200, 503, 0}
    site.until(lambda: _cut_off(site, imp_uid, order) == 200)
    site.drain()
    assert site.effects == {f"granted {order}": 1, f"receipt {order}": 1}

    slow = f"{SLOW}-{site.kit}"
    imp_uid, mark = site.pay(slow), site._folder / f"{SLOW}-{site.kit}.pid"
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(_cut_off, site, imp_uid, slow)
        pid = int(site.until(lambda: mark.exists() and mark.read_text().strip()))
        os.kill(pid, signal.SIGKILL)
        assert first.result(120) != 200
    assert site.effects[f"granted {slow}"] == 0
    assert {site.notify(imp_uid, slow) for _ in range(2)} <= {200, 503}
    _time_passes(site)
    with ThreadPoolExecutor(2) as pool:
        [*pool.map(lambda _: site.drain(), range(2))]
    assert site.effects == {what: 1 for uid in (order, slow) for what in (f"granted {uid}", f"receipt {uid}")}
    assert site.notify(imp_uid, slow) == 200
    assert site.process.poll() is None


def test_bodies_that_are_none(site: Site) -> None:
    """No token against CSRF is asked for, and nothing of a body comes back."""
    canary, before = "canary-7391", site.effects
    for content, kind in [
        (b"{" + canary.encode(), "application/json"),
        (json.dumps([canary]).encode(), "application/json"),
        (f"other={canary}".encode(), "application/x-www-form-urlencoded"),
    ]:
        answer = site.http.post(HOOK, content=content, headers={"content-type": kind})
        assert answer.status_code == 400
        assert canary not in answer.text
    assert site.effects == before


def _cut_off(site: Site, imp_uid: str, merchant_uid: str, *, form: bool = False) -> int:
    try:
        return site.notify(imp_uid, merchant_uid, form=form)
    except httpx.TransportError:
        return 0


def _time_passes(site: Site) -> None:
    """Let the lease of the dead worker end."""
    with site.engine.begin() as db:
        db.execute(sa.text("UPDATE portone_inbox SET lease_until = 0, due_at = 0 WHERE lease_until > 0"))
