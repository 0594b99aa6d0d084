"""What an operator reads when something fails: both languages, what happened to the money, what to do."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from portone_v1 import errors
from portone_v1.errors import (
    AuthenticationError,
    DoublePaymentError,
    InProgressError,
    IntentStoreError,
    InvalidRequestError,
    KeyConflictError,
    NoAnswerError,
    NotSentError,
    OutcomeUnknownError,
    RateLimitError,
    RefusedError,
    ServerError,
    VerificationError,
    WrongShopError,
)
from portone_v1_cli.errors import describe
from portone_v1_cli.exit_codes import ExitCode
from portone_v1_sandbox import Sandbox

from .conftest import COMMAND, Run

IDS = {"imp_uid": "imp_1", "merchant_uid": "order-1"}


def error_of(err: str) -> dict[str, Any]:
    line: dict[str, Any] = json.loads(err)["error"]
    return line


def test_errors_are_json_where_results_are(run: Run) -> None:
    ended = run("payments", "get", "imp_1", "-o", "json")
    assert (ended.code, ended.out) == (ExitCode.REFUSED, "")
    error = error_of(ended.err)
    assert (error["exit_code"], error["kind"], error["operation"], error["http_status"]) == (
        1, "not_found", "payments.get", 404,
    )  # fmt: skip
    assert error["ids"] == {"imp_uid": "imp_1"}
    assert error["ko"].startswith("찾을 수 없습니다")
    assert "--include-sandbox" in error["en"]


@pytest.mark.parametrize("form", [("-o", "json"), ("--output=json",), ("-ojson",), ("--output", "json")])
def test_a_wrong_command_line_is_json_too(run: Run, form: tuple[str, ...]) -> None:
    error = error_of(run("payments", "search", "pad", *form).err)
    assert (error["exit_code"], error["kind"], error["help"]) == (2, "usage", "portone-v1 payments search --help")


def test_a_write_without_a_terminal_was_not_sent(run: Run, sandbox: Sandbox) -> None:
    paid = sandbox.pay(merchant_uid="order-1", amount=15000)
    error = error_of(run("payments", "cancel", "--imp-uid", paid.imp_uid, "--amount", "full", "-o", "json").err)
    assert error["ko"].startswith("보내지 않았습니다.")
    assert error["en"].startswith("Not sent:")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (["paymnets"], "payments"), (["refund"], "payments cancel"), (["환불"], "payments cancel"),
        (["payments", "gte"], "get"), (["get-token"], "auth get-token"),
        (["payments", "cancel", "--imp-uiid", "x"], "--imp-uid"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_typing_error_is_answered_with_what_was_meant(run: Run, typed: list[str], meant: str) -> None:
    assert error_of(run("-o", "json", *typed).err)["did_you_mean"] == meant
    assert f"혹시 {meant}인가요?" in run(*typed).err


def test_json_is_heard_behind_another_short_option(run: Run) -> None:
    ended = run("payments", "cancel", "--imp-uid", "imp_1", "--amount", "x", "-yo", "json")
    assert error_of(ended.err)["kind"] == "usage"


@pytest.mark.parametrize(
    ("uid", "command"),
    [
        ("order 1", "find-all 'order 1'"),
        ("a;b", "find-all 'a;b'"),
        ("-x", "find-all -- -x"),
        ("-x y", "find-all -- '-x y'"),
    ],
)
def test_a_command_to_run_can_be_pasted(uid: str, command: str) -> None:
    failure = describe(OutcomeUnknownError("no", operation="subscribe.again", ids={"merchant_uid": uid}))
    assert failure.details["check"] == f"portone-v1 payments {command}"


def test_a_profile_that_is_nearly_right(run: Run, environment: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / ".config" / "portone-v1" / "profiles.toml"
    path.parent.mkdir(parents=True)
    path.write_text('[coffee]\nimp_key = "k"\nimp_secret = "s"\n[books]\nimp_key = "k"\nimp_secret = "s"\n')
    path.chmod(0o600)
    assert "Did you mean 'coffee'?" in run("channels", "list", "--profile", "cofee").err
    typed = "portone-v1 channels list --profile co"
    words = {"COMP_WORDS": typed, "COMP_CWORD": "4", "_PORTONE_V1_COMPLETE": "complete_bash"}
    shown = subprocess.run(COMMAND, env={**environment, **words}, capture_output=True, text=True, check=False)
    assert shown.stdout.split() == ["coffee"]


@pytest.mark.parametrize(
    ("error", "korean", "english"),
    [
        (RefusedError("no", operation="payments.cancel", status=200, code=1), "이 명령으로 취소된 금액은 없습니다",
         "nothing was refunded by this command"),
        (RefusedError("no", operation="subscribe.again", status=200, code=1), "이 명령으로 결제된 금액은 없습니다",
         "nothing was charged by this command"),
        (InvalidRequestError("no", operation="prepare.create", status=400), "바뀐 것은 없습니다",
         "nothing was changed"),
        (RateLimitError("no", operation="payments.get", status=429), "요청이 너무 많습니다", "Try again later"),
        (AuthenticationError("no", operation="payments.get", status=401), "인증에 실패했습니다", "portone-v1 doctor"),
        (ServerError("no", operation="payments.get", status=500), "조회이므로 다시 실행해도 됩니다", "It was a read"),
        (NoAnswerError("no", operation="payments.get"), "조회이므로 다시 실행해도 됩니다", "It was a read"),
        (NotSentError("no", operation="payments.cancel"), "요청은 실행되지 않았습니다", "was not executed"),
        (VerificationError("no", operation="payments.verify", ids=IDS), "결제 내용이 주문과 다릅니다",
         "Do not deliver"),
        (OutcomeUnknownError("no", operation="payments.cancel", ids=IDS), "취소되었을 수 있습니다",
         "Check before running it again: portone-v1 payments get imp_1 --include-sandbox"),
        (OutcomeUnknownError("no", operation="subscribe.again", ids={"merchant_uid": "order-1"}),
         "결제되었을 수 있습니다", "portone-v1 payments find-all order-1"),
        (OutcomeUnknownError("no", operation="prepare.create"), "실행되었을 수 있습니다", "PortOne console"),
        (InProgressError("no", operation="payments.cancel", ids=IDS), "이 명령은 보내지 않았습니다",
         "may have been executed"),
        (KeyConflictError("no", operation="payments.cancel", ids=IDS), "보내지 않았습니다", "Nothing was sent"),
        (DoublePaymentError("no", operation="subscribe.again", ids=IDS), "결제가 두 건 이상", "more than one payment"),
        (WrongShopError("no", operation="payments.cancel"), "조회하지 않았습니다", "nothing was read"),
        (IntentStoreError("no"), "보내지 않았습니다", "nothing was sent"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)  # fmt: skip
def test_each_error_says_what_happened_to_the_money(error: Exception, korean: str, english: str) -> None:
    line = describe(error).line
    assert korean in line
    assert english in line
    assert "취소했습니다" not in line


def test_every_error_of_the_client_has_a_sentence_of_its_own() -> None:
    kinds = [getattr(errors, name) for name in errors.__all__ if name not in ("ApiError", "PortOneError")]
    vague = [kind.__name__ for kind in kinds if "요청에 실패했습니다." in describe(kind("no")).line]
    assert vague == []


def test_without_the_sandbox_the_command_says_what_to_install(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "portone_v1_sandbox.py").write_text(
        "raise ModuleNotFoundError(\"No module named 'portone_v1_sandbox'\", name='portone_v1_sandbox')\n"
    )
    ended = subprocess.run(
        [*COMMAND, "sandbox", "--port", "0"], env={**environment, "PYTHONPATH": str(tmp_path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == ExitCode.USAGE
    assert "샌드박스가 설치되지 않았습니다: pip install 'portone-v1-cli[sandbox]'" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
    doctor = subprocess.run(
        [*COMMAND, "channels", "list"], env={**environment, "PYTHONPATH": str(tmp_path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert doctor.returncode == 0, doctor.stderr
