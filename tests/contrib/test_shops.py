"""The example shops, whole: each in a process of its own, against the sandbox on a socket."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from portone_v1_sandbox import SandboxServer

ROOT = Path(__file__).parents[2]


@pytest.fixture
def v1() -> Iterator[SandboxServer]:
    with SandboxServer() as server:
        yield server


@pytest.fixture(params=["django", "fastapi", "flask"])
def shop(request: pytest.FixtureRequest, v1: SandboxServer, tmp_path: Path) -> Iterator[httpx.Client]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PORTONE_V1_BASE_URL": v1.url}
    environment |= {"PORTONE_V1_KEY": "sandbox_key", "PORTONE_V1_SECRET": "sandbox_secret"}
    command = [sys.executable, "-m", f"examples.shops.{request.param}_shop", str(port)]
    log = tmp_path / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=output, stderr=output)
    try:
        _wait_for(port, process, log)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=20) as client:
            yield client
    finally:
        process.kill()
        process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    pytest.fail(f"the shop did not come up: {log.read_text()}")


def test_from_the_order_to_its_cancellation(shop: httpx.Client, v1: SandboxServer) -> None:
    speaks_json = shop.get("/openapi.json").status_code == 200  # FastAPI wants another package for forms

    def state(order: str) -> str:
        return str(shop.get(f"/orders/{order}").json()["state"])

    def post(path: str, **values: str) -> httpx.Response:
        return shop.post(path, json=values) if speaks_json else shop.post(path, data=values)

    def notify(imp_uid: str, **more: str) -> httpx.Response:
        return shop.post("/portone/webhook", json={"imp_uid": imp_uid, **more})

    def pay(order: str, amount: int) -> str:
        return v1.sandbox.pay(merchant_uid=order, amount=amount).imp_uid

    # The browser comes first, then the notice.
    order = post("/orders", item="coffee").json()
    first = order["merchant_uid"]
    assert (order["amount"], state(first)) == (12000, "waiting")
    imp_uid = pay(first, 12000)
    assert post(f"/orders/{first}/paid", imp_uid=imp_uid).json()["state"] == "paid"
    assert notify(imp_uid, merchant_uid=first, status="paid").status_code == 200

    # The browser was closed: only the notice comes, and comes again.
    second = post("/orders", item="cup").json()["merchant_uid"]
    other = pay(second, 8000)
    answers = [notify(other, merchant_uid=second, status="paid").text for _ in range(2)]
    assert (answers, state(second)) == (["processed", "processed"], "paid")

    # Another order's payment buys nothing.
    third = post("/orders", item="coffee").json()["merchant_uid"]
    assert post(f"/orders/{third}/paid", imp_uid=other).status_code == 409
    assert post(f"/orders/{third}/paid", imp_uid="imp_000000000000").status_code == 409
    assert notify(other, merchant_uid=third).status_code == 409
    assert state(third) == "waiting"
    assert shop.post(f"/orders/{third}/cancel").status_code == 409

    # A payment of no order of this shop, and one that V1 does not know.
    assert notify(pay("elsewhere-1", 100)).text == "processed"
    assert notify("imp_000000000000").text == "payment not found"

    # Refunded by the shop; refunded by hand in the console.
    assert shop.post(f"/orders/{first}/cancel").json()["state"] == "cancelled"
    with v1.sandbox.client() as console:
        console.payments.cancel(imp_uid=other, amount=8000, checksum=8000)
    assert notify(other, merchant_uid=second, status="cancelled").text == "processed"
    assert (state(first), state(second)) == ("cancelled", "cancelled")
    assert sum(movement.amount * (1 if movement.kind == "charge" else -1) for movement in v1.sandbox.ledger) == 100
