"""`explain`: say what happened and what to do, from an imp_uid, an error text or a pasted body."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from portone_v1.errors import NotFoundError

from ..exit_codes import EXIT_CODES, ExitCode, usage_error
from ..formatting import text_of
from ..output import print_line, show_rows
from ..session import Output, OutputOption, ProfileOption, Session, TierOption, session_of
from .findings import NO_SUCH_PAYMENT, UNKNOWN, Finding, explain_text, imp_uid_in
from .payment import explain_payment

__all__ = ["explain"]


def explain(
    context: typer.Context,
    *,
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="TEXT",
            help="imp_uid, 오류 문구 또는 붙여 넣은 본문. -는 표준 입력."
            " · imp_uid, error text or pasted body; - reads standard input.",
        ),
    ],
    offline: Annotated[
        bool, typer.Option("--offline", help="결제를 조회하지 않습니다. · Do not look up the payment.")
    ] = False,
    profile: ProfileOption = None,
    tier: TierOption = None,
    output: OutputOption = None,
) -> int:
    session = session_of(context, profile=profile, tier=tier, output=output)
    text = sys.stdin.read() if words == ["-"] else " ".join(words)
    if not text.strip():
        usage_error("설명할 내용이 없습니다.", "nothing to explain: pass an imp_uid, an error text or a body")
    findings = explain_text(text)
    uid = imp_uid_in(text)
    if uid is not None and not offline:
        findings += _looked_up(session, uid)
    findings = list(dict.fromkeys(findings)) or [UNKNOWN]
    if session.output is not Output.TABLE:
        show_rows(session, [finding.to_dict() for finding in findings])
    else:
        for finding in findings:
            print_line(text_of(f"{finding.korean} · {finding.english}"))
            print_line(text_of(f"→ {finding.do_korean} · {finding.do_english}"))
    return ExitCode.REFUSED if findings == [UNKNOWN] else ExitCode.SUCCESS


explain.__doc__ = f"""무슨 일이 있었고 무엇을 해야 하는지 알려 줍니다(imp_uid, 오류 문구, 본문).

Say what happened and what to do, from an imp_uid, an error text or a pasted body. A payment that is named is looked
up; nothing is changed. The text itself is not shown again.

{EXIT_CODES}"""


def _looked_up(session: Session, uid: str) -> list[Finding]:
    with session.client() as client:
        try:
            return explain_payment(client.payments.get(uid, include_sandbox=True))
        except NotFoundError:
            return [NO_SUCH_PAYMENT]
