"""`webhooks list`, `replay`, `drain`: over an inbox of the shop's code, in a process of its own."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from portone_v1_cli.exit_codes import ExitCode
from portone_v1_sandbox import Sandbox

from .conftest import COMMAND, Ended, Run

SHOP = """
import sqlalchemy as sa
from portone_v1 import PortOne
from portone_v1.contrib.sqlalchemy import SqlInboxStore
from portone_v1.inbox import Inbox, Paid

engine = sa.create_engine("sqlite:///{path}", poolclass=sa.NullPool)
clients = []

def client(tier):
    clients.append(PortOne(tier=tier))
    return clients[-1]

store = SqlInboxStore(engine)
SqlInboxStore.metadata.create_all(engine)

def inbox():
    made = Inbox(client, store, allow_test=True, drained=True)

    @made.on_payment
    def changed(change, work):
        with open("{log}", "a") as file:
            file.write(f"{{type(change).__name__}} {{change.payment.merchant_uid}}\\n")

    return made
"""
ASYNC_SHOP = """
from sqlalchemy.ext.asyncio import create_async_engine
from portone_v1 import AsyncPortOne
from portone_v1.contrib.sqlalchemy import AsyncSqlInboxStore
from portone_v1.inbox import AsyncInbox

engine = create_async_engine("sqlite+aiosqlite:///{path}")
store = AsyncSqlInboxStore(engine)

def inbox():
    made = AsyncInbox(lambda tier: AsyncPortOne(tier=tier), store, allow_test=True, drained=True)

    @made.on_payment
    async def changed(change, work):
        with open("{log}", "a") as file:
            file.write(f"{{type(change).__name__}} {{change.payment.merchant_uid}}\\n")

    return made
"""

Shop = Callable[..., Ended]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    place = tmp_path / "handled.txt"
    place.touch()
    return place


@pytest.fixture
def shop(
    tmp_path: Path, log: Path, environment: dict[str, str], run: Run, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Shop]:
    for name, text in (("shopinbox", SHOP), ("shopasync", ASYNC_SHOP)):
        source = text.format(path=tmp_path / "shop.sqlite3", log=log)
        (tmp_path / f"{name}.py").write_text(source, encoding="utf-8")
    environment["PORTONE_V1_INBOX"] = "shopinbox:inbox"
    monkeypatch.setenv("PORTONE_V1_INBOX", "shopinbox:inbox")
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.chdir(tmp_path)
    yield lambda *arguments: run("webhooks", *arguments)
    if (module := sys.modules.pop("shopinbox", None)) is not None:
        for client in module.clients:
            client.close()


def rows(ended: Ended) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(ended.out or "null") or []
    return found


def test_replay_hands_over_what_is_news_once(shop: Shop, sandbox: Sandbox, log: Path) -> None:
    paid = sandbox.pay(merchant_uid="order-1", amount=15000, buyer_name="홍길동")
    sandbox.pay(merchant_uid="order-2", amount=9000)
    assert rows(shop("list", "-o", "json")) == []
    for _ in range(2):
        ended = shop("replay", paid.imp_uid, "-o", "json")
        assert ended.code == ExitCode.SUCCESS, ended.err
        assert rows(ended) == [{"imp_uid": paid.imp_uid, "outcome": "done"}]
    assert log.read_text() == "Paid order-1\n"
    since = shop("replay", "--since", "2020-01-01", "-o", "json")
    assert since.code == ExitCode.SUCCESS, since.err
    assert len(rows(since)) == 2
    assert log.read_text() == "Paid order-1\nPaid order-2\n"
    (first, second) = sorted(rows(shop("list", "-o", "json")), key=lambda row: str(row["imp_uid"]))
    assert {first["state"], second["state"]} == {"done"}
    assert {first["handled"], second["handled"]} == {"paid"}
    assert rows(shop("list", "--state", "dead", "-o", "json")) == []
    assert "홍길동" not in shop("list").out


def test_an_async_inbox_too(
    shop: Shop, sandbox: Sandbox, log: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    paid = sandbox.pay(merchant_uid="order-1", amount=15000)
    assert shop("list").code == ExitCode.SUCCESS  # makes the tables
    for arguments, expected in (
        (["replay", paid.imp_uid, "--inbox", "shopasync:inbox"], "done"),
        (["list", "--inbox", "shopasync:store"], paid.imp_uid),
    ):
        ended = subprocess.run(
            [*COMMAND, "webhooks", *arguments, "-o", "json"],
            cwd=tmp_path,
            env=environment | {"PYTHONWARNINGS": "error,ignore::ResourceWarning"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == ExitCode.SUCCESS, ended.stderr
        assert expected in ended.stdout
    assert log.read_text() == "Paid order-1\n"


def test_drain_runs_until_it_is_ended(
    shop: Shop, sandbox: Sandbox, log: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    paid = sandbox.pay(merchant_uid="order-1", amount=15000)
    shop("list")
    child = subprocess.Popen(
        [*COMMAND, "webhooks", "drain", "--watch", "0.05", "-o", "json"],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    webhook = (
        "import time; from shopinbox import store; from portone_v1.inbox import ReceivedWebhook\n"
        f"webhook = ReceivedWebhook('payment::{paid.imp_uid}', 'payment', '{paid.imp_uid}', believed=True)\n"
        "store.record(webhook, time.time())"
    )
    subprocess.run([COMMAND[0], "-c", webhook], cwd=tmp_path, env=environment, check=True)
    end = time.monotonic() + 20
    while not log.read_text() and time.monotonic() < end:
        time.sleep(0.02)
    child.send_signal(signal.SIGTERM)
    out, _ = child.communicate(timeout=20)
    assert child.returncode == ExitCode.SUCCESS
    assert json.loads(out) == [{"handled": 1}]
    assert log.read_text() == "Paid order-1\n"


def test_a_store_can_only_be_looked_at(shop: Shop, sandbox: Sandbox) -> None:
    paid = sandbox.pay(merchant_uid="order-1", amount=15000)
    assert shop("list", "--inbox", "shopinbox:store").code == ExitCode.SUCCESS
    ended = shop("replay", paid.imp_uid, "--inbox", "shopinbox:store")
    assert ended.code == ExitCode.USAGE
    assert "처리 함수" in ended.err


class Endpoint:
    """A shop's webhook address."""

    def __init__(self) -> None:
        self.status = 200
        self.got: list[dict[str, Any]] = []
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                endpoint.got.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
                if not endpoint.status:
                    return
                self.send_response(endpoint.status)
                self.send_header("location", "http://127.0.0.1:9/elsewhere")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/webhook"


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    made = Endpoint()
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


def test_replay_to_an_address(run: Run, sandbox: Sandbox, endpoint: Endpoint) -> None:
    paid = sandbox.pay(merchant_uid="order-1", amount=15000, buyer_name="홍길동")
    ended = run("webhooks", "replay", paid.imp_uid, "imp_000000000000", "--to", endpoint.url, "-o", "json")
    assert ended.code == ExitCode.REFUSED
    delivered, missing = json.loads(ended.out)
    assert delivered.pop("message").endswith("The shop answered 200")
    assert delivered == {"imp_uid": paid.imp_uid, "outcome": "delivered", "status": 200}
    assert missing.pop("message").endswith("Not sent: V1 has no such payment")
    assert missing == {"imp_uid": "imp_000000000000", "outcome": "not_found", "status": None}
    assert endpoint.got == [{"imp_uid": paid.imp_uid, "merchant_uid": "order-1", "status": "paid"}]
    for status in (503, 302):
        endpoint.status = status
        failed = run("webhooks", "replay", paid.imp_uid, "--to", endpoint.url, "-o", "json")
        row = json.loads(failed.out)[0]
        assert (failed.code, row["outcome"], row["status"]) == (ExitCode.REFUSED, "failed", status)
        assert f"The shop answered {status}; treat the webhook as not handled" in row["message"]


def test_ctrl_c_between_two_webhooks_says_how_many_were_sent(
    run: Run, sandbox: Sandbox, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    paid = [sandbox.pay(merchant_uid=f"order-{number}", amount=15000).imp_uid for number in range(2)]
    post, posted = httpx.Client.post, list[str]()

    def interrupted(self: httpx.Client, url: str, **given: Any) -> httpx.Response:
        if posted:
            raise KeyboardInterrupt
        posted.append(url)
        return post(self, url, **given)

    monkeypatch.setattr(httpx.Client, "post", interrupted)
    ended = run("webhooks", "replay", *paid, "--to", endpoint.url, "-o", "json")
    assert ended.code == ExitCode.INTERRUPTED
    assert [row["outcome"] for row in json.loads(ended.out)] == ["delivered"]
    assert "1 of 2 webhooks were handled" in ended.err
    assert "No change was sent" not in ended.err


def test_replay_to_an_address_that_gives_no_answer(run: Run, sandbox: Sandbox, endpoint: Endpoint) -> None:
    """A shop that hung up may have handled the webhook; one that never was reached has not."""
    paid = sandbox.pay(merchant_uid="order-1", amount=15000)
    with socket.create_server(("127.0.0.1", 0)) as unused:
        nowhere = f"http://127.0.0.1:{unused.getsockname()[1]}/"
    endpoint.status = 0  # hangs up
    for url, outcome in ((endpoint.url, "no_answer"), (nowhere, "not_sent")):
        ended = run("webhooks", "replay", paid.imp_uid, "--to", url, "-o", "json")
        assert (ended.code, json.loads(ended.out)[0]["outcome"]) == (ExitCode.REFUSED, outcome)


@pytest.mark.parametrize(
    "url",
    [
        "http://shop.example.com/webhook",
        "http://127.0.0.1.shop.example.com/",
        "ftp://127.0.0.1/",
        "https://user:pw@shop.example.com/",
        "http://[::1",
        "webhook",
        "",
    ],
)
def test_nothing_is_posted_in_the_clear_to_another_machine(run: Run, sandbox: Sandbox, url: str) -> None:
    paid = sandbox.pay(merchant_uid="order-1", amount=15000)
    ended = run("webhooks", "replay", paid.imp_uid, "--to", url)
    assert ended.code == ExitCode.USAGE
    assert "Nothing was sent" in ended.err


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("replay",), "--since"),
        (("replay", "--since", "yesterday"), "--since"),
        (("replay", "--dead", "--to", "http://127.0.0.1:9/"), "--inbox"),
        (("list",), "PORTONE_V1_INBOX"),
        (("list", "--inbox", "decimal:Decimal"), "not a webhook inbox"),
        (("list", "--inbox", "decimal:Decimal", "--state", "lost"), "waiting, done, dead"),
        (("drain", "--inbox", "a path"), "module"),
    ],
)
def test_a_wrong_command_line_is_one_line(run: Run, arguments: tuple[str, ...], expected: str) -> None:
    ended = run("webhooks", *arguments)
    assert ended.code == ExitCode.USAGE
    assert expected in ended.err or expected == "module"
