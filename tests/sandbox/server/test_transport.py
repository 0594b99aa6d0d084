"""The sandbox inside the process, behind httpx and behind the SDK's own clients."""

from __future__ import annotations

import asyncio
import gc
import subprocess
import sys
from decimal import Decimal
from types import FrameType, TracebackType
from typing import Any

import httpx
import portone_v1_sandbox
import pytest
from portone_v1 import NotFoundError
from portone_v1_sandbox import Sandbox

from tests.sandbox.support import Api

PAIR = {"imp_key": "sandbox_key", "imp_secret": "sandbox_secret"}
CARD: dict[str, Any] = {"card_number": "4242-4242-4242-4242", "expiry": "2030-12"}


def test_httpx_client(sandbox: Sandbox) -> None:
    with httpx.Client(base_url="https://api.iamport.kr", transport=sandbox.transport()) as client:
        token = client.post("/users/getToken", json=PAIR).json()["response"]["access_token"]
        headers = {"Authorization": token}
        body = {"merchant_uid": "주문/1", "amount": 1000, **CARD}
        assert client.post("/subscribe/payments/onetime", data=body, headers=headers).status_code == 200
        found = client.get("/payments/find/%EC%A3%BC%EB%AC%B8%2F1", params={"sorting": "paid"}, headers=headers)
        assert found.headers["content-type"] == "application/json; charset=UTF-8"
        assert found.json()["response"]["merchant_uid"] == "주문/1"


def test_httpx_async_client(sandbox: Sandbox) -> None:
    async def flow() -> int:
        async with httpx.AsyncClient(transport=sandbox.transport()) as client:
            answer = await client.post("https://api.iamport.kr/users/getToken", json=PAIR)
            return answer.status_code

    assert asyncio.run(flow()) == 200


def test_client_of_the_sdk(sandbox: Sandbox) -> None:
    with sandbox.client() as client:
        payment = client.subscribe.onetime(merchant_uid="order-1", amount=12000, **CARD)
        assert (payment.status, payment.amount) == ("paid", Decimal(12000))
        part = client.payments.cancel(imp_uid=payment.imp_uid, amount=5000)
        assert part.cancel_amount == Decimal(5000)
        assert client.payments.get(payment.imp_uid).cancel_amount == Decimal(5000)


def test_a_refused_call_leaves_no_frames_to_the_garbage_collector(sandbox: Sandbox) -> None:
    with sandbox.client() as client:

        def refused() -> None:
            with pytest.raises(NotFoundError):
                client.payments.find_all("nothing")

        refused()
        gc.collect()
        gc.disable()
        gc.set_debug(gc.DEBUG_SAVEALL)
        try:
            refused()
            gc.collect()
            left = [each for each in gc.garbage if isinstance(each, FrameType | TracebackType | NotFoundError)]
            assert left == []  # other garbage may be another thread's
        finally:
            gc.set_debug(0)
            gc.garbage.clear()
            gc.enable()


def test_async_client_of_the_sdk(sandbox: Sandbox) -> None:
    async def flow() -> Decimal:
        async with sandbox.async_client() as client:
            payment = await client.subscribe.onetime(merchant_uid="order-1", amount=12000, **CARD)
            return payment.amount

    assert asyncio.run(flow()) == Decimal(12000)


def test_clients_take_options(sandbox: Sandbox) -> None:
    with sandbox.client(tier="AB1") as client:
        client.subscribe.onetime(merchant_uid="order-1", amount=12000, **CARD)
    assert sandbox.ledger[0].tier == "AB1"
    assert Api(sandbox).get("/payments/find/order-1").status == 404


def test_public_names_are_there() -> None:
    names = portone_v1_sandbox.__all__
    assert "Sandbox" in names
    assert all(hasattr(portone_v1_sandbox, name) for name in names)


@pytest.mark.parametrize("module", ["httpx", "uvicorn", "jsonschema", "portone_v1_generated.models.payments"])
def test_importing_it_leaves_the_heavy_ones_alone(module: str) -> None:
    code = f"import sys, portone_v1_sandbox as s; s.Sandbox(); sys.exit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
