"""An example shop in processes of its own: one, as a developer starts it, or several workers, as it is deployed."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.preloaded import CONFIGURED

ROOT = Path(__file__).parents[2]
WORKERS = 3


@dataclass(frozen=True)
class Kit:
    """How a shop is served."""

    prepare: tuple[str, ...]
    """Creates the tables."""
    one: tuple[str, ...]
    several: tuple[str, ...]
    ready: str
    """What the server's log says of each worker that is up."""


def gunicorn(application: str) -> tuple[str, ...]:
    served = ("--workers", f"{WORKERS}", "--no-control-socket", "--bind", "127.0.0.1:{port}")
    return ("gunicorn", application, *CONFIGURED, *served)


KITS = {
    "django": Kit(
        ("examples.shops.django_shop",),
        ("examples.shops.django_shop", "{port}"),
        gunicorn("examples.shops.django_shop:application"),
        "Booting worker",
    ),
    "fastapi": Kit(
        ("examples.shops.orders",),
        ("examples.shops.fastapi_shop", "{port}"),
        ("uvicorn", "examples.shops.fastapi_shop:app", "--workers", f"{WORKERS}", "--port", "{port}"),
        "Application startup complete",
    ),
    "flask": Kit(
        ("examples.shops.orders",),
        ("examples.shops.flask_shop", "{port}"),
        gunicorn("examples.shops.flask_shop:app"),
        "Booting worker",
    ),
}


class Shop:
    """A running shop, over HTTP."""

    def __init__(self, http: httpx.Client, *, json: bool) -> None:
        self._http, self._json = http, json

    def order(self, item: str) -> tuple[str, int]:
        made = self.post("/orders", item=item).json()
        return made["merchant_uid"], made["amount"]

    def state(self, merchant_uid: str) -> str:
        return str(self._http.get(f"/orders/{merchant_uid}").json()["state"])

    def post(self, path: str, **values: str) -> httpx.Response:
        return self._http.post(path, json=values) if self._json else self._http.post(path, data=values)

    def paid(self, merchant_uid: str, imp_uid: str) -> httpx.Response:
        """Report the payment as the browser does."""
        return self.post(f"/orders/{merchant_uid}/paid", imp_uid=imp_uid)

    def cancel(self, merchant_uid: str) -> httpx.Response:
        return self._http.post(f"/orders/{merchant_uid}/cancel")

    def notify(self, imp_uid: str, **more: str) -> httpx.Response:
        """Post a webhook as PortOne does."""
        return self._http.post("/portone/webhook", json={"imp_uid": imp_uid, **more})


@contextmanager
def running(kit: str, v1: str, folder: Path, database: str | None, *, several: bool) -> Iterator[Shop]:
    how = KITS[kit]
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PORTONE_V1_BASE_URL": v1, "GUNICORN_IMPORTS": kit}
    environment |= {"PORTONE_V1_KEY": "sandbox_key", "PORTONE_V1_SECRET": "sandbox_secret"}
    if database is not None:
        environment["SHOP_DATABASE"] = database
    if several:
        subprocess.run([sys.executable, "-m", *how.prepare], cwd=folder, env=environment, check=True)
    words = [word.format(port=port) for word in (how.several if several else how.one)]
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *words], cwd=folder, env=environment, stdout=output, stderr=output
        )
    try:
        _wait_for(port, process, log, how.ready if several else "")
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=60) as http:
            # FastAPI needs another package for forms.
            yield Shop(http, json=kit == "fastapi")
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    assert "Traceback" not in log.read_text("utf-8", "replace"), log.read_text("utf-8", "replace")[-3000:]


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path, ready: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        if not ready or log.read_text("utf-8", "replace").count(ready) >= WORKERS:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
            except OSError:
                pass
            else:
                return
        time.sleep(0.02)
    pytest.fail(f"the shop did not come up: {log.read_text('utf-8', 'replace')}")
