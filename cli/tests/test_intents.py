"""`intents`: what a dead process left in the journal is listed, settled by reading, and decided by a person."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from portone_v1 import PortOne
from portone_v1.errors import OutcomeUnknownError, UndecidedError
from portone_v1.intents import Intent, SQLiteStore
from portone_v1_cli.exit_codes import ExitCode
from portone_v1_sandbox import Sandbox

from .conftest import COMMAND, Run, Spawn, finish
from .network import Fate, Network


class Hurried:
    """Time that passes by sleeping."""

    def __init__(self) -> None:
        self._slept = 0.0

    def time(self) -> float:
        return time.time() + self._slept

    def monotonic(self) -> float:
        return time.monotonic() + self._slept

    def sleep(self, seconds: float) -> None:
        self._slept += seconds


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> Path:
    place = tmp_path / "intents.sqlite3"
    environment["PORTONE_V1_INTENTS"] = str(place)
    monkeypatch.setenv("PORTONE_V1_INTENTS", str(place))
    return place


@pytest.fixture
def shop(path: Path, network: Network) -> Iterator[PortOne]:
    """Open a client as the shop's own process does, with the same journal file."""
    store = SQLiteStore(path)
    with PortOne("sandbox_key", "sandbox_secret", base_url=network.url, intents=store, clock=Hurried()) as client:
        yield client
    store.close()


def lost_refund(shop: PortOne, sandbox: Sandbox, network: Network, fate: Fate, key: str = "return-1") -> Intent:
    """Make a refund whose answer or request is lost, and whose process gives up at once. Return its intent."""
    paid = sandbox.pay(merchant_uid=f"order-{key}", amount=15000, buyer_name="홍길동")
    looks = {"n": 0}

    def later(method: str, path: str, number: int) -> Fate:
        if path == "/payments/cancel":
            looks["n"] = number
            return fate
        return "lose_request" if looks["n"] and path.startswith("/payments/") else "answer"

    network.fate = later
    with pytest.raises(UndecidedError):
        shop.payments.cancel_once(imp_uid=paid.imp_uid, amount=5000, key=key, deadline=8.0)
    network.fate = lambda *_: "answer"
    (found,) = [each for each in shop.intents.open() if each.arguments["imp_uid"] == paid.imp_uid]
    return found


def rows(ended: Any) -> list[dict[str, Any]]:
    assert ended.code in (ExitCode.SUCCESS, ExitCode.UNKNOWN), ended.err
    found: list[dict[str, Any]] = json.loads(ended.out)
    return found


def test_an_open_refund_is_listed_and_settled_by_reading(
    run: Run, shop: PortOne, sandbox: Sandbox, network: Network
) -> None:
    intent = lost_refund(shop, sandbox, network, "lose_answer")
    (row,) = rows(run("intents", "list", "-o", "json"))
    assert (row["id"], row["operation"], row["name"]) == (intent.id, "payments.cancel", "결제취소")
    assert (row["resource"], row["amount"], row["state"]) == (f"payment:{intent.arguments['imp_uid']}", 5000, "open")
    assert "홍길동" not in json.dumps(row, ensure_ascii=False)
    for named in (["--key", "return-1"], ["--imp-uid", intent.arguments["imp_uid"]]):
        assert [each["id"] for each in rows(run("intents", "list", *named, "-o", "json"))] == [intent.id]
    assert rows(run("intents", "list", "--older-than", "1h", "-o", "json")) == []
    assert rows(run("intents", "list", "--key", "return-2", "-o", "json")) == []
    assert run("intents", "show", intent.id).code == ExitCode.SUCCESS
    ended = run("intents", "settle", "-o", "json")
    assert ended.code == ExitCode.SUCCESS
    assert [(each["verdict"], each["id"]) for each in json.loads(ended.out)] == [("refunded", intent.id)]
    assert rows(run("intents", "list", "-o", "json")) == []
    assert [each["outcome"] for each in rows(run("intents", "list", "--decided", "-o", "json"))] == ["refunded"]
    assert [movement.amount for movement in sandbox.ledger if movement.kind == "refund"] == [Decimal(5000)]
    handled: list[str] = []
    shop.settle_all(lambda settled: handled.append(settled.state))
    assert handled == ["refunded"], "the shop's own job is notified all the same"


def test_a_rerun_says_what_it_waits_for_and_until_when(
    run: Run, shop: PortOne, sandbox: Sandbox, network: Network, path: Path
) -> None:
    """The run before was killed: its lease is not over."""
    lost = lost_refund(shop, sandbox, network, "lose_answer")
    store = SQLiteStore(path)
    assert store.save(lost.changed(lease_until=time.time() + 0.7))
    store.close()
    uid = lost.arguments["imp_uid"]
    ended = run("payments", "cancel", "--imp-uid", uid, "--amount", "5000", "--key", "return-1", "--yes", "-o", "json")
    assert ended.code == ExitCode.SUCCESS
    (line,) = ended.err.splitlines()
    assert f"Waiting for an earlier payments.cancel of {uid}, which is running or was killed: until " in line
    assert json.loads(ended.out)["outcome_amount"] == 5000
    assert [movement.amount for movement in sandbox.ledger if movement.kind == "refund"] == [5000]


def test_what_v1_does_not_show_stays_open_and_says_so(
    run: Run, shop: PortOne, sandbox: Sandbox, network: Network
) -> None:
    lost_refund(shop, sandbox, network, "lose_request")
    ended = run("intents", "settle")
    assert ended.code == ExitCode.UNKNOWN
    assert "undecided" in ended.out
    assert "다시 취소하지 말고" in ended.err
    sandbox.clock.advance(seconds=400)
    later = run("intents", "settle", "-o", "json")
    assert later.code == ExitCode.SUCCESS
    assert [each["verdict"] for each in json.loads(later.out)] == ["not_refunded"]


def test_an_unreachable_v1_is_no_verdict(run: Run, shop: PortOne, sandbox: Sandbox, network: Network) -> None:
    intent = lost_refund(shop, sandbox, network, "lose_request")
    network.fate = lambda method, path, _: "lose_request" if path.startswith("/payments/") else "answer"
    ended = run("intents", "settle", intent.id, "-o", "json")
    assert ended.code in (ExitCode.UNREACHABLE, ExitCode.UNKNOWN)
    assert json.loads(ended.out)[0]["verdict"] in ("unreadable", "undecided")
    assert [each.id for each in shop.intents.open()] == [intent.id]


def test_a_person_decides_only_after_typing_what_it_is_about(
    run: Run, terminal: Spawn, shop: PortOne, sandbox: Sandbox, network: Network
) -> None:
    intent = lost_refund(shop, sandbox, network, "lose_request")
    uid = str(intent.arguments["imp_uid"])
    asked = ("intents", "resolve", intent.id, "not_refunded", "--note", "PG console, 10:00")
    assert run(*asked).code == ExitCode.USAGE, "no terminal"
    for typed in ("y", "", "imp_1"):
        child = terminal(*asked)
        child.expect("Anything else records nothing: ")
        child.sendline(typed)
        code, shown = finish(child)
        assert code == ExitCode.REFUSED
        assert "기록하지 않았습니다" in shown
        assert "아직 확정되지 않았습니다" in shown
    assert [each.id for each in shop.intents.open()] == [intent.id]
    child = terminal(*asked)
    child.expect("Anything else records nothing: ")
    assert "취소되지 않았음" in (child.before or "")
    child.sendline(uid)
    code, shown = finish(child)
    assert code == ExitCode.SUCCESS
    assert "not_refunded" in shown
    decided = shop.intents.get(intent.id)
    assert decided is not None
    assert (decided.outcome, decided.result["evidence"]) == ("not_refunded", "person")
    assert run(*asked, "--yes").code == ExitCode.REFUSED
    assert [movement for movement in sandbox.ledger if movement.kind == "refund"] == []


@pytest.mark.parametrize(
    ("arguments", "code", "expected"),
    [
        (("resolve", "ID", "paid", "--note", "x", "--yes"), ExitCode.USAGE, "refunded, refused, not_refunded"),
        (("resolve", "ID", "maybe", "--note", "x", "--yes"), ExitCode.USAGE, "OUTCOME"),
        (("resolve", "ID", "refunded", "--note", " ", "--yes"), ExitCode.USAGE, "--note"),
        (("resolve", "f" * 32, "refunded", "--note", "x", "--yes"), ExitCode.REFUSED, "저널에 없습니다"),
        (("settle", "f" * 32), ExitCode.REFUSED, "저널에 없습니다"),
        (("show", "f" * 32), ExitCode.REFUSED, "저널에 없습니다"),
        (("list", "--older-than", "soon"), ExitCode.USAGE, "10m"),
        (("list", "--key", "a", "--imp-uid", "b"), ExitCode.USAGE, "하나만"),
        (("list", "--store", "nowhere.sqlite3"), ExitCode.USAGE, "저널이 없습니다"),
        (("list", "--store", "no_such_module:store"), ExitCode.USAGE, "no_such_module"),
        (("list", "--store", "json:nothing"), ExitCode.USAGE, "json has no nothing"),
        (("list", "--store", "decimal:Decimal"), ExitCode.USAGE, "not a journal store"),
    ],
)
def test_what_is_wrong_is_reported_and_records_nothing(
    run: Run,
    shop: PortOne,
    sandbox: Sandbox,
    network: Network,
    arguments: tuple[str, ...],
    code: ExitCode,
    expected: str,
) -> None:
    intent = lost_refund(shop, sandbox, network, "lose_request")
    ended = run("intents", *[intent.id if each == "ID" else each for each in arguments])
    assert ended.code == code
    assert expected in ended.err
    assert [each.id for each in shop.intents.open()] == [intent.id]


def test_a_store_of_the_shops_code(
    environment: dict[str, str], tmp_path: Path, shop: PortOne, sandbox: Sandbox, network: Network, path: Path
) -> None:
    intent = lost_refund(shop, sandbox, network, "lose_answer")
    (tmp_path / "shopstore.py").write_text(
        "import sqlalchemy as sa\n"
        "from portone_v1.contrib.sqlalchemy import SQLAlchemyStore\n"
        "def store():\n"
        f"    engine = sa.create_engine('sqlite:///{tmp_path}/shop.sqlite3')\n"
        "    SQLAlchemyStore.metadata.create_all(engine)\n"
        "    return SQLAlchemyStore(engine)\n",
        encoding="utf-8",
    )
    fill = (
        "import shopstore; from portone_v1.intents import Intent\n"
        f"shopstore.store().begin(Intent.from_json({intent.to_json()!r}))"
    )
    subprocess.run([sys.executable, "-c", fill], cwd=tmp_path, env=environment, check=True)
    for arguments in (["list"], ["settle"]):
        ended = subprocess.run(
            [*COMMAND, "intents", *arguments, "--store", "shopstore:store", "-o", "json"],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr
        assert [row["id"] for row in json.loads(ended.stdout)] == [intent.id]


def checks(run: Run, *arguments: str) -> dict[str, dict[str, Any]]:
    ended = run("intents", "doctor", "-o", "json", *arguments)
    return {finding["name"]: finding for finding in json.loads(ended.out)} | {"code": {"code": ended.code}}


def test_doctor_over_a_good_journal(run: Run, shop: PortOne, path: Path) -> None:
    path.chmod(0o600)
    found = checks(run)
    assert found["code"]["code"] == ExitCode.SUCCESS
    for name in ("file", "lock", "format", "open", "clock"):
        assert found[name]["state"] == "ok"


def test_doctor_says_what_is_wrong(
    run: Run, shop: PortOne, sandbox: Sandbox, network: Network, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    intent = lost_refund(shop, sandbox, network, "lose_request")
    with sqlite3.connect(path, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with monkeypatch.context() as patch:
            patch.setattr("portone_v1_cli.intents.doctor.BUSY", 0.1)  # it waits in vain
            found = checks(run)
        assert (found["lock"]["state"], found["code"]["code"]) == ("bad", ExitCode.REFUSED)
        other.execute("ROLLBACK")
        newer = intent.to_json().replace('"version":1', '"version":2')
        other.execute("UPDATE portone_intent SET document = ?", (newer,))
        assert "upgrade" in checks(run)["format"]["advice"]
        old = intent.changed(sent_at=intent.sent_at - 90_000).to_json()
        other.execute("UPDATE portone_intent SET document = ?", (old,))
    other.close()
    assert checks(run, "--offline")["open"]["found"].startswith("미확정 1건, 가장 오래된 것 1d")
    sandbox.clock.advance(seconds=3600)
    assert checks(run)["clock"]["state"] == "warn"
    network.fate = lambda *_: "lose_request"
    assert checks(run)["code"]["code"] == ExitCode.UNREACHABLE
    shop.close()
    for text, expected in ((b"no database at all, but a text that is long enough", "SQLite"), (b"", "no journal")):
        path.write_bytes(text)
        for more in path.parent.glob("intents.sqlite3-*"):
            more.unlink()
        assert expected in checks(run)["lock"]["found"]
    path.unlink()
    assert checks(run)["file"]["state"] == "warn"
    assert not path.exists(), "looking makes no journal"


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("portone-v1 payments get imp", "IMP"),
        ("portone-v1 payments cancel --imp-uid imp", "IMP"),
        ("portone-v1 intents show ", "ID"),
        ("portone-v1 intents list --key ret", "return-1"),
        ("portone-v1 --profile sh", "shop"),
        ("portone-v1 intents resolve x not_r", "not_refunded"),
    ],
)
def test_the_shell_offers_ids_of_the_journal(
    environment: dict[str, str],
    tmp_path: Path,
    shop: PortOne,
    sandbox: Sandbox,
    network: Network,
    typed: str,
    offered: str,
) -> None:
    profiles = tmp_path / ".config" / "portone-v1" / "profiles.toml"
    profiles.parent.mkdir(parents=True)
    profiles.write_text('[shop]\nimp_key = "k"\nimp_secret = "s"\n', encoding="utf-8")
    profiles.chmod(0o600)
    intent = lost_refund(shop, sandbox, network, "lose_answer")
    words = {"COMP_WORDS": typed, "COMP_CWORD": str(typed.count(" ")), "_PORTONE_V1_COMPLETE": "complete_bash"}
    ended = subprocess.run(
        COMMAND, env={**environment, **words}, capture_output=True, text=True, check=True, cwd=tmp_path
    )
    wanted = {"IMP": intent.arguments["imp_uid"], "ID": intent.id}.get(offered, offered)
    assert wanted in ended.stdout.split()


def test_a_write_that_moves_no_money(run: Run, shop: PortOne, sandbox: Sandbox, network: Network) -> None:
    """A prepared amount whose answer is lost, and one of which the request is lost."""
    for fate, order in (("lose_answer", "order-1"), ("lose_request", "order-2")):
        network.fate = lambda method, path, _, fate=fate: (  # type: ignore[misc]
            fate if (method, path) == ("POST", "/payments/prepare") else "answer"
        )
        with pytest.raises(OutcomeUnknownError):
            shop.prepare.create(merchant_uid=order, amount=1000)
    network.fate = lambda *_: "answer"
    listed = rows(run("intents", "list", "-o", "json"))
    assert [(each["operation"], each["resource"]) for each in listed] == [
        ("prepare.create", "prepared:order-1"),
        ("prepare.create", "prepared:order-2"),
    ]
    ended = run("intents", "settle", "-o", "json")
    assert ended.code == ExitCode.UNKNOWN
    assert [each["verdict"] for each in json.loads(ended.out)] == ["done", "undecided"]
    left = listed[1]["id"]
    wrong = run("intents", "resolve", left, "paid", "--note", "console", "--yes")
    assert (wrong.code, "done, not_done" in wrong.err) == (ExitCode.USAGE, True)
    assert run("intents", "resolve", left, "not_done", "--note", "console", "--yes").code == ExitCode.SUCCESS
    assert rows(run("intents", "list", "-o", "json")) == []
