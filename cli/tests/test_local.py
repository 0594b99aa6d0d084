"""The sandbox and the webhooks of this machine, as processes of their own."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from portone_v1_cli.exit_codes import ExitCode

from .conftest import COMMAND, Run


def started(environment: dict[str, str], *arguments: str) -> tuple[subprocess.Popen[str], str]:
    """Start a process, and return it with the address that it prints."""
    process = subprocess.Popen(
        [*COMMAND, *arguments], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.search(r"http://127\.0\.0\.1:\d+", line)
    assert found, line
    return process, found[0]


def stopped(process: subprocess.Popen[str], number: signal.Signals) -> str:
    process.send_signal(number)
    rest, _ = process.communicate(timeout=60)
    return "\n".join(line for line in rest.splitlines() if "sandbox at" not in line)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_sandbox_runs_until_it_is_stopped(environment: dict[str, str], number: signal.Signals) -> None:
    process, url = started(environment, "sandbox", "--port", "0")
    assert httpx.get(f"{url}/_sandbox/clock").status_code == 200
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(2)]
    rest = stopped(process, number)
    assert process.returncode == ExitCode.SUCCESS
    assert "PORTONE_V1_KEY" in lines[0]
    assert url in lines[1]
    assert "Traceback" not in rest


def test_every_flag_of_the_sandbox(environment: dict[str, str], run: Run, tmp_path: Path) -> None:
    """The command has no list of its own: flags, variables and the file of `portone-v1-sandbox` work here, too."""
    from portone_v1_sandbox.configuration import OPTIONS

    helped = run("sandbox", "--help")
    assert helped.code == ExitCode.SUCCESS
    assert [name for name in OPTIONS if f"--{name.replace('_', '-')}" not in helped.out] == []
    path = tmp_path / "sandbox.toml"
    path.write_text('strict = true\nwebhook_type = "form"\n')
    named = {"PORTONE_V1_SANDBOX_PG_RULES": "1", "PORTONE_V1_SANDBOX_CONFIG": str(path)}
    process, url = started(environment | named, "sandbox", "--port", "0", "--clock-frozen", "--webhook-type", "json")
    settings = httpx.get(f"{url}/_sandbox/settings").json()["response"]
    stopped(process, signal.SIGTERM)
    shown = {name: settings[name] for name in ("strict", "pg_rules", "clock_frozen", "webhook_type")}
    assert shown == {"strict": True, "pg_rules": True, "clock_frozen": True, "webhook_type": "json"}


def test_keys_that_are_not_published_are_not_printed(environment: dict[str, str]) -> None:
    process, _ = started(environment, "sandbox", "--port", "0", "--imp-key", "my-own-key", "--imp-secret", "my-own-s")
    assert process.stdout is not None
    line = process.stdout.readline()
    assert "my-own" not in line + stopped(process, signal.SIGTERM)
    assert "PORTONE_V1_BASE_URL" in line


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [(["--prot", "1"], "--prot"), (["--port", "x"], "--port"), (["--webhook-type", "xml"], "json")],
    ids=["name", "number", "choice"],
)
def test_wrong_flag_is_one_line(run: Run, arguments: list[str], expected: str) -> None:
    ended = run("sandbox", *arguments)
    assert (ended.code, len(ended.err.splitlines())) == (ExitCode.USAGE, 1)
    assert expected in ended.err


class Shop:
    """The webhook address of a shop."""

    def __init__(self) -> None:
        self.status = 200
        self.got: list[tuple[str, bytes]] = []
        self.arrived = threading.Event()
        shop = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                shop.got.append((self.headers["content-type"], body))
                shop.arrived.set()
                self.send_response(shop.status)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/webhook"


@pytest.fixture
def shop() -> Iterator[Shop]:
    shop = Shop()
    threading.Thread(target=shop.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield shop
    shop.server.shutdown()
    shop.server.server_close()


def test_notices_are_printed_and_forwarded_as_they_came(environment: dict[str, str], shop: Shop) -> None:
    arguments = ("webhooks", "listen", "--port", "0", "--forward", shop.url, "-o", "json")
    process, url = started(environment, *arguments)
    notice = {"imp_uid": "imp_1", "merchant_uid": "order-1", "status": "paid"}
    assert httpx.post(url, json=notice).status_code == 200
    form = httpx.post(url, data={"imp_uid": "imp_2", "status": "cancelled"})
    assert form.status_code == 200
    shop.status = 503
    assert httpx.post(url, json=notice).status_code == 503  # the sender learns that a resend is wanted
    assert httpx.post(url, content=b"{", headers={"content-type": "application/json"}).status_code == 400
    assert httpx.post(url, content=b" " * 70_000).status_code == 413
    lines = [json.loads(line) for line in stopped(process, signal.SIGINT).splitlines()]
    assert process.returncode == ExitCode.SUCCESS
    assert [line["status_code"] for line in lines] == [200, 200, 503, 400]
    assert (lines[0]["imp_uid"], lines[1]["imp_uid"]) == ("imp_1", "imp_2")
    assert [json.loads(body) for kind, body in shop.got if kind == "application/json"] == [notice, notice]
    assert shop.got[1][1] == b"imp_uid=imp_2&status=cancelled"


def test_a_shop_that_is_not_there_is_a_bad_gateway(environment: dict[str, str]) -> None:
    process, url = started(environment, "webhooks", "listen", "--port", "0", "--forward", "http://127.0.0.1:1/hook")
    assert httpx.post(url, json={"imp_uid": "imp_1"}).status_code == 502
    assert "is not responding" in stopped(process, signal.SIGINT)


def test_a_port_in_use_is_one_line(run: Run, shop: Shop) -> None:
    port = str(shop.server.server_address[1])
    for command in (["sandbox"], ["webhooks", "listen"]):
        ended = run(*command, "--port", port)
        assert ended.code == ExitCode.USAGE
        assert "another --port" in ended.err
        assert len(ended.err.splitlines()) == 1


def test_the_sandbox_sends_its_notices_to_whoever_listens(environment: dict[str, str], shop: Shop) -> None:
    sandbox, url = started(environment, "sandbox", "--port", "0")
    listening, _ = started(environment, "webhooks", "listen", "--port", "0", "--forward", shop.url, "--sandbox", url)
    payment = {"merchant_uid": "order-1", "amount": 5000}
    deadline = time.monotonic() + 20
    while not shop.arrived.wait(0.2) and time.monotonic() < deadline:  # it subscribes after it has printed its address
        httpx.post(f"{url}/_sandbox/payments", json={**payment, "merchant_uid": f"order-{time.monotonic_ns()}"})
    assert b'"status":"paid"' in shop.got[0][1].replace(b" ", b"")
    assert "paid" in stopped(listening, signal.SIGINT)
    stopped(sandbox, signal.SIGINT)
    assert (listening.returncode, sandbox.returncode) == (0, 0)


def test_a_sandbox_that_keeps_what_it_knows(environment: dict[str, str], tmp_path: Path) -> None:
    arguments = ("sandbox", "--port", "0", "--db", str(tmp_path / "shop.sqlite3"))
    for number in (1, 2):
        process, url = started(environment, *arguments)
        httpx.post(f"{url}/_sandbox/payments", json={"merchant_uid": f"order-{number}", "amount": 5000})
        ledger = httpx.get(f"{url}/_sandbox/ledger").json()["response"]
        stopped(process, signal.SIGTERM)
        assert len(ledger) == number


def test_a_database_that_is_none_is_one_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "shop.sqlite3").write_text("no database at all, but longer than a hundred characters" * 9)
    ended = run("sandbox", "--port", "0", "--db", tmp_path / "shop.sqlite3")
    assert ended.code == ExitCode.USAGE
    assert len(ended.err.splitlines()) == 1
