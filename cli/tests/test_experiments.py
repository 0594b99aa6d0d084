"""`doctor --experiments`: each tells its readings apart, only on test channels, and everything is refunded."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from portone_v1 import PortOne
from portone_v1_cli.exit_codes import ExitCode
from portone_v1_cli.experiments.command import run_trials
from portone_v1_cli.experiments.lab import Lab
from portone_v1_cli.experiments.no_journal import NoJournal
from portone_v1_cli.experiments.questions import QUESTIONS
from portone_v1_sandbox import TEST_CARDS, Assumptions, Channel, Movement, Sandbox

from .conftest import Run, Spawn, finish
from .network import Network

CHANNELS = (
    Channel("channel-key-test", "nice_v2", "testbill", "api_payment", sandbox=True),
    Channel("channel-key-live", "kcp", "livebill", "api_payment", sandbox=False),
)
KEYS = {"imp_key": "sandbox_key", "imp_secret": "sandbox_secret"}


def issue(client: PortOne, name: str, card: str = "ordinary", channel: str = "channel-key-test") -> None:
    client.billing_keys.issue(
        name, card_number=TEST_CARDS[card].number, expiry="2030-12", birth="900101", channel_key=channel
    )


def read(tmp_path: Path, name: str, assumptions: Assumptions, rounds: int = 2) -> Any:
    """Run one experiment against one reading of V1, and give everything back."""
    box = Sandbox(channels=CHANNELS, assumptions=assumptions)
    with box.client(intents=NoJournal()) as client:
        issue(client, "good")
        issue(client, "bad", "charge_failed")
        record = tmp_path / "experiments.json"
        lab = Lab(client, "good", "bad", 1000, 100, rounds, record)
        if not assumptions.read_lag and name != "E7":  # waiting is real only where V1 is behind
            lab.sleep = lambda _: None
        (found,) = run_trials(lab, [name], KEYS)
        assert lab.give_back() == []
    assert not record.exists()
    moved = {"charge": Decimal(0), "refund": Decimal(0)}
    for movement in box.ledger:
        moved[movement.kind] += movement.amount
    assert moved["charge"] == moved["refund"], "what was taken is refunded"
    assert {each.schedule_status for each in box._engine.state.schedules.values()} <= {"revoked"}
    assert found.reading in QUESTIONS[name].decides, found
    return found


SLOW = {"pg_seconds": 0.4}
CASES: list[tuple[str, dict[str, Any], str]] = [
    ("E1", {}, "echoed"),
    ("E1", {"echoes_custom_data": False}, "lost"),
    ("E2", {}, "kept"),
    ("E2", {"keeps_refund_reason": False}, "lost"),
    ("E3", {**SLOW}, "hidden"),
    ("E3", {**SLOW, "shows_attempts": True}, "visible"),
    ("E4", {}, "immediate"),
    ("E4", {"read_lag": 0.3}, "behind"),
    ("E5", {**SLOW}, "queue"),
    ("E5", {**SLOW, "concurrent_writes": "refuse"}, "refuse"),
    ("E5", {**SLOW, "concurrent_writes": "race"}, "race"),
    ("E6", {**SLOW}, "queue"),
    ("E6", {**SLOW, "concurrent_writes": "refuse"}, "refuse"),
    ("E6", {**SLOW, "concurrent_writes": "race"}, "race"),
    ("E7", {**SLOW}, "executed"),
    ("E8", {}, "refused"),
    ("E8", {"charges_refunded_order": True}, "charged"),
    ("E9", {}, "refused"),
    ("E9", {"schedules_again": True}, "twice"),
    ("E10", {}, "allowed"),
    ("E10", {"charges_declined_order": False}, "refused"),
    ("E11", {}, "agrees"),
    ("E11", {"sends_date": False}, "no_date"),
    ("E12", {}, "ignored"),
    ("E12", {"honours_idempotency_key": True}, "honoured"),
]


@pytest.mark.parametrize(("name", "assumed", "reading"), CASES)
def test_each_experiment_tells_its_readings_apart(
    tmp_path: Path, name: str, assumed: dict[str, Any], reading: str
) -> None:
    assert read(tmp_path, name, Assumptions(**assumed)).reading == reading


def test_a_request_whose_caller_has_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portone_v1_cli.experiments.trials.LATER", (0.1, 0.2))
    box = Sandbox(channels=CHANNELS, assumptions=Assumptions(pg_seconds=0.4, executes_abandoned=False))
    with box.client(intents=NoJournal()) as client:
        issue(client, "good")
        lab = Lab(client, "good", None, 1000, 100, 1, tmp_path / "experiments.json", sleep=lambda _: None)
        (found,) = run_trials(lab, ["E7"], KEYS)
        assert lab.give_back() == []
    assert found.reading == "not_executed"
    assert box.ledger == ()


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(channels=CHANNELS)


@pytest.fixture
def keys(sandbox: Sandbox) -> Iterator[PortOne]:
    with sandbox.client(intents=NoJournal()) as client:
        issue(client, "good")
        issue(client, "bad", "charge_failed")
        issue(client, "live", channel="channel-key-live")
        yield client


QUICK = ("--only", "E1", "--only", "E2", "--only", "E11")
ASKED = ("doctor", "--experiments", "--customer-uid", "good", "--declined-customer-uid", "bad", *QUICK)


def test_the_report_says_which_v1_this_is(run: Run, sandbox: Sandbox, keys: PortOne) -> None:
    ended = run(*ASKED, "--yes", "-o", "json")
    assert ended.code == ExitCode.SUCCESS, ended.err
    report = json.loads(ended.out)
    assert (report["v1"], report["pg"]) == ("sandbox", "nice_v2")
    assert [(each["id"], each["reading"]) for each in report["answers"]] == [
        ("E1", "echoed"), ("E2", "kept"), ("E11", "agrees"),
    ]  # fmt: skip
    assert all(each["decides"] for each in report["answers"])
    assert report["answers"][0]["seen"] == {"paid": "echoed", "declined": "echoed"}
    for secret in ("imp_", "imps_", "portone-v1-test-", "good", "sandbox_key", "channel-key"):
        assert secret not in ended.out
    ended = run(*ASKED, "--yes")
    assert "취소 사유가 cancel_history에 그대로 남는가" in ended.out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--customer-uid", "live"), ExitCode.REFUSED),
        (("--customer-uid", "good", "--declined-customer-uid", "live"), ExitCode.REFUSED),
        (("--customer-uid", "nobody"), ExitCode.USAGE),
        ((), ExitCode.USAGE),
        (("--customer-uid", "good", "--only", "E99"), ExitCode.USAGE),
    ],
)
def test_nothing_is_charged_but_on_a_test_channel(
    run: Run, sandbox: Sandbox, keys: PortOne, arguments: tuple[str, ...], code: ExitCode
) -> None:
    ended = run("doctor", "--experiments", "--yes", *arguments)
    assert ended.code == code
    assert sandbox.ledger == ()


def test_a_payment_that_is_not_marked_as_a_test_stops_everything(
    run: Run, sandbox: Sandbox, keys: PortOne, network: Network
) -> None:
    handle = sandbox.handle

    def live(request: Any) -> Any:
        answer = handle(request)
        if request.path == "/subscribe/payments/again":
            from dataclasses import replace

            return replace(answer, body=answer.body.replace(b'"sandbox":true', b'"sandbox":false'))
        return answer

    sandbox.handle = live  # type: ignore[method-assign]
    ended = run(*ASKED, "--yes")
    assert ended.code == ExitCode.REFUSED
    assert "테스트 결제로 표시하지 않은" in ended.err
    assert [movement.kind for movement in sandbox.ledger] == ["charge", "refund"]


def test_it_wants_its_price_typed_and_gives_back_after_ctrl_c(
    terminal: Spawn, run: Run, sandbox: Sandbox, keys: PortOne, network: Network
) -> None:
    assert run(*ASKED).code == ExitCode.USAGE, "no terminal"
    child = terminal(*ASKED)
    child.expect("type 3000 and press Enter. Anything else sends nothing: ")
    for expected in ("good", "테스트 채널", "E11", "최대 3건"):
        assert expected in (child.before or "")
    child.sendline("yes")
    assert finish(child)[0] == ExitCode.REFUSED
    assert sandbox.ledger == ()
    child = terminal(*ASKED)

    def interrupt(method: str, path: str, number: int) -> Any:
        if path == "/payments/cancel" and sandbox.ledger and not refunded:
            refunded.append(number)
            child.kill(signal.SIGINT)
        return "answer"

    refunded: list[int] = []
    network.fate = interrupt
    child.expect("Anything else sends nothing: ")
    child.sendline("3000")
    code, shown = finish(child)
    assert code == ExitCode.INTERRUPTED, shown
    assert "모두 환불했습니다" in shown
    moved: tuple[Movement, ...] = sandbox.ledger
    assert sum(m.amount for m in moved if m.kind == "charge") == sum(m.amount for m in moved if m.kind == "refund")


def interrupted(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_killed_run_is_finished_by_the_next(
    run: Run, sandbox: Sandbox, keys: PortOne, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTONE_V1_INTENTS", str(tmp_path / "intents.sqlite3"))
    lab = Lab(keys, "good", None, 1000, 100, 1, tmp_path / "experiments.json")
    lab.charge(lab.new_order())  # and the process dies
    assert [movement.kind for movement in sandbox.ledger] == ["charge"]
    command = ("doctor", "--experiments", "--customer-uid", "good", "--only", "E11", "--yes", "-o", "json")
    with monkeypatch.context() as patched:
        patched.setattr(Lab, "give_back", interrupted)
        stopped = run(*command)
    assert stopped.code == ExitCode.UNKNOWN  # a refund may have been sent
    assert "No change was sent" not in stopped.err
    ended = run(*command)
    assert ended.code == ExitCode.SUCCESS
    assert "지난 실행" in ended.err
    assert [movement.kind for movement in sandbox.ledger] == ["charge", "refund"]
    assert not (tmp_path / "experiments.json").exists()
