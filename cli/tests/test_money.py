"""Nothing changes before it was confirmed, and the outcome is always shown."""

from __future__ import annotations

import json
import signal
import subprocess
import threading
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from unicodedata import normalize

import pytest
from portone_v1.clock import SystemClock
from portone_v1_cli.exit_codes import ExitCode
from portone_v1_sandbox import TEST_CARDS, Request, Response, Sandbox

from .conftest import COMMAND, Run, Spawn, finish
from .network import Fate, Network


@pytest.fixture
def imp_uid(sandbox: Sandbox) -> str:
    return sandbox.pay(merchant_uid="order-1", amount=15000, name="책", buyer_name="홍길동").imp_uid


def refunds(sandbox: Sandbox) -> list[Decimal]:
    return [movement.amount for movement in sandbox.ledger if movement.kind == "refund"]


def test_a_refund_shows_what_it_is_about_and_wants_the_amount_typed(
    terminal: Spawn, sandbox: Sandbox, imp_uid: str
) -> None:
    child = terminal("payments", "cancel", "--imp-uid", imp_uid, "--amount", "5,000", "--key", "return-1")
    child.expect("type 5000 and press Enter. Anything else sends nothing: ")
    summary = child.before or ""
    for expected in ("결제취소", imp_uid, "order-1", "15,000 KRW", "paid", "environment"):
        assert expected in summary
    assert "홍길동" not in summary
    assert refunds(sandbox) == []
    child.sendline("5000")
    code, shown = finish(child)
    assert code == ExitCode.SUCCESS
    assert "refunded" in shown
    assert refunds(sandbox) == [Decimal(5000)]


def test_a_refund_by_the_number_of_the_order_shows_its_payment(terminal: Spawn, sandbox: Sandbox, imp_uid: str) -> None:
    child = terminal("payments", "cancel", "--merchant-uid", "order-1", "--amount", "full")
    child.expect("type 15000 and press Enter. Anything else sends nothing: ")
    assert "15,000 KRW" in (child.before or "")
    child.sendline("15000")
    assert finish(child)[0] == ExitCode.SUCCESS
    assert refunds(sandbox) == [Decimal(15000)]


def test_a_refund_down_to_what_is_to_remain_wants_the_amount_that_is_refunded(
    terminal: Spawn, sandbox: Sandbox, imp_uid: str
) -> None:
    child = terminal("payments", "cancel", "--imp-uid", imp_uid, "--left", "4000")
    child.expect("To refund 11,000 KRW of 15,000 KRW so that 4,000 KRW remain, type 11000 and press Enter")
    child.sendline("11000")
    assert finish(child)[0] == ExitCode.SUCCESS
    assert refunds(sandbox) == [Decimal(11000)]


@pytest.mark.parametrize("left", ["15000", "20000"])
def test_no_refund_is_reported_where_more_than_the_balance_is_to_remain(
    run: Run, sandbox: Sandbox, imp_uid: str, left: str
) -> None:
    ended = run("payments", "cancel", "--imp-uid", imp_uid, "--left", left, "--yes", "-o", "json")
    assert ended.code == ExitCode.USAGE
    assert ended.out == ""
    assert "nothing to refund; nothing was sent" in ended.err
    assert refunds(sandbox) == []


def test_a_refund_made_elsewhere_is_not_reported_as_one_of_this_command(
    run: Run, sandbox: Sandbox, imp_uid: str
) -> None:
    sandbox.cancel(imp_uid)
    ended = run("payments", "cancel", "--imp-uid", imp_uid, "--amount", "full", "--yes", "-o", "json")
    assert ended.code == ExitCode.SUCCESS
    assert json.loads(ended.out)["outcome_amount"] == 0
    assert "This command refunded nothing" in ended.err


@pytest.mark.parametrize("typed", ["yes", "500", ""])
def test_anything_else_typed_sends_nothing(terminal: Spawn, sandbox: Sandbox, imp_uid: str, typed: str) -> None:
    child = terminal("payments", "cancel", "--imp-uid", imp_uid, "--amount", "5000", "--key", "return-1")
    child.expect("Anything else sends nothing: ")
    child.sendline(typed)
    code, shown = finish(child)
    assert code == ExitCode.REFUSED
    assert "확인되지 않아 보내지 않았습니다" in shown
    assert "취소했습니다" not in shown
    assert refunds(sandbox) == []


def test_ctrl_c_at_the_question_sends_nothing(terminal: Spawn, sandbox: Sandbox, imp_uid: str) -> None:
    child = terminal("payments", "cancel", "--imp-uid", imp_uid, "--amount", "full")
    child.expect("type 15000 and press Enter. Anything else sends nothing: ")
    child.sendintr()
    code, shown = finish(child)
    assert code == ExitCode.INTERRUPTED
    assert "Traceback" not in shown
    assert refunds(sandbox) == []


def test_without_a_terminal_only_yes_goes_on(run: Run, sandbox: Sandbox, imp_uid: str) -> None:
    arguments = ("payments", "cancel", "--imp-uid", imp_uid, "--amount", "full")
    refused = run(*arguments, stdin="15000\n")
    assert refused.code == ExitCode.USAGE
    assert "--yes" in refused.err
    assert refunds(sandbox) == []
    done = run(*arguments, "--yes", "-o", "json")
    assert done.code == ExitCode.SUCCESS
    result = json.loads(done.out)
    assert (result["outcome"], result["outcome_amount"], result["status"]) == ("refunded", 15000, "cancelled")
    again = run(*arguments, "--yes", "-o", "json")  # full may be passed again
    assert again.code == ExitCode.SUCCESS
    assert refunds(sandbox) == [Decimal(15000)]


def test_a_part_without_a_key_is_refused_before_it_is_confirmed(run: Run, sandbox: Sandbox, imp_uid: str) -> None:
    """Nothing would tell it from its repetition. The operator reads which option is missing, not which argument."""
    for more in ((), ("--yes",)):
        ended = run("payments", "cancel", "--imp-uid", imp_uid, "--amount", "5000", *more)
        assert ended.code == ExitCode.USAGE
        assert "부분취소에는 --key" in ended.err
        assert "Not sent: a partial refund needs --key" in ended.err
    assert refunds(sandbox) == []


@pytest.mark.parametrize(
    "typed", ["1e3", "1.000", "-1.000", "1_000", "+1000", " 1000", "１０００", "1,00", "-1000", "0", ""]
)
def test_an_amount_is_typed_in_digits_or_not_at_all(run: Run, sandbox: Sandbox, imp_uid: str, typed: str) -> None:
    ended = run("payments", "cancel", "--imp-uid", imp_uid, "--amount", typed, "--key", "return-1", "--yes")
    assert ended.code == ExitCode.USAGE
    assert refunds(sandbox) == []


def test_a_refund_by_order_shows_the_attempt_that_holds_money(
    terminal: Spawn, network: Network, sandbox: Sandbox, imp_uid: str
) -> None:
    """Of two attempts the one is refunded whole, the other in part: both read `cancelled`."""
    other = sandbox.pay(merchant_uid="order-2", amount=9000, name="책").imp_uid
    sandbox.cancel(other)
    sandbox.cancel(imp_uid, amount=5000)
    network.alter = lambda body: body.replace(b"order-2", b"order-1")
    found = sandbox.handle

    def attempts(request: Request) -> Response:
        answer = found(request)
        if not request.path.startswith(("/payments/find/", "/payments/findAll/")):
            return answer
        rows = [
            json.loads(found(replace(request, path=f"/payments/{uid}")).body)["response"] for uid in (other, imp_uid)
        ]
        whole = {"total": 2, "previous": 0, "next": 0, "list": rows}
        shown = whole if "findAll" in request.path else rows[0]
        return replace(answer, status=200, body=json.dumps({"code": 0, "message": None, "response": shown}).encode())

    sandbox.handle = attempts  # type: ignore[method-assign]
    child = terminal("payments", "cancel", "--merchant-uid", "order-1", "--amount", "full")
    child.expect("full refundable balance of 10,000 KRW, type 10000 and press Enter")
    child.sendline("10000")
    assert finish(child)[0] == ExitCode.SUCCESS
    assert refunds(sandbox) == [Decimal(9000), Decimal(5000), Decimal(10000)]


def test_all_schedules_of_a_key_are_revoked_by_that_word_alone(run: Run, terminal: Spawn, sandbox: Sandbox) -> None:
    with sandbox.client() as client:
        client.billing_keys.issue("customer-1", card_number=TEST_CARDS["ordinary"].number, expiry="2039-12")
        due = sandbox.clock.now() + 3600
        orders = [{"merchant_uid": f"next-{number}", "schedule_at": due, "amount": 1000} for number in range(3)]
        client.subscribe.schedule(customer_uid="customer-1", schedules=orders)
    everything = ("subscribe", "unschedule", "--merchant-uid", "ALL")
    for left_out in ((), ("--customer-uid", ""), ("--customer-uid", " ")):
        assert run(*everything, *left_out, "--yes").code == ExitCode.USAGE
    child = terminal(*everything, "--customer-uid", "customer-1")
    child.expect("To revoke every schedule of customer-1, type customer-1 and press Enter")
    child.sendline("customer-1")
    assert finish(child)[0] == ExitCode.SUCCESS
    again = run(*everything, "--customer-uid", "customer-1", "--yes")
    assert again.code == ExitCode.REFUSED  # none is left


def test_too_much_is_refused_before_it_is_sent(run: Run, sandbox: Sandbox, imp_uid: str) -> None:
    ended = run("payments", "cancel", "--imp-uid", imp_uid, "--amount", "15001", "--key", "return-1", "--yes")
    assert ended.code == ExitCode.USAGE
    assert "15000" in ended.err
    assert refunds(sandbox) == []


def test_a_lost_answer_is_found_out(
    run: Run, network: Network, sandbox: Sandbox, imp_uid: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SystemClock, "sleep", lambda *_: None)
    network.fate = lambda _, path, __: "lose_answer" if path == "/payments/cancel" else "answer"
    ended = run("payments", "cancel", "--imp-uid", imp_uid, "--amount", "5000", "--key", "return-1", "--yes")
    assert ended.code == ExitCode.SUCCESS
    assert refunds(sandbox) == [Decimal(5000)]


def test_an_outcome_that_stays_unknown_is_exit_code_3_and_says_where_to_look(
    run: Run, network: Network, imp_uid: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SystemClock, "sleep", lambda *_: None)
    sent: list[str] = []

    def fate(method: str, path: str, _: int) -> Fate:
        sent.extend([path] if method == "POST" and path == "/payments/cancel" else [])
        return "lose_answer" if sent else "answer"

    network.fate = fate
    ended = run("payments", "cancel", "--imp-uid", imp_uid, "--amount", "5000", "--key", "return-1", "--yes")
    assert ended.code == ExitCode.UNKNOWN
    assert f"portone-v1 payments get {imp_uid} --include-sandbox" in ended.err
    assert len(ended.err.splitlines()) == 1


@pytest.mark.parametrize(
    "key", ["반품-1 ", " 반품-1", "반품-1\r", "\ufeff반품-1", "반품\u200b-1", normalize("NFD", "반품-1")]
)
def test_a_key_that_only_looks_like_another_one_refunds_nothing(
    run: Run, sandbox: Sandbox, imp_uid: str, key: str
) -> None:
    arguments = ("payments", "cancel", "--imp-uid", imp_uid, "--amount", "5000", "--yes", "--key")
    assert run(*arguments, "반품-1").code == ExitCode.SUCCESS
    ended = run(*arguments, key)
    assert (ended.code, "Not sent: --key has blanks" in ended.err) == (ExitCode.USAGE, True)
    assert refunds(sandbox) == [Decimal(5000)]


def test_an_order_number_that_only_looks_like_another_one_is_not_charged(run: Run, sandbox: Sandbox) -> None:
    card = ("--amount", "5000", "--card-number", "-", "--expiry", "-", "--yes")
    for number, code in {"order-9": 0, "order-9 ": 2, "order-9\r": 2, "order-9\N{NO-BREAK SPACE}": 2}.items():
        lines = f"{TEST_CARDS['ordinary'].number}\n2039-12\n"
        assert run("subscribe", "onetime", "--merchant-uid", number, *card, stdin=lines).code == code
    assert len(sandbox.ledger) == 1
    due = json.dumps([{"merchant_uid": "next-1\r", "schedule_at": 1900000000, "amount": 1000}])
    ended = run("subscribe", "schedule", "--customer-uid", "someone", "--yes", "--schedules", due)
    assert (ended.code, "--schedules merchant_uid has" in ended.err) == (ExitCode.USAGE, True)


def test_the_time_of_a_schedule_is_written_like_any_other(run: Run, sandbox: Sandbox) -> None:
    with sandbox.client() as client:
        card = TEST_CARDS["ordinary"].number
        client.billing_keys.issue("customer-1", card_number=card, expiry="2039-12", birth="880101")
    order = ("subscribe", "schedule", "--customer-uid", "customer-1", "--yes", "--schedules")
    due = {"merchant_uid": "next-1", "schedule_at": "2030-03-01T09:00", "amount": 1000, "name": "정기배송"}
    assert run(*order, json.dumps([due])).code == ExitCode.SUCCESS
    with sandbox.client() as client:
        found = client.subscribe.get_schedule("next-1").schedule_at
        assert found is not None
        assert found.isoformat() == "2030-03-01T09:00:00+09:00"
    wrong = run(*order, json.dumps([{**due, "merchant_uid": "next-2", "schedule_at": "next month"}]))
    assert (wrong.code, "--schedules schedule_at must be" in wrong.err) == (ExitCode.USAGE, True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_after_the_request_has_left_is_exit_code_3(
    environment: dict[str, str], network: Network, imp_uid: str, number: signal.Signals
) -> None:
    left, over = threading.Event(), threading.Event()

    def fate(_: str, path: str, __: int) -> Fate:
        if path == "/payments/cancel":
            left.set()
            over.wait(30)
        return "answer"

    network.fate = fate
    arguments = ["payments", "cancel", "--imp-uid", imp_uid, "--amount", "5000", "--key", "return-1", "--yes"]
    with subprocess.Popen([*COMMAND, *arguments], env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert left.wait(30)
        process.send_signal(number)
        _, stderr = process.communicate(timeout=30)
        over.set()
    assert process.returncode == ExitCode.UNKNOWN
    assert "Check before running it again: portone-v1 payments get" in stderr
    assert "Traceback" not in stderr


def test_card_data_is_asked_for_or_read_from_a_file_but_never_typed(
    run: Run, sandbox: Sandbox, tmp_path: object
) -> None:
    order = ("subscribe", "onetime", "--merchant-uid", "order-9", "--amount", "5000", "--yes")
    number = TEST_CARDS["ordinary"].number
    typed = run(*order, "--card-number", number, "--expiry", "-")
    assert typed.code == ExitCode.USAGE
    assert number not in typed.err
    done = run(*order, "--card-number", "-", "--expiry", "-", "-o", "json", stdin=f"{number}\n2039-12\n")
    assert done.code == ExitCode.SUCCESS
    result = json.loads(done.out)
    assert (result["outcome"], result["already_paid"]) == ("paid", False)
    assert number not in done.out + done.err
    again = run(*order, "--expiry", "-", "--card-number", "-", "-o", "json", stdin=f"2039-12\n{number}\n")
    assert json.loads(again.out)["already_paid"] is True
    assert "This command charged nothing" in again.err
    assert len(sandbox.ledger) == 1


def test_lines_are_taken_in_the_order_of_the_options(run: Run, sandbox: Sandbox) -> None:
    number = TEST_CARDS["ordinary"].number
    order = ("subscribe", "onetime", "--merchant-uid", "order-9", "--amount", "5000", "--yes")
    done = run(*order, "--expiry", "-", "--buyer-name", "-", "--card-number", "-", stdin=f"2039-12\n홍길동\n{number}\n")
    assert done.code == ExitCode.SUCCESS
    with sandbox.client() as client:
        assert client.payments.find("order-9").buyer_name == "홍길동"


def test_personal_data_within_json_is_read_from_a_file_alone(run: Run, tmp_path: Path) -> None:
    due = [{"merchant_uid": "next-1", "schedule_at": 1900000000, "amount": 1000, "buyer_tel": "010-0000-0000"}]
    order = ("subscribe", "schedule", "--customer-uid", "nobody", "--yes", "--schedules")
    typed = run(*order, json.dumps(due))
    assert typed.code == ExitCode.USAGE
    assert "@FILE" in typed.err
    assert "010" not in typed.err
    file = tmp_path / "due.json"
    file.write_text(json.dumps(due), encoding="utf-8")
    assert run(*order, f"@{file}").code == ExitCode.REFUSED  # V1 knows no such key
    assert run(*order, json.dumps([{**due[0], "buyer_tel": ""}])).code == ExitCode.REFUSED


def test_a_terminal_asks_for_card_data_without_showing_it(terminal: Spawn, sandbox: Sandbox) -> None:
    number = TEST_CARDS["ordinary"].number
    child = terminal("subscribe", "onetime", "--merchant-uid", "order-9", "--amount", "5000")
    child.expect(r"카드번호 \(--card-number\): ")
    child.sendline(number)
    child.expect(r"\(--expiry\): ")
    child.sendline("2039-12")
    child.expect("type 5000 and press Enter. Anything else sends nothing: ")
    assert number not in (child.before or "")
    child.sendline("5000")
    code, shown = finish(child)
    assert code == ExitCode.SUCCESS
    assert number not in shown
    assert len(sandbox.ledger) == 1


def test_a_declined_charge_is_exit_code_1(run: Run, sandbox: Sandbox) -> None:
    card = next(card for card in TEST_CARDS.values() if card.behaviour == "charge_refused")
    order = ("subscribe", "onetime", "--merchant-uid", "order-9", "--amount", "5000", "--yes")
    ended = run(*order, "--card-number", "-", "--expiry", "-", stdin=f"{card.number}\n2039-12\n")
    assert ended.code == ExitCode.REFUSED
    assert "nothing was charged" in ended.err
    assert sandbox.ledger == ()


def test_a_write_without_an_amount_wants_its_id_typed(terminal: Spawn, run: Run) -> None:
    assert run("prepare", "create", "--merchant-uid", "order-7", "--amount", "3000", "--yes").code == ExitCode.SUCCESS
    for uid in ("customer-1", "customer,1"):
        child = terminal("billing-keys", "delete", uid)
        child.expect(f"type {uid} and press Enter. Anything else sends nothing: ")
        child.sendline(uid)
        code, shown = finish(child)
        assert code == ExitCode.REFUSED  # the sandbox knows no such key
        assert "Not sent" not in shown
        assert "Traceback" not in shown


def test_a_full_standard_output_does_not_hide_that_it_is_done(
    environment: dict[str, str], sandbox: Sandbox, imp_uid: str
) -> None:
    arguments = ["payments", "cancel", "--imp-uid", imp_uid, "--amount", "full", "--yes"]
    with open("/dev/full", "w") as full:  # noqa: PTH123 - a device
        ended = subprocess.run(
            [*COMMAND, *arguments], env=environment, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert ended.returncode == ExitCode.SUCCESS
    assert "only printing the result failed (no space left" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert refunds(sandbox) == [Decimal(15000)]


def test_a_fault_in_showing_it_does_not_hide_that_it_is_done(
    run: Run, sandbox: Sandbox, imp_uid: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(*_: object) -> None:
        raise NameError("oops")

    monkeypatch.setattr("portone_v1_cli.writes.outcomes.show", fault)
    ended = run("payments", "cancel", "--imp-uid", imp_uid, "--amount", "full", "--yes")
    assert ended.code == ExitCode.SUCCESS
    assert "V1 executed the change; only printing" in ended.err
    assert refunds(sandbox) == [Decimal(15000)]
