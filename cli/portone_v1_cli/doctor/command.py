"""`doctor`: check the connection to V1, and say what to do about each finding."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from portone_v1_runtime import exact_json
from rich.table import Table
from rich.text import Text

from ..exit_codes import EXIT_CODES, ExitCode, Stop
from ..formatting import text_of
from ..output import print_table, show_rows
from ..session import Output, OutputOption, ProfileOption, Session, TierOption, session_of
from .checks import Finding, run_checks

__all__ = ["doctor", "print_findings"]

MARKS = {
    "ok": ("✔", "O", "green"),
    "warn": ("!", "!", "yellow"),
    "bad": ("✘", "X", "red"),
    "skipped": ("–", "-", "dim"),
}
"""By state: the mark, the one for an output that cannot encode it (CP949 of a Korean Windows), and the colour."""


def doctor(
    context: typer.Context,
    *,
    webhook_url: Annotated[
        str | None,
        typer.Option("--webhook-url", help="점검할 공개 웹훅 주소. · Public webhook URL to test."),
    ] = None,
    compare: Annotated[
        bool,
        typer.Option(
            "--compare",
            help="실제 V1과 샌드박스의 응답 차이를 찾습니다. 조회만 하며 개인정보는 출력하지 않습니다. "
            "· Report where V1 responds differently from the sandbox: reads only, no personal data.",
        ),
    ] = False,
    report: Annotated[
        Path | None,
        typer.Option(
            "--report",
            help="--compare: 결과를 이 파일에 JSON으로 저장합니다. 개인정보는 없습니다. "
            "· Also write the result to this file, as JSON without personal data.",
        ),
    ] = None,
    experiments: Annotated[
        bool,
        typer.Option(
            "--experiments",
            help="테스트 채널에서 결제하고 취소해 이 V1의 동작을 알아냅니다. "
            "· Charge and refund on a test channel, to find out which V1 this is.",
        ),
    ] = False,
    customer_uid: Annotated[
        str | None,
        typer.Option("--customer-uid", help="--experiments: 테스트 채널의 빌링키. · Test channel's billing key."),
    ] = None,
    declined_customer_uid: Annotated[
        str | None,
        typer.Option(
            "--declined-customer-uid",
            help="--experiments: 승인 거절되는 테스트 빌링키. · Test billing key that is declined.",
        ),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="E1…E12", help="--experiments: 실행할 실험. · Experiments to run."),
    ] = None,
    rounds: Annotated[
        int, typer.Option("--rounds", min=1, max=200, help="--experiments: 반복 횟수. · Rounds of E4 to E6.")
    ] = 5,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="--experiments: 확인을 건너뜁니다. · Skip the confirmation.")
    ] = False,
    profile: ProfileOption = None,
    tier: TierOption = None,
    output: OutputOption = None,
) -> int:
    session = session_of(context, profile=profile, tier=tier, output=output)
    if compare:
        return _compare(session, report)
    if experiments:
        from ..experiments.command import Wish, run_experiments

        return run_experiments(session, Wish(customer_uid, declined_customer_uid, only, rounds, yes=yes))
    with session.client() as client:
        findings = run_checks(session, client, webhook_url)
    if session.output is Output.TABLE:
        print_findings(findings)
    else:
        show_rows(session, [finding.to_dict() for finding in findings])
    if any(finding.away for finding in findings):
        return ExitCode.UNREACHABLE
    return ExitCode.REFUSED if any(finding.state == "bad" for finding in findings) else ExitCode.SUCCESS


doctor.__doc__ = f"""DNS, TLS, 시계, API 키, 채널, 웹훅 주소를 점검합니다. 아무것도 바꾸지 않습니다(--experiments 제외).

Check DNS, TLS, clock, API key and secret, channels and webhook URL. Read-only, except with --experiments.

{EXIT_CODES}"""


def _compare(session: Session, report: Path | None) -> int:
    try:
        from .compare import compare
    except ModuleNotFoundError as error:
        if error.name != "portone_v1_sandbox":
            raise
        need = "pip install portone-v1-sandbox"
        raise Stop(ExitCode.USAGE, f"샌드박스가 필요합니다: {need}", f"--compare needs the sandbox: {need}") from None
    with session.client() as client:
        found = compare(client)
    if report is not None:
        _write(report, [comparison.to_dict() for comparison in found])
    if session.output is not Output.TABLE:
        show_rows(session, [comparison.to_dict() for comparison in found])
        return ExitCode.SUCCESS
    table = Table(box=None, show_header=False, pad_edge=False)
    for comparison in found:
        mark = _mark("warn" if comparison.differences else "ok")
        text = Text("\n".join(comparison.differences) or "같습니다 · the same")
        table.add_row(mark, Text(comparison.name, style="cyan"), text)
    print_table(table)
    return ExitCode.SUCCESS


def _write(path: Path, rows: list[dict[str, object]]) -> None:
    try:
        path.write_text(exact_json.dumps(rows) + "\n", encoding="utf-8")
    except OSError as error:
        korean = f"{path}에 쓸 수 없습니다: {error.strerror}"
        raise Stop(ExitCode.USAGE, korean, f"cannot write {path}: {error.strerror}") from None


def _mark(state: str) -> Text:
    mark, plain, style = MARKS[state]
    try:
        mark.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        mark = plain
    return Text(mark, style=style)


def print_findings(findings: list[Finding]) -> None:
    """Print the findings, and what to do about each."""
    table = Table(box=None, show_header=False, pad_edge=False)
    for finding in findings:
        mark = _mark(finding.state)
        text = Text(text_of(finding.found))
        if finding.advice:
            text.append(f"\n→ {text_of(finding.advice)}", style="bold")
        table.add_row(mark, Text(finding.name, style="cyan"), text)
    print_table(table)
