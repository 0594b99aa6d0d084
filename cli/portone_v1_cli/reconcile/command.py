"""`reconcile`: compare V1 with the shop's orders, as a table, a CSV file and an HTML report."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.text import Text

from ..exit_codes import EXIT_CODES, ExitCode, usage_error
from ..export.writers import replacing, require_place
from ..output import show_many, show_rows, write_csv
from ..parameters import moment
from ..session import Output, OutputOption, ProfileOption, Session, TierOption, messages, session_of
from .books import Books
from .compare import compare
from .differences import COLUMNS, KINDS, Differences
from .orders import read_orders
from .report import Findings, write_report
from .statistics import Sales, count_declines

__all__ = ["reconcile"]

MOST_ROWS: Final = 1_000
"""The most rows of a table, which holds all of them to find the widest cells."""


def reconcile(
    context: typer.Context,
    *,
    orders: Annotated[
        Path,
        typer.Option(
            "--orders",
            help="주문 CSV. merchant_uid, amount 필수; refunded, currency 선택."
            " · Orders CSV with merchant_uid and amount; optional refunded and currency.",
        ),
    ],
    from_: Annotated[str, typer.Option("--from", help="시작(KST). · Start (KST), e.g. 2026-01-01.")],
    to: Annotated[str, typer.Option("--to", help="종료. 날짜만 쓰면 그날 전체. · End; a date means the whole day.")],
    csv_: Annotated[
        Path | None,
        typer.Option("--csv", help="차이를 CSV로도 저장. · Also write the differences to this CSV."),
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", help="오프라인 HTML 보고서. · HTML report; works offline.")
    ] = None,
    profile: ProfileOption = None,
    tier: TierOption = None,
    output: OutputOption = None,
) -> int:
    session = session_of(context, profile=profile, tier=tier, output=output)
    for option, path in (("--csv", csv_), ("--html", html)):
        if path is not None:
            require_place(option, path, force=True)
    with ExitStack() as stack:
        books, found, sales = stack.enter_context(Books()), stack.enter_context(Differences()), Sales()
        compares_refunds = read_orders(orders, books.add_order)
        since, until = moment("--from", from_), moment("--to", to, end=True) + timedelta(seconds=1)
        if until <= since:
            usage_error("--from은 --to보다 앞서야 합니다.", "--from must be before --to")
        client = stack.enter_context(session.client())
        books.add_movements(sales.counted(client.payments.iter_reconcile(since, until)))
        found.extend(compare(books, compares_refunds=compares_refunds))
        if html is not None:
            failed = client.payments.iter_search("failed", from_=since, to=int(until.timestamp()) - 1, limit=500)
            write_report(html, Findings(since, until, books.orders, sales, found, count_declines(failed)))
        if csv_ is not None:
            _write(csv_, found)
        _print(found, session, books.orders, compares_refunds=compares_refunds)
        return ExitCode.REFUSED if found else ExitCode.SUCCESS


reconcile.__doc__ = f"""포트원의 결제·취소를 주문 파일과 대조합니다. 아무것도 바꾸지 않습니다.

Compare V1's charges and refunds with your orders. Read-only. Kinds of difference: {"; ".join(KINDS.values())}. Refunds
are compared if the file has a column `refunded`: the amount refunded so far. Test payments are left out. Any
difference ends with exit code 1.

{EXIT_CODES}"""


def _write(path: Path, differences: Differences) -> None:
    with replacing(path) as beside, beside.open("w", encoding="utf-8-sig", newline="") as file:
        write_csv(file, COLUMNS, ([*difference.to_dict().values()] for difference in differences))


def _print(differences: Differences, session: Session, number: int, *, compares_refunds: bool) -> None:
    from ..formatting import plain

    left = 0
    if session.output is not Output.TABLE:
        show_many(session, COLUMNS, (plain(difference.to_dict()) for difference in differences))
    elif differences:
        left = max(0, len(differences) - MOST_ROWS)
        show_rows(session, [plain(difference.to_dict()) for difference in islice(differences, MOST_ROWS)])
    console = messages()
    if not compares_refunds:
        console.print(
            Text(
                "refunded 열이 없어 취소 금액은 대조하지 않았습니다 · no `refunded` column: refunds were not compared",
                style="yellow",
            )
        )
    if left:
        text = f"{left:,}건은 표에 없습니다(--csv, -o csv) · {left:,} more rows with --csv or -o csv"
        console.print(Text(text, style="yellow"), soft_wrap=True)
    counted = differences.counts
    counts = [f"{words}: {counted[kind]}" for kind, words in KINDS.items() if counted[kind]]
    if counts:
        line = "; ".join(counts)
    elif compares_refunds:
        line = f"주문 {number:,}건 모두 일치 · all {number:,} orders match"
    else:
        line = f"주문 {number:,}건의 결제 금액 일치 · the charges of all {number:,} orders match"
    console.print(Text(line, style="red" if counts else "green"), soft_wrap=True)
