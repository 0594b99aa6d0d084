"""Whatever ends or doubles a process while its refund is at V1: an intent remains, and it settles. Real ones."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from portone_v1 import AsyncPortOne, InProgressError, PortOne
from portone_v1.intents import SQLiteStore
from portone_v1_sandbox import Request, Sandbox

KEY = "return-77"
JOB = """
import sys
from portone_v1 import PortOne
from portone_v1.intents import SQLiteStore
url, path, imp_uid = sys.argv[1:]
with PortOne("sandbox_key", "sandbox_secret", base_url=url, intents=SQLiteStore(path)) as client:
    client.payments.cancel_once(imp_uid=imp_uid, amount=400, key="return-77")
"""


class V1:
    """A sandbox on a socket. `meanwhile` is called when a refund has been executed, before it is answered."""

    def __init__(self, folder: Path) -> None:
        self.sandbox = Sandbox()
        self.imp_uid = self.sandbox.pay(merchant_uid="order-1", amount=1000).imp_uid
        self.journal = folder / "journal.sqlite3"
        self.meanwhile: Callable[[], object] | None = None
        v1 = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # it holds a body back until the head before it is acknowledged: 40 ms

            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                path, _, query = self.path.partition("?")
                response = v1.sandbox.handle(Request(self.command, path, query, dict(self.headers), body))
                if path == "/payments/cancel" and v1.meanwhile is not None:
                    act, v1.meanwhile = v1.meanwhile, None
                    act()
                    self.close_connection = True
                    return
                self.send_response(response.status)
                for name, value in {**response.headers, "content-length": str(len(response.body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(response.body)

            do_GET = do_POST = answer  # noqa: N815

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def client(self) -> PortOne:
        return PortOne("sandbox_key", "sandbox_secret", base_url=self.url, intents=SQLiteStore(self.journal))

    def async_client(self) -> AsyncPortOne:
        return AsyncPortOne("sandbox_key", "sandbox_secret", base_url=self.url, intents=SQLiteStore(self.journal))

    @property
    def refunds(self) -> list[Decimal]:
        return [movement.amount for movement in self.sandbox.ledger if movement.kind == "refund"]

    @property
    def refund(self) -> dict[str, Any]:
        return {"imp_uid": self.imp_uid, "amount": 400, "key": KEY}

    def settles(self) -> None:
        """Settle the only open intent, and then run the job again."""
        with self.client() as client:
            (intent,) = client.intents.open()
            assert (intent.key, client.settle(intent).state) == (f"refund/{KEY}", "refunded")
            assert client.payments.cancel_once(**self.refund).amount == 400
        assert self.refunds == [400]


@pytest.fixture
def v1(tmp_path: Path) -> Iterator[V1]:
    found = V1(tmp_path)
    thread = threading.Thread(target=found.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield found
    found.server.shutdown()
    thread.join()
    found.server.server_close()


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda number: number.name)
def test_a_process_that_a_signal_ends(v1: V1, number: signal.Signals) -> None:
    arguments = [sys.executable, "-c", JOB, v1.url, str(v1.journal), v1.imp_uid]
    with subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as job:
        ended = threading.Event()

        def end() -> None:
            job.send_signal(number)
            assert ended.wait(30)  # the answer stays away until the process is gone

        v1.meanwhile = end
        job.wait(30)
        ended.set()
    assert job.returncode != 0
    v1.settles()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_child_that_dies_with_the_clients_of_its_parent(v1: V1) -> None:
    """The parent has used its client and its journal before, as a server that forks its workers has."""
    with v1.client() as client:
        assert client.intents.open() == []
        assert client.payments.get(v1.imp_uid).amount == 1000
        children: list[int] = []
        v1.meanwhile = lambda: os.kill(children[0], signal.SIGKILL)
        children.append(os.fork())
        if children[0] == 0:
            try:
                client.payments.cancel_once(**v1.refund)
            finally:
                os._exit(1)
        os.waitpid(children[0], 0)
        v1.settles()
        assert client.payments.cancel_once(**v1.refund).state == "refunded"


def test_an_event_loop_that_ends_and_the_next_one(v1: V1) -> None:
    """`asyncio.run` cancels what is left. The next loop, of the same or another client, finds the intent."""

    async def begun(client: AsyncPortOne) -> None:
        executed, loop = asyncio.Event(), asyncio.get_running_loop()
        gone = threading.Event()

        def tell() -> None:
            loop.call_soon_threadsafe(executed.set)
            gone.wait(30)

        v1.meanwhile = tell
        call = asyncio.create_task(client.payments.cancel_once(**v1.refund))
        await executed.wait()
        call.cancel()
        gone.set()
        with pytest.raises(asyncio.CancelledError):
            await call

    async def again(client: AsyncPortOne) -> None:
        (intent,) = await client.intents.open()
        assert (await client.settle(intent)).state == "refunded"
        assert (await client.payments.cancel_once(**v1.refund)).amount == 400
        await client.aclose()

    client = v1.async_client()
    asyncio.run(begun(client))
    asyncio.run(again(client))
    assert v1.refunds == [400]


def test_several_event_loops_and_threads_at_once(v1: V1) -> None:
    """A loop in each of four threads, and four threads beside them: one job, one journal, one refund."""
    gate, states = threading.Barrier(8), list[str]()

    def in_a_thread() -> None:
        with v1.client() as client:
            gate.wait()
            try:
                states.append(client.payments.cancel_once(**v1.refund).state)
            except InProgressError:
                states.append("in progress")

    def in_a_loop() -> None:
        async def work() -> None:
            async with v1.async_client() as client:
                gate.wait()
                try:
                    states.append((await client.payments.cancel_once(**v1.refund)).state)
                except InProgressError:
                    states.append("in progress")

        asyncio.run(work())

    threads = [threading.Thread(target=work) for work in (in_a_thread, in_a_loop) * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(states) == 8
    assert "refunded" in states
    assert set(states) <= {"refunded", "in progress"}
    assert v1.refunds == [400]
