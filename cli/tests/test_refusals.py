"""Bad input and bad luck: one line, the right exit code, never a trace."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from portone_v1 import __version__
from portone_v1_cli.exit_codes import ExitCode
from portone_v1_sandbox import Sandbox

from .conftest import COMMAND, Ended, Run


def one_line(ended: Ended, code: ExitCode, *expected: str) -> None:
    assert ended.code == code
    assert ended.out == ""
    assert len(ended.err.splitlines()) == 1, ended.err
    assert ended.err.startswith("portone-v1: ")
    for words in expected:
        assert words in ended.err


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["paymnets"], "No such command"),
        (["payments", "gte"], "get"),
        (["payments", "get"], "Missing argument"),
        (["payments", "get", "imp_1", "--depth", "1"], "No such option"),
        (["payments", "search", "pad"], "is not one of"),
        (["payments", "search", "paid", "--from", "yesterday"], "2026-01-31"),
        (["payments", "search", "paid", "--limit", "many"], "not a valid int"),
        (["payments", "get-many"], "at least one of"),
        (["payments", "cancel", "--amount", "5000", "--key", "return-1", "--yes"], "exactly one of"),
        (["payments", "cancel", "--imp-uid", "x", "--amount", "-5", "--yes"], "amount"),
        (["payments", "cancel", "--imp-uid", "x", "--amount", "5천", "--yes"], "5000"),
        (["payments", "cancel", "--imp-uid", "x", "--amount", "1e400", "--yes"], "5000"),
        (["payments", "cancel", "--imp-uid", "x", "--amount", "NaN", "--yes"], "5000"),
        (["payments", "cancel", "--imp-uid", "x", "--amount", "full", "--extra", "{", "--yes"], "JSON"),
        (["payments", "cancel", "--imp-uid", "x", "--amount", "full", "--extra", "[]", "--yes"], "JSON object"),
        (["subscribe", "schedule", "--customer-uid", "c", "--schedules", "{}", "--yes"], "JSON array"),
        (["subscribe", "schedule", "--customer-uid", "c", "--schedules", "@/nowhere", "--yes"], "cannot read"),
        (["payments", "get", ".."], "is not a valid identifier"),
        (["payments", "get", "imp_1", "--tier", "toolong"], "three characters"),
        (["payments", "get", "imp_1", "--profile", "shop"], "profile"),
        (["-o", "xml", "channels", "list"], "is not one of"),
        (["export", "payments", "--from", "2026-01-01", "--out", "x.xlsx"], ".csv"),
        (["export", "payments", "--from", "2099-01-01", "--out", "x.csv"], "before"),
        (["export", "payments", "--from", "2026-01-01", "--out", "/nowhere/x.csv"], "/nowhere/x.csv"),
        (["reconcile", "--orders", "/nowhere.csv", "--from", "2026-01-01", "--to", "2026-01-02"], "/nowhere.csv"),
        (["webhooks", "listen", "--forward", "localhost:8000"], "http://localhost:8000/webhook"),
        (["sandbox", "--port", "70000"], "65535"),
        (["sandbox", "--config", ""], "--config must name a file"),
        (["payments", "get", "imp_1", "--profile", ""], "--profile is empty"),
        (["--profile", "", "channels", "list"], "--profile is empty"),
        (["export", "payments", "--from", "2026-01-01", "--to", "", "--out", "x.csv"], "--to is empty"),
        (["reconcile", "--orders", "o.csv", "--from", "2026-01-01", "--to", "2026-01-02", "--csv="], "--csv is empty"),
        (["doctor", "--experiments", "--only", ""], "--only is empty"),
        (["intents", "list", "--store", ""], "--store is empty"),
        (["intents", "show", ""], "an argument is empty"),
        (["intents", "settle", ""], "an argument is empty"),
        (["webhooks", "listen", "--host", ""], "--host is empty"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_wrong_command_line_is_one_line(run: Run, arguments: list[str], expected: str) -> None:
    one_line(run(*arguments), ExitCode.USAGE, expected)


def test_an_unknown_payment(run: Run) -> None:
    one_line(run("payments", "get", "imp_1"), ExitCode.REFUSED, "찾을 수 없습니다", "--include-sandbox")


def test_only_a_command_that_has_the_option_proposes_it(run: Run) -> None:
    refund = ("payments", "cancel", "--imp-uid", "imp_1", "--amount", "full", "--yes")  # looks among test payments, too
    for arguments in (refund, ("payments", "get", "imp_1", "--include-sandbox")):
        ended = run(*arguments)
        one_line(ended, ExitCode.REFUSED, "찾을 수 없습니다")
        assert "--include-sandbox" not in ended.err


@pytest.mark.parametrize(
    ("options", "korean"),
    [
        (["--amount", "99,999", "--key", "r-1"], "취소할 금액(99999)이 취소 가능 금액(5000)보다 큽니다"),
        (["--amount", "0", "--key", "r-1"], "0보다 큰 금액"),
        (["--amount", "-100", "--key", "r-1"], "0보다 큰 금액"),
        (["--amount", "1000\r", "--key", "r-1"], "줄바꿈 문자"),
        (["--amount", "full", "--left", "1000"], "--left(남길 금액) 중 하나만"),
        (["--merchant-uid", "order-1", "--amount", "full"], "--merchant-uid 중 하나만"),
        ([], "--left(남길 금액) 중 하나만"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_refund_that_cannot_be_made_says_why_in_korean(
    run: Run, sandbox: Sandbox, options: list[str], korean: str
) -> None:
    imp_uid = sandbox.pay(merchant_uid="order-1", amount=5000).imp_uid
    one_line(run("payments", "cancel", "--imp-uid", imp_uid, *options, "--yes"), ExitCode.USAGE, korean)
    assert [movement.kind for movement in sandbox.ledger] == ["charge"]


def test_a_wrong_key(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = "wrong-secret-that-nobody-may-see"
    monkeypatch.setenv("PORTONE_V1_SECRET", wrong)
    ended = run("channels", "list")
    one_line(ended, ExitCode.REFUSED, "portone-v1 doctor")
    assert wrong not in ended.err


def test_no_key(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PORTONE_V1_KEY")
    one_line(run("channels", "list"), ExitCode.USAGE, "PORTONE_V1_KEY", "profiles.toml")


def test_nobody_there(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTONE_V1_BASE_URL", "http://127.0.0.1:1")
    one_line(run("channels", "list"), ExitCode.UNREACHABLE, "was not executed")


def test_plain_http_to_elsewhere(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTONE_V1_BASE_URL", "http://shop.example.com")
    one_line(run("channels", "list"), ExitCode.USAGE, "https")


def test_an_expired_token_is_renewed_without_a_word(run: Run, sandbox: Sandbox) -> None:
    assert run("channels", "list").code == 0
    sandbox.faults.expire_tokens()
    ended = run("channels", "list")
    assert (ended.code, ended.err) == (0, "")


def test_the_message_of_a_refusal_has_its_card_number_crossed_out(run: Run, sandbox: Sandbox) -> None:
    sandbox.pay(merchant_uid="order-1", amount=5000)
    ended = run(
        "subscribe", "onetime", "--merchant-uid", "order-2", "--amount", "5000", "--yes", "--card-number", "-",
        "--expiry", "-", stdin="1234-5678-1234-5678\n2039-12\n",
    )  # fmt: skip
    assert ended.code == ExitCode.REFUSED
    assert "1234-5678-1234-5678" not in ended.err
    assert "1234567812345678" not in ended.err


def test_a_file_for_secrets_is_read(run: Run, sandbox: Sandbox, tmp_path: Path) -> None:
    card, expiry = tmp_path / "card", tmp_path / "expiry"
    card.write_text("4242-4242-4242-4242\n")
    expiry.write_text("2039-12")
    order = ("subscribe", "onetime", "--merchant-uid", "order-2", "--amount", "5000", "--yes")
    assert run(*order, "--card-number", f"@{card}", "--expiry", f"@{expiry}").code == ExitCode.SUCCESS
    assert len(sandbox.ledger) == 1
    one_line(run(*order, "--card-number", "@/nowhere", "--expiry", "-"), ExitCode.USAGE, "cannot read")


def test_a_required_secret_is_not_waited_for_without_a_terminal(run: Run) -> None:
    ended = run("subscribe", "onetime", "--merchant-uid", "order-2", "--amount", "5000", "--yes")
    one_line(ended, ExitCode.USAGE, "--card-number is required")


def test_a_reader_that_has_seen_enough(environment: dict[str, str], sandbox: Sandbox) -> None:
    for number in range(300):
        sandbox.pay(merchant_uid=f"order-{number}", amount=1000)
    command = " ".join([*COMMAND, "payments", "search", "paid", "--limit", "300", "-o", "csv"])
    ended = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command} | head -1"],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == ExitCode.SUCCESS
    assert ended.stdout.startswith("imp_uid,")
    assert "Traceback" not in ended.stderr
    assert "Exception" not in ended.stderr


def test_the_version_needs_no_command(run: Run) -> None:
    assert run("--version") == (ExitCode.SUCCESS, f"portone-v1 {__version__}\n", "")
