"""`reconcile`: V1 and the shop's own orders side by side, as a table, a CSV file and a report to look at."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from ..exit_codes import EXIT_CODES, ExitCode, misused
from ..export.writers import replacing
from ..output import show_rows, write_csv
from ..parameters import moment
from ..session import Output, OutputOption, ProfileOption, TierOption, messages, session_of
from .compare import KINDS, Difference, compare
from .orders import read_orders
from .report import Findings, write_report
from .statistics import count_declines

__all__ = ["reconcile"]


def reconcile(
    context: typer.Context,
    *,
    orders: Annotated[
        Path,
        typer.Option("--orders", help="주문 CSV. Columns merchant_uid, amount; refunded, currency if there."),
    ],
    from_: Annotated[str, typer.Option("--from", help="시작. First moment in KST, such as 2026-01-01.")],
    to: Annotated[str, typer.Option("--to", help="끝. Last moment; a day alone is all of it.")],
    csv_: Annotated[Path | None, typer.Option("--csv", help="CSV 파일. The differences as a file, too.")] = None,
    html: Annotated[
        Path | None, typer.Option("--html", help="보고서. A report with plots that opens without a network.")
    ] = None,
    profile: ProfileOption = None,
    tier: TierOption = None,
    output: OutputOption = None,
) -> int:
    session = session_of(context, profile=profile, tier=tier, output=output)
    known = read_orders(orders)
    since, until = moment("--from", from_), moment("--to", to, end=True) + timedelta(seconds=1)
    if until <= since:
        misused("--from must be before --to", "기간 오류")
    with session.client() as client:
        movements = client.payments.reconcile(since, until)
        differences = compare(movements, known)
        if html is not None:
            failed = client.payments.iter_search("failed", from_=since, to=int(until.timestamp()) - 1, limit=500)
            declines = count_declines(failed)
            write_report(html, Findings(since, until, len(known.by_uid), movements, differences, declines))
    if csv_ is not None:
        _write(csv_, differences)
    _tell(differences, session, len(known.by_uid), tells_refunds=known.tells_refunds)
    return ExitCode.REFUSED if differences else ExitCode.DONE


reconcile.__doc__ = f"""대사: what V1 charged and refunded, beside the shop's own orders. Changes nothing.

Four kinds of difference: {"; ".join(KINDS.values())}. Refunds are compared where the file has a column `refunded`:
what has been given back of the order so far. Test payments are left out. Any difference ends with exit code 1.

{EXIT_CODES}"""


def _write(path: Path, differences: list[Difference]) -> None:
    names = ["difference", "merchant_uid", "imp_uid", "currency", "shop", "v1"]
    with replacing(path) as beside, beside.open("w", encoding="utf-8-sig", newline="") as file:
        write_csv(file, names, ([*difference.told().values()] for difference in differences))


def _tell(differences: list[Difference], session: Any, number: int, *, tells_refunds: bool) -> None:
    from ..formatting import plain

    if differences or session.output is not Output.TABLE:
        show_rows(session, [plain(difference.told()) for difference in differences])
    console = messages()
    if not tells_refunds:
        console.print(Text("환불 열 없음 · no column `refunded`: refunds were not compared", style="yellow"))
    counted = Counter(difference.kind for difference in differences)
    told = [f"{words}: {counted[kind]}" for kind, words in KINDS.items() if counted[kind]]
    line = "; ".join(told) if told else f"일치 · all {number:,} orders agree"
    console.print(Text(line, style="red" if told else "green"), soft_wrap=True)
