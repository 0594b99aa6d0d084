"""Every operation of the table is a command, made from the table alone."""

from __future__ import annotations

import subprocess
import sys
from types import MappingProxyType
from typing import Any

import pytest
from portone_v1_cli.app import build
from portone_v1_cli.exit_codes import ExitCode
from portone_v1_generated.api.payments import PaymentsApi
from portone_v1_generated.operations import OPERATIONS, OperationInfo, ParameterInfo

from .conftest import Run

SEEN_TO = {("payments_cancel", "checksum"), ("auth_get_token", "imp_key"), ("auth_get_token", "imp_secret")}
"""What nobody types: the money-safe cancellation reads it fresh, or the profile holds it."""


def _typed(name: str) -> str:
    return name.rstrip("_").replace("_", "-")


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=lambda operation: operation.id)
def test_the_help_of_an_operation_names_all_its_options_in_both_languages(operation: OperationInfo, run: Run) -> None:
    ended = run(_typed(operation.area), _typed(operation.name), "--help")
    assert ended.code == 0
    shown = "".join(ended.out.split())
    assert "".join(operation.name_ko.split()) in shown
    assert "".join(operation.summary.split()) in shown
    for parameter in operation.parameters:
        if (operation.id, parameter.python_name) in SEEN_TO:
            continue
        option = parameter.python_name if parameter.location == "path" else f"--{_typed(parameter.python_name)}"
        assert option in ended.out
        assert "".join(parameter.name_ko.split()) in shown, parameter.python_name
    assert ("--yes" in ended.out) is not operation.safe


def test_the_help_of_everything_else(run: Run) -> None:
    assert "Exit codes" in run("--help").out
    for area in {operation.area for operation in OPERATIONS.values()}:
        ended = run(_typed(area), "--help")
        assert ended.code == 0
        for operation in OPERATIONS.values():
            assert operation.area != area or _typed(operation.name) in ended.out
    for command in (["export", "payments"], ["reconcile"], ["doctor"], ["sandbox"], ["webhooks", "listen"]):
        assert run(*command, "--help").code == 0


def test_a_new_operation_of_the_specification_is_a_new_command(
    run: Run, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    asked: list[dict[str, Any]] = []

    def glance(self: PaymentsApi, imp_uid: str, *, depth: int | None = None) -> dict[str, Any]:  # as generated
        """잠깐 보기: Glance at a payment.

        Args:
            imp_uid: 포트원 거래고유번호. PortOne's id of the payment.
            depth: 깊이. How deep to look.
        """
        asked.append({"imp_uid": imp_uid, "depth": depth})
        return {"glanced": True}

    monkeypatch.setattr(PaymentsApi, "glance", glance, raising=False)
    parameters = (
        ParameterInfo("imp_uid", "imp_uid", "path", "text", True, "포트원 거래고유번호"),
        ParameterInfo("depth", "depth", "query", "integer", False, "깊이"),
    )
    fake = OperationInfo(
        "payments_glance", "payments", "glance", "GET", "/payments/{imp_uid}/glance", True, False, "잠깐 보기",
        "Glance at a payment", parameters,
    )  # fmt: skip
    app = build(MappingProxyType({**OPERATIONS, fake.id: fake}))
    with pytest.raises(SystemExit) as ended:
        app(["payments", "--help"])
    assert ended.value.code == 0
    assert "잠깐 보기: Glance at a payment" in capfd.readouterr().out
    assert app(["payments", "glance", "imp_1", "--depth", "3"], standalone_mode=False) == ExitCode.SUCCESS
    assert asked == [{"imp_uid": "imp_1", "depth": 3}]
    assert "glanced" in capfd.readouterr().out
    assert run("payments", "glance", "imp_1").code == ExitCode.USAGE  # it is in no table but this one


def test_the_key_pair_can_not_be_typed(run: Run) -> None:
    ended = run("auth", "get-token", "--imp-key", "x")
    assert ended.code == ExitCode.USAGE
    assert "No such option" in ended.err
    token = run("auth", "get-token", "--output", "json")
    assert token.code == 0
    assert '"access_token":"***"' in token.out


def test_a_start_imports_what_the_command_needs() -> None:
    """Help, completion and a proposal ask for all commands, a command for itself."""
    code = (
        "import sys; from portone_v1_cli import main; main(['payments', 'get', '--help']); "
        "print(*(name for name in sys.modules if name.startswith('portone_v1_cli.')))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True).stdout
    own = {f"portone_v1_cli.{name}" for name in ("doctor", "explain", "export", "intents", "local", "lookup")}
    assert own.isdisjoint(shown.splitlines()[-1].split())
    assert "portone_v1_cli.operations" in shown.splitlines()[-1].split()


def test_what_is_proposed_for_a_typing_error(run: Run) -> None:
    for typed, meant in (("payments gett", "get"), ("intents lst", "list"), ("webhooks lisen", "listen")):
        assert f"Did you mean '{meant}'" in run(*typed.split()).err
