"""`doctor`: check the connection to V1, and say what to do about each finding."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from ..exit_codes import EXIT_CODES, ExitCode
from ..output import print_table, show_rows
from ..session import Output, OutputOption, ProfileOption, TierOption, session_of
from .checks import Finding, run_checks

__all__ = ["doctor"]

MARKS = {"ok": ("✔", "green"), "warn": ("!", "yellow"), "bad": ("✘", "red"), "skipped": ("–", "dim")}


def doctor(
    context: typer.Context,
    *,
    webhook_url: Annotated[
        str | None,
        typer.Option("--webhook-url", help="점검할 공개 웹훅 주소. · Public webhook URL to test."),
    ] = None,
    profile: ProfileOption = None,
    tier: TierOption = None,
    output: OutputOption = None,
) -> int:
    session = session_of(context, profile=profile, tier=tier, output=output)
    with session.client() as client:
        findings = run_checks(session, client, webhook_url)
    if session.output is Output.TABLE:
        _print(findings)
    else:
        show_rows(session, [finding.to_dict() for finding in findings])
    if any(finding.away for finding in findings):
        return ExitCode.UNREACHABLE
    return ExitCode.REFUSED if any(finding.state == "bad" for finding in findings) else ExitCode.SUCCESS


doctor.__doc__ = f"""DNS, TLS, 시계, API 키, 채널, 웹훅 주소를 점검합니다. 아무것도 바꾸지 않습니다.

Check DNS, TLS, clock, API key and secret, channels and webhook URL. Read-only.

{EXIT_CODES}"""


def _print(findings: list[Finding]) -> None:
    table = Table(box=None, show_header=False, pad_edge=False)
    for finding in findings:
        mark, style = MARKS[finding.state]
        told = Text(finding.found)
        if finding.advice:
            told.append(f"\n→ {finding.advice}", style="bold")
        table.add_row(Text(mark, style=style), Text(finding.name, style="cyan"), told)
    print_table(table)
