"""`export payments`: exact, complete, nothing twice, whatever happens on the way."""

from __future__ import annotations

import csv
import json
import os
import resource
import shutil
import signal
import sqlite3
import stat
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from portone_v1_cli.exit_codes import ExitCode
from portone_v1_runtime.decode import KST
from portone_v1_sandbox import Sandbox

from .conftest import COMMAND, Run, Spawn, finish
from .network import Fate, Network

DAYS = 40
PAYMENTS = 4_000


def seed(sandbox: Sandbox, number: int, days: int) -> list[str]:
    """Store payments at even intervals over the last days: one real one, and copies of its record."""
    first = sandbox.pay(merchant_uid="order-0", amount=15000, name="책", buyer_name="홍길동", buyer_tel="010-0000-0000")
    state = sandbox._engine.state
    record = state.payments.pop(first.imp_uid)
    now = sandbox.clock.now() - 10
    for index in range(number):
        at = now - days * 86_400 + index * days * 86_400 // number
        uid = f"imp_{index:012d}"
        state.payments[uid] = replace(
            record,
            imp_uid=uid,
            merchant_uid=f"order-{index}",
            serial=index + 1,
            started_at=at,
            paid_at=at,
            updated_at=at,
        )
    return [*state.payments]


@pytest.fixture
def uids(sandbox: Sandbox) -> list[str]:
    return seed(sandbox, PAYMENTS, DAYS)


def since(days: int = DAYS + 2) -> str:
    return f"{datetime.now(KST) - timedelta(days=days):%Y-%m-%d}"


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def read_parquet(path: Path) -> list[dict[str, Any]]:
    import pyarrow.parquet as parquet  # type: ignore[import-untyped]

    found: list[dict[str, Any]] = parquet.read_table(path).to_pylist()
    return found


def export(*arguments: Any) -> list[str]:
    return [*COMMAND, "export", "payments", "--from", since(), *(str(argument) for argument in arguments)]


def test_csv(run: Run, uids: list[str], tmp_path: Path) -> None:
    out = tmp_path / "payments [june].csv"  # to the console, `[june]` would be markup
    ended = run("export", "payments", "--from", since(), "--out", out)
    assert ended.code == ExitCode.SUCCESS
    assert f"{PAYMENTS:,} payments to {out}" in ended.err
    rows = read_csv(out)
    assert [row["imp_uid"] for row in rows] == uids
    assert {row["amount"] for row in rows} == {"15000"}
    assert all(row["paid_at"].endswith("+09:00") for row in rows)
    assert rows[0]["buyer_name"] == "***"
    assert rows[0]["sandbox"] == "false"
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["payments [june].csv"]


def test_sqlite(run: Run, uids: list[str], tmp_path: Path) -> None:
    out = tmp_path / "payments.sqlite"
    assert run("export", "payments", "--from", since(), "--out", out, "--show-personal").code == ExitCode.SUCCESS
    with closing(sqlite3.connect(out)) as db:
        rows = db.execute("SELECT imp_uid, amount, buyer_name, paid_at FROM payments ORDER BY paid_at").fetchall()
        assert db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall() == [("payments",)]
    assert [row[0] for row in rows] == uids
    assert rows[0][1:3] == (15000, "홍길동")


def test_parquet(run: Run, uids: list[str], sandbox: Sandbox, tmp_path: Path) -> None:
    import pyarrow.parquet as parquet

    sandbox.pay(merchant_uid="order-usd", amount=Decimal("10.10"), currency="USD")
    state = sandbox._engine.state
    uid, record = next((uid, record) for uid, record in state.payments.items() if record.currency == "USD")
    state.payments[uid] = replace(record, paid_at=record.paid_at - 60)
    out = tmp_path / "payments.parquet"
    assert run("export", "payments", "--from", since(), "--out", out).code == ExitCode.SUCCESS
    table = parquet.read_table(out)
    assert sorted(table["imp_uid"].to_pylist()) == sorted([*uids, uid])
    assert str(table.schema.field("paid_at").type) == "timestamp[ms, tz=Asia/Seoul]"
    amounts = dict(zip(table["imp_uid"].to_pylist(), table["amount"].to_pylist(), strict=True))
    assert amounts[uid] == Decimal("10.10")
    assert amounts[uids[0]] == Decimal(15000)


@pytest.mark.parametrize("personal", [[], ["--show-personal"]])
def test_parquet_holds_what_the_rows_hold(run: Run, uids: list[str], tmp_path: Path, personal: list[str]) -> None:
    files = [tmp_path / f"payments{suffix}" for suffix in (".sqlite", ".parquet")]
    for out in files:
        assert run("export", "payments", "--from", since(), "--out", out, *personal).code == ExitCode.SUCCESS
    with closing(sqlite3.connect(files[0])) as db:
        db.row_factory = sqlite3.Row
        rows = [dict(row) for row in db.execute("SELECT * FROM payments ORDER BY imp_uid")]
    columns = sorted(read_parquet(files[1]), key=lambda row: str(row["imp_uid"]))
    assert len(columns) == len(rows)
    for column, row in zip(columns, rows, strict=True):
        assert {name: as_in_rows(value) for name, value in column.items()} == {
            name.rstrip("_"): str(value) for name, value in row.items()
        }


def as_in_rows(value: Any) -> str:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value.isoformat() if isinstance(value, datetime) else str(int(value) if isinstance(value, bool) else value)


def test_the_ends_of_the_range_belong_to_it(run: Run, uids: list[str], sandbox: Sandbox, tmp_path: Path) -> None:
    records = sandbox._engine.state.payments
    first, last = records[uids[100]], records[uids[200]]
    moments = [f"{datetime.fromtimestamp(record.paid_at, KST):%Y-%m-%dT%H:%M:%S}" for record in (first, last)]
    out = tmp_path / "part.csv"
    assert run("export", "payments", "--from", moments[0], "--to", moments[1], "--out", out).code == ExitCode.SUCCESS
    assert [row["imp_uid"] for row in read_csv(out)] == uids[100:201]


def test_a_file_that_is_there_is_not_replaced_unasked(run: Run, uids: list[str], tmp_path: Path) -> None:
    out = tmp_path / "payments.csv"
    out.write_text("mine")
    arguments = ("export", "payments", "--from", since(), "--out", out)
    assert run(*arguments).code == ExitCode.USAGE
    assert out.read_text() == "mine"
    assert run(*arguments, "--force").code == ExitCode.SUCCESS
    assert len(read_csv(out)) == PAYMENTS


def asleep(process: subprocess.Popen[str]) -> None:
    """Wait until it sleeps in the read: Python notices a signal that comes just before only when the read ends."""
    facts = Path(f"/proc/{process.pid}/stat")
    while facts.exists() and facts.read_text().rpartition(")")[2].split()[0] != "S":
        time.sleep(0.01)


def held_up(network: Network, after: int) -> tuple[threading.Event, threading.Event]:
    """Delay each search after so many until the test releases it."""
    waiting, go_on, searches = threading.Event(), threading.Event(), []

    def fate(_: str, path: str, __: int) -> Fate:
        if path.startswith("/payments/status/"):
            searches.append(path)
            if len(searches) > after and not go_on.is_set():
                waiting.set()
                go_on.wait(30)
        return "answer"

    network.fate = fate
    return waiting, go_on


@pytest.mark.parametrize("after", [0, 6, 12])
def test_ctrl_c_and_the_same_command_again(
    environment: dict[str, str], network: Network, uids: list[str], tmp_path: Path, after: int
) -> None:
    out = tmp_path / "payments.csv"
    waiting, go_on = held_up(network, after)
    with subprocess.Popen(export("--out", out), env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert waiting.wait(30)
        asleep(process)
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=25)  # V1 holds its answer for longer
    go_on.set()
    assert process.returncode == ExitCode.INTERRUPTED
    assert "Traceback" not in stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["payments.csv.part"]
    again = subprocess.run(export("--out", out), env=environment, capture_output=True, text=True, check=True)
    assert ("Resuming from" in again.stderr) is (after > 0)
    assert [row["imp_uid"] for row in read_csv(out)] == uids
    assert [path.name for path in tmp_path.iterdir()] == ["payments.csv"]


def test_killed_without_warning_and_the_same_command_again(
    environment: dict[str, str], network: Network, uids: list[str], tmp_path: Path
) -> None:
    out = tmp_path / "payments.sqlite"
    waiting, go_on = held_up(network, 8)
    with subprocess.Popen(export("--out", out), env=environment, stderr=subprocess.PIPE) as process:
        assert waiting.wait(30)
        process.kill()
    go_on.set()
    subprocess.run(export("--out", out), env=environment, capture_output=True, check=True)
    with closing(sqlite3.connect(out)) as db:
        assert [row[0] for row in db.execute("SELECT imp_uid FROM payments ORDER BY rowid")] == uids


def test_v1_away_in_the_middle(run: Run, network: Network, uids: list[str], tmp_path: Path) -> None:
    out = tmp_path / "payments.csv"
    network.fate = lambda _, path, number: "lose_request" if number > 8 else "answer"
    ended = run("export", "payments", "--from", since(), "--out", out)
    assert ended.code == ExitCode.UNREACHABLE
    assert not out.exists()
    network.fate = lambda *_: "answer"
    assert run("export", "payments", "--from", since(), "--out", out).code == ExitCode.SUCCESS
    assert [row["imp_uid"] for row in read_csv(out)] == uids


def test_a_token_that_expires_in_the_middle(run: Run, network: Network, uids: list[str], tmp_path: Path) -> None:
    expired: list[int] = []

    def fate(_: str, path: str, number: int) -> Fate:
        if number % 4 == 0 and path.startswith("/payments/status/"):
            network.sandbox.faults.expire_tokens()
            expired.append(number)
        return "answer"

    network.fate = fate
    out = tmp_path / "payments.csv"
    assert run("export", "payments", "--from", since(), "--out", out).code == ExitCode.SUCCESS
    assert len(expired) > 1
    assert [row["imp_uid"] for row in read_csv(out)] == uids


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
@pytest.mark.parametrize("which", [0, -1])
def test_a_payment_that_is_cancelled_while_the_export_runs(
    run: Run, network: Network, sandbox: Sandbox, uids: list[str], tmp_path: Path, which: int, suffix: str
) -> None:
    """The first one is in the file already and is replaced; the last one is not."""

    def fate(_: str, path: str, number: int) -> Fate:
        if number == 9 and path.startswith("/payments/status/"):  # V1 now lists it under this moment
            sandbox.client().payments.cancel(imp_uid=uids[which], amount=Decimal(15000))
        return "answer"

    network.fate = fate
    out = tmp_path / f"payments{suffix}"
    assert run("export", "payments", "--from", since(), "--out", out).code == ExitCode.SUCCESS
    rows = read_csv(out) if suffix == ".csv" else read_parquet(out)
    assert sorted(row["imp_uid"] for row in rows) == uids
    assert {row["imp_uid"]: row["status"] for row in rows}[uids[which]] == "cancelled"


def test_the_end_follows_the_clock_of_v1(run: Run, sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.clock.advance(days=400)
    sandbox.pay(merchant_uid="order-1", amount=15000)
    sandbox.clock.advance(minutes=5)
    out = tmp_path / "payments.csv"
    ended = run("export", "payments", "--from", since(1), "--out", out)
    assert ended.code == ExitCode.SUCCESS
    assert [row["merchant_uid"] for row in read_csv(out)] == ["order-1"]


def test_what_is_left_out_is_reported(run: Run, sandbox: Sandbox, tmp_path: Path) -> None:
    paid = sandbox.pay(merchant_uid="order-1", amount=15000)
    sandbox.pay(merchant_uid="order-2", amount=15000)
    sandbox.clock.advance(days=3)
    first, last = (datetime.fromtimestamp(sandbox.clock.now() - days * 86_400, KST) for days in (4, 2))
    sandbox.client().payments.cancel(imp_uid=paid.imp_uid, amount=Decimal(15000))
    sandbox.clock.advance(minutes=5)
    arguments = ("export", "payments", "--from", f"{first:%Y-%m-%d}", "--out")
    ended = run(*arguments, tmp_path / "a.csv", "--to", f"{last:%Y-%m-%d}")
    assert [row["merchant_uid"] for row in read_csv(tmp_path / "a.csv")] == ["order-2"]
    assert "기간 뒤에 취소된 1건은 제외되었습니다" in ended.err
    assert "Left out: 1 payments" in ended.err
    assert "Personal data is ***" in ended.err
    later = run(*arguments, tmp_path / "b.csv", "--to", "2099-12-31", "--show-personal")
    assert "V1의 시각에 맞추어" in later.err
    assert "Left out: everything after" in later.err
    assert "Personal data" not in later.err


def test_another_export_does_not_go_on_with_this_one(
    run: Run, network: Network, uids: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "payments.csv"
    network.fate = lambda _, path, number: "lose_request" if number > 8 else "answer"
    run("export", "payments", "--from", since(), "--out", out)
    network.fate = lambda *_: "answer"
    other = run("export", "payments", "--from", since(5), "--out", out)
    assert other.code == ExitCode.USAGE
    assert "payments.csv.part belongs to a different export" in other.err
    network.sandbox = Sandbox(imp_key="another", imp_secret="merchant")
    monkeypatch.setenv("PORTONE_V1_KEY", "another")
    monkeypatch.setenv("PORTONE_V1_SECRET", "merchant")
    another = run("export", "payments", "--from", since(), "--out", out)
    assert another.code == ExitCode.USAGE
    assert "payments.csv.part belongs to a different export" in another.err
    (tmp_path / "payments.csv.part").write_text("no database at all, but longer than a hundred characters" * 9)
    broken = run("export", "payments", "--from", since(), "--out", out)
    assert broken.code == ExitCode.USAGE
    assert "delete it" in broken.err


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Provide a disk of 256 kB if root may make one, else a limit on file sizes, which fails in the same way."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = shutil.which("mount")
    made = mount is not None and os.geteuid() == 0 and not subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(disk)], capture_output=True, check=False
    ).returncode  # fmt: skip
    yield disk
    if made:
        subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.parametrize("name", ["payments.csv", "payments.sqlite"])
def test_a_full_disk(environment: dict[str, str], uids: list[str], small_disk: Path, name: str) -> None:
    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (256 * 1024, 256 * 1024))

    out = small_disk / name
    ended = subprocess.run(
        export("--out", out), env=environment, capture_output=True, text=True, check=False, preexec_fn=limit
    )
    assert ended.returncode == ExitCode.REFUSED
    assert "free some space" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
    assert not out.exists()


ODD = {"amount": "many", "paid_at": "soon", "escrow": "maybe", "card_quota": "x", "cancelled_at": "later"}
HUGE = {"card_quota": str(2**63), "amount": "1e999999999"}


@pytest.mark.parametrize("odd", [ODD, HUGE])
def test_what_v1_sent_in_another_form_is_exported_as_it_came(
    run: Run, sandbox: Sandbox, network: Network, tmp_path: Path, odd: dict[str, str]
) -> None:
    seed(sandbox, 1, 1)

    def alter(body: bytes) -> bytes:
        answer = json.loads(body)
        for row in (answer["response"] or {}).get("list", ()):
            row.update(odd)
        return json.dumps(answer).encode()

    network.alter = alter
    for name in ("odd.csv", "odd.sqlite"):
        assert run("export", "payments", "--from", since(), "--out", tmp_path / name).code == 0
    with (tmp_path / "odd.csv").open(encoding="utf-8-sig") as file:
        (row,) = csv.DictReader(file)
    assert {name: row[name] for name in odd} == odd
    refused = run("export", "payments", "--from", since(), "--out", tmp_path / "odd.parquet")
    assert refused.code == ExitCode.USAGE
    assert "cannot be read: choose .csv or .sqlite" in refused.err
    assert not (tmp_path / "odd.parquet").exists()


@pytest.mark.parametrize("place", ["file/x.csv", "none/x.csv", "folder.csv", "/proc/x.csv"])
def test_a_place_where_no_file_can_appear_is_refused_before_the_first_request(
    run: Run, network: Network, tmp_path: Path, place: str
) -> None:
    """Nobody, not even root, creates a file in /proc."""
    (tmp_path / "file").write_text("")
    (tmp_path / "folder.csv").mkdir()
    ended = run("export", "payments", "--from", since(), "--out", tmp_path / place, "--force")
    assert ended.code == ExitCode.USAGE
    assert len(ended.err.splitlines()) == 1
    assert "choose another --out" in ended.err
    assert network.number == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder.csv"]


def test_a_terminal_shows_how_far_it_is(terminal: Spawn, uids: list[str], tmp_path: Path) -> None:
    child = terminal(*export("--out", tmp_path / "payments.csv")[3:], TERM="xterm-256color")
    code, shown = finish(child)
    assert code == ExitCode.SUCCESS
    assert "export" in shown
    assert "건" in shown
    assert "0:00:0" in shown  # the time that is left


PEAK = """
import sys
from portone_v1_cli import main
code = main(sys.argv[1:])
print([line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")][0])
sys.exit(code)
"""


def test_memory_does_not_grow_with_the_number_of_payments(environment: dict[str, str], tmp_path: Path) -> None:
    """100,000 where the CI runs, 12,000 on a desk: what is compared with is 4,000."""
    many = 100_000 if os.environ.get("PORTONE_V1_CI") else 12_000
    peaks: list[int] = []
    for number in (4_000, many):
        sandbox = Sandbox()
        seed(sandbox, number, 25)
        out = tmp_path / f"{number}.csv"
        with Network(sandbox) as network:
            ended = subprocess.run(
                [COMMAND[0], "-c", PEAK, "export", "payments", "--from", since(27), "--out", str(out)],
                env={**environment, "PORTONE_V1_BASE_URL": network.url}, capture_output=True, text=True, check=True,
            )  # fmt: skip
        peaks.append(int(ended.stdout))
        with out.open(encoding="utf-8-sig") as file:
            assert len({line.partition(",")[0] for line in file}) == number + 1
    assert peaks[1] - peaks[0] < 25_000, f"{peaks} kB"


@pytest.mark.parametrize("suffix", [".csv", ".sqlite", ".parquet"])
def test_half_of_an_emoji_stops_no_export(
    run: Run, sandbox: Sandbox, environment: dict[str, str], tmp_path: Path, suffix: str
) -> None:
    """A name that was cut off in the middle of a pair: JSON holds it, and no file does."""
    seed(sandbox, 3, 1)
    record = next(iter(sandbox._engine.state.payments.values()))
    record.name = "커피 \ud83d"
    if suffix == ".parquet":
        pytest.importorskip("pyarrow")
    out = tmp_path / f"payments{suffix}"
    since = (datetime.now(KST) - timedelta(days=2)).date().isoformat()
    ended = run("export", "payments", "--from", since, "--out", out)
    assert (ended.code, "3건" in ended.err) == (ExitCode.SUCCESS, True)
    get = [*COMMAND, "payments", "get", record.imp_uid, "-o", "json"]
    shown = subprocess.run(get, env=environment, capture_output=True, check=True)
    assert json.loads(shown.stdout)["name"] == "커피 \ud83d"
