"""Colour, width and completion: in a terminal, in a pipe, and as the environment wishes."""

from __future__ import annotations

import json
import subprocess

import pytest
from portone_v1_cli.exit_codes import ExitCode
from portone_v1_sandbox import Sandbox

from .conftest import COMMAND, Run, Spawn, finish
from .network import Network

ESCAPE = "\x1b["


@pytest.fixture(autouse=True)
def paid(sandbox: Sandbox) -> None:
    sandbox.pay(merchant_uid="order-1", amount=15000, name="책")


def piped(environment: dict[str, str], *arguments: str, **variables: str) -> str:
    ended = subprocess.run(
        [*COMMAND, *arguments], env={**environment, **variables}, capture_output=True, text=True, check=True
    )
    return ended.stdout


@pytest.mark.parametrize(
    ("variables", "coloured"),
    [
        ({"TERM": "xterm-256color"}, True),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, False),
        ({"TERM": "dumb"}, False),
    ],
)
def test_a_terminal_has_colour_unless_it_is_not_wanted(
    terminal: Spawn, variables: dict[str, str], *, coloured: bool
) -> None:
    code, shown = finish(terminal("payments", "search", "paid", **variables))
    assert code == 0
    assert "order-1" in shown
    assert (f"{ESCAPE}32m" in shown) is coloured  # `paid` in green


def test_a_pipe_has_none_unless_it_is_wanted(environment: dict[str, str]) -> None:
    assert ESCAPE not in piped(environment, "payments", "search", "paid")
    assert ESCAPE in piped(environment, "payments", "search", "paid", FORCE_COLOR="1", TERM="xterm-256color")
    assert ESCAPE not in piped(environment, "payments", "search", "paid", "-o", "json", FORCE_COLOR="1")


def test_a_pipe_cuts_nothing_off(environment: dict[str, str], sandbox: Sandbox) -> None:
    uid = f"order-{'x' * 34}"
    sandbox.pay(merchant_uid=uid, amount=1)
    shown = piped(environment, "payments", "search", "paid", COLUMNS="20")
    assert any(uid in line and "html5_inicis" in line for line in shown.splitlines())


def test_a_korean_windows_pipe_gets_marks_that_it_can_encode(environment: dict[str, str]) -> None:
    ended = subprocess.run(
        [*COMMAND, "doctor"], env={**environment, "PYTHONIOENCODING": "cp949"}, capture_output=True, check=False
    )
    shown = ended.stdout.decode("cp949")
    assert "인증되었습니다" in shown
    assert {line[:1] for line in shown.splitlines() if line[1:3] == "  "} <= {"O", "X", "!", "-", " "}
    assert "\\u" not in shown


def test_a_narrow_terminal_shows_fewer_columns_and_breaks_none(terminal: Spawn) -> None:
    shown = ""
    for columns in ("8", "30", "60"):
        code, shown = finish(terminal("payments", "search", "paid", COLUMNS=columns, TERM="xterm", NO_COLOR="1"))
        assert code == 0
        assert "Traceback" not in shown
    assert any("order-1" in line and "15,000" in line for line in shown.splitlines())


def test_an_error_as_json_gives_a_terminal_nothing_to_obey(terminal: Spawn, run: Run, network: Network) -> None:
    network.alter = lambda body: body.replace(json.dumps("존재하지")[1:-1].encode(), b"\\u009b31m\\u202eX")
    arguments = ("payments", "get", "imp_000000000000", "-o", "json")
    code, shown = finish(terminal(*arguments))
    assert code == ExitCode.REFUSED
    assert not {"\x9b", "\u202e"} & {*shown}
    assert json.loads(shown)["error"]["v1_message"].startswith("\ufffd31m\ufffdX")
    assert json.loads(run(*arguments).err)["error"]["v1_message"].startswith("\x9b31m\u202eX")


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("portone-v1 bill", "billing-keys"),
        ("portone-v1 payments can", "cancel"),
        ("portone-v1 payments search pa", "paid"),
        ("portone-v1 payments cancel --imp", "--imp-uid"),
        ("portone-v1 exp", "export"),
    ],
)
def test_the_shell_completes(environment: dict[str, str], typed: str, offered: str) -> None:
    words = {"COMP_WORDS": typed, "COMP_CWORD": str(typed.count(" ")), "_PORTONE_V1_COMPLETE": "complete_bash"}
    shown = piped(environment, **words)
    assert offered in shown.split()


def test_the_script_for_completion_can_be_printed(environment: dict[str, str]) -> None:
    shown = piped(environment, "--show-completion", "bash", _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    assert "_PORTONE_V1_COMPLETE" in shown
