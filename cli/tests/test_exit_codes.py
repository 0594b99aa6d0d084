"""An exit code says what happened to the money: closed streams, Ctrl-C and late answers change nothing about it."""

from __future__ import annotations

import json
import signal
import subprocess
from decimal import Decimal
from functools import wraps
from typing import Any

import pytest
from portone_v1._sync.session import Session
from portone_v1.client import PortOne
from portone_v1_cli.exit_codes import ExitCode
from portone_v1_generated.api.subscribe import SubscribeApi
from portone_v1_sandbox import TEST_CARDS, Sandbox

from .conftest import COMMAND, Run
from .network import Fate, Network


@pytest.fixture
def refund(sandbox: Sandbox) -> tuple[str, ...]:
    imp_uid = sandbox.pay(merchant_uid="order-1", amount=15000, name="책").imp_uid
    return ("payments", "cancel", "--imp-uid", imp_uid, "--amount", "full", "--yes")


def in_shell(environment: dict[str, str], redirected: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    words = ["bash", "-c", f'"$@" {redirected}; exit ${{PIPESTATUS[0]}}', "bash", *COMMAND, *arguments]
    return subprocess.run(words, env=environment, capture_output=True, text=True, check=False)


def refunds(sandbox: Sandbox) -> list[Decimal]:
    return [movement.amount for movement in sandbox.ledger if movement.kind == "refund"]


def the_answer_is_lost(network: Network, path: str) -> None:
    sent: list[str] = []

    def fate(_: str, asked: str, __: int) -> Fate:
        sent.extend([asked] if asked == path else [])
        return "lose_answer" if sent else "answer"

    network.fate = fate


@pytest.mark.parametrize("redirected", [">&-", "2>&-", "<&- >&- 2>&-", "| head -c0", "2>&1 | head -c0"])
def test_a_refund_whose_output_nobody_reads_is_made(
    environment: dict[str, str], sandbox: Sandbox, refund: tuple[str, ...], redirected: str
) -> None:
    ended = in_shell(environment, redirected, *refund)
    assert ended.returncode == ExitCode.SUCCESS, ended.stderr
    assert "Traceback" not in ended.stderr
    assert refunds(sandbox) == [Decimal(15000)]


@pytest.mark.parametrize("redirected", ["2>&-", "2>&1 | head -c0"])
def test_an_unknown_outcome_that_nobody_reads_is_exit_code_3(
    environment: dict[str, str], network: Network, sandbox: Sandbox, redirected: str
) -> None:
    the_answer_is_lost(network, "/kcpquick/payment/money")
    words = (
        "--member-id",
        "m",
        "--channel-key",
        "c",
        "--merchant-uid",
        "o",
        "--name",
        "n",
        "--amount",
        "1000",
        "--yes",
    )
    ended = in_shell(environment, redirected, "kcp-quick", "pay-with-money", *words)
    assert ended.returncode == ExitCode.UNKNOWN, ended.stderr


def test_a_wrong_command_line_that_nobody_reads_is_exit_code_2(environment: dict[str, str]) -> None:
    assert in_shell(environment, "2>&-", "payments", "cancel", "--amount", "x").returncode == ExitCode.USAGE


def test_an_explanation_that_nobody_reads_is_one(environment: dict[str, str]) -> None:
    assert in_shell(environment, "| head -c0", "explain", "HTTP 401").returncode == ExitCode.SUCCESS


def test_ctrl_c_after_the_outcome_is_known_changes_nothing(
    run: Run, sandbox: Sandbox, refund: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    close = Session.close

    def closed(self: Session) -> None:
        signal.raise_signal(signal.SIGINT)
        close(self)

    monkeypatch.setattr(Session, "close", closed)
    ended = run(*refund, "-o", "json")
    assert (ended.code, ended.err) == (ExitCode.SUCCESS, "")
    assert json.loads(ended.out)["outcome"] == "refunded"
    assert refunds(sandbox) == [Decimal(15000)]


def test_ctrl_c_twice_after_the_request_has_left_is_exit_code_3(
    run: Run, network: Network, sandbox: Sandbox, refund: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    close = Session.close

    def closed(self: Session) -> None:
        signal.raise_signal(signal.SIGINT)
        close(self)

    def fate(_: str, path: str, __: int) -> Fate:
        if path == "/payments/cancel":
            signal.raise_signal(signal.SIGINT)
        return "answer"

    network.fate = fate
    monkeypatch.setattr(Session, "close", closed)
    ended = run(*refund)
    assert ended.code == ExitCode.UNKNOWN
    assert "No change was sent" not in ended.err
    assert len(refunds(sandbox)) <= 1


def test_ctrl_c_while_the_payment_is_read_is_exit_code_130(
    run: Run, sandbox: Sandbox, refund: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is sent yet, though the command is a write."""

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("portone_v1_generated.api.payments.PaymentsApi.get", interrupted)
    ended = run(*refund)
    assert ended.code == ExitCode.INTERRUPTED
    assert refunds(sandbox) == []


def test_a_fault_after_the_request_has_left_is_exit_code_3(
    run: Run, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = SubscribeApi.schedule

    @wraps(send)
    def faulty(self: SubscribeApi, **given: Any) -> None:
        with pytest.raises(Exception, match="refused"):
            send(self, **given)
        raise ValueError("of an answer that nobody has thought of")

    monkeypatch.setattr(SubscribeApi, "schedule", faulty)
    orders = '[{"merchant_uid": "next-1", "schedule_at": 1900000000, "amount": 1000}]'
    ended = run("subscribe", "schedule", "--customer-uid", "nobody", "--schedules", orders, "--yes")
    assert ended.code == ExitCode.UNKNOWN
    assert "An error after the request was sent (ValueError)" in ended.err
    assert "No change was sent" not in ended.err


def test_a_declined_charge_of_a_schedule_is_exit_code_1(run: Run, sandbox: Sandbox) -> None:
    """It answers `code` 0 with a payment that is `failed`."""
    card = next(card for card in TEST_CARDS.values() if card.behaviour == "charge_failed")
    with sandbox.client() as client:
        client.billing_keys.issue("customer-1", card_number=card.number, expiry="2039-12")
        due = sandbox.clock.now() + 60
        client.subscribe.schedule(
            customer_uid="customer-1", schedules=[{"merchant_uid": "next-1", "schedule_at": due, "amount": 1000}]
        )
    sandbox.clock.advance(seconds=120)
    ended = run("subscribe", "retry", "next-1", "--yes", "-o", "json")
    assert ended.code == ExitCode.REFUSED
    assert json.loads(ended.out)["status"] == "failed"
    assert "nothing was charged. Reason: [SB03]" in json.loads(ended.err)["error"]["en"]
    assert sandbox.ledger == ()


def test_a_charge_that_waits_for_the_pg_is_exit_code_3(run: Run, network: Network, sandbox: Sandbox) -> None:
    card = next(card for card in TEST_CARDS.values() if card.behaviour == "charge_failed")
    with PortOne("sandbox_key", "sandbox_secret", transport=sandbox.transport()) as client:
        client.billing_keys.issue("customer-1", card_number=card.number, expiry="2039-12")
    network.alter = lambda body: body.replace(b'"pg_provider":"nice_v2"', b'"pg_provider":"paypal"')
    charge = ("subscribe", "again", "--customer-uid", "customer-1", "--merchant-uid", "order-1", "--amount", "1000")
    ended = run(*charge, "--name", "책", "--yes", "-o", "json")
    assert ended.code == ExitCode.UNKNOWN
    assert json.loads(ended.out)["outcome"] == "pending"
    error = json.loads(ended.err)["error"]
    assert "Charge no other card" in error["en"]
    assert error["check"].startswith("portone-v1 payments get imp")
