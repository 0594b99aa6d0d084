"""`doctor`: what stands between this machine and V1, each finding with what to do."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from ..exit_codes import EXIT_CODES, ExitCode
from ..output import print_table, show_rows
from ..session import Output, OutputOption, ProfileOption, TierOption, session_of
from .checks import Finding, examine

__all__ = ["doctor"]

MARKS = {"ok": ("✔", "green"), "warn": ("!", "yellow"), "bad": ("✘", "red"), "skipped": ("–", "dim")}


def doctor(
    context: typer.Context,
    *,
    webhook_url: Annotated[
        str | None,
        typer.Option("--webhook-url", help="웹훅 주소. Your shop's public address, to be tried."),
    ] = None,
    profile: ProfileOption = None,
    tier: TierOption = None,
    output: OutputOption = None,
) -> int:
    session = session_of(context, profile=profile, tier=tier, output=output)
    with session.client() as client:
        findings = examine(client, webhook_url)
    if session.output is Output.TABLE:
        _print(findings)
    else:
        show_rows(session, [finding.told() for finding in findings])
    if any(finding.away for finding in findings):
        return ExitCode.UNREACHABLE
    return ExitCode.REFUSED if any(finding.state == "bad" for finding in findings) else ExitCode.DONE


doctor.__doc__ = f"""진단: name resolution, TLS, clock, key pair, channels, webhook address. Changes nothing.

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
