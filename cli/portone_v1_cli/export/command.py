"""`export payments`: any stretch of time into one file, in stretches that fit into memory."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from portone_v1.client import PortOne
from portone_v1_generated.enums.payments import PaymentStatusFilter
from portone_v1_runtime.decode import KST
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from ..exit_codes import EXIT_CODES, ExitCode, misused
from ..parameters import moment
from ..session import PersonalOption, ProfileOption, Session, TierOption, engine_of, messages, session_of
from .columns import row_of
from .spool import Spool
from .writers import require_format

__all__ = ["export_payments"]

DAY: Final = 86_400
SHORTEST: Final = 3_600
LONGEST: Final = 90 * DAY
FEW: Final = 500
MANY: Final = 4_000
PAGE: Final = 1_000


def export_payments(
    context: typer.Context,
    *,
    from_: Annotated[str, typer.Option("--from", help="시작. First moment in KST: 2026-01-01 or 2026-01-01T09:00.")],
    to: Annotated[str | None, typer.Option("--to", help="끝. Last moment, or a whole day. Left out: now.")] = None,
    out: Annotated[Path, typer.Option("--out", help="파일. Its name ends with .csv, .parquet or .sqlite.")],
    status: Annotated[
        PaymentStatusFilter, typer.Option("--status", help="결제 상태. What the payments now are.")
    ] = PaymentStatusFilter.ALL,
    force: Annotated[bool, typer.Option("--force", help="덮어쓰기. Replace the file if it is there.")] = False,
    profile: ProfileOption = None,
    tier: TierOption = None,
    show_personal: PersonalOption = False,
) -> int:
    session = session_of(context, profile=profile, tier=tier, show_personal=show_personal)
    finish = require_format(out)
    if out.exists() and not force:
        misused(f"{out} is there already: choose another --out, or say --force", "파일이 이미 있습니다")
    now = int(time.time())
    since = int(moment("--from", from_).timestamp())
    until = min(now - 1, int(moment("--to", to, end=True).timestamp()) if to else now - 1)
    if until < since:
        misused("--from must be before --to and before now", "기간 오류")
    with session.client() as client:
        order = _order(session, client, since, to, status, out)
        with Spool(out.with_name(f"{out.name}.part"), order, since=since, until=until) as spool:
            if spool.next > since:
                messages().print(f"이어서 · going on at {datetime.fromtimestamp(spool.next, KST):%Y-%m-%d %H:%M} KST")
            _fetch(client, spool, since, str(status.value), session)
            number = spool.count
            finish(spool, out)
    messages().print(f"완료 · {number:,} payments in {out}", soft_wrap=True)
    return ExitCode.DONE


export_payments.__doc__ = f"""결제 내보내기: payments into a CSV, Parquet or SQLite file.

A payment stands under the time of its state, as V1 lists it: a paid one when it was paid, one that was refunded in
whole when it was refunded. Amounts are exact, times are KST. Interrupted, the same command goes on where it was:
what is there already is in OUT.part. Names, addresses and numbers of buyers are *** unless --show-personal is said.

{EXIT_CODES}"""


def _order(
    session: Session, client: PortOne, since: int, to: str | None, status: PaymentStatusFilter, out: Path
) -> str:
    """What two runs must share to be one export."""
    engine = engine_of(client)
    personal = "with" if session.show_personal else "without"
    first = datetime.fromtimestamp(since, KST).isoformat()
    return (
        f"{status.value} from {first} to {to or 'now'} of {engine.settings.base_url} tier {engine.tier or '-'}"
        f" {personal} personal data as {out.suffix.lower()}"
    )


def _fetch(client: PortOne, spool: Spool, since: int, status: str, session: Session) -> None:
    """Stretch by stretch; their length follows what is in them, so that memory does not grow with the shop."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[rows]:,} 건"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=messages(), disable=not messages().is_terminal) as progress:
        rows, length = spool.count, DAY
        task = progress.add_task("export", total=spool.until + 1 - since, completed=spool.next - since, rows=rows)
        while spool.next <= spool.until:
            first, last = spool.next, min(spool.next + length - 1, spool.until)
            if length > DAY and _number(client, status, first, last) > MANY:
                length = max(length // 4, DAY)
                continue
            found = client.payments.iter_search(status, from_=first, to=last, limit=PAGE)
            number = spool.put((row_of(payment, show_personal=session.show_personal) for payment in found), last + 1)
            spool.next = last + 1
            rows += number
            progress.update(task, completed=spool.next - since, rows=rows)
            length = min(length * 2, LONGEST) if number < FEW else length
            length = max(length // 2, SHORTEST) if number > MANY else length
        if status == "all":
            _late(client, spool, since, session)


def _number(client: PortOne, status: str, first: int, last: int) -> int:
    return client.payments.search(status, from_=first, to=last, limit=1).total or 0


def _late(client: PortOne, spool: Spool, since: int, session: Session) -> None:
    """Payments of these days that were cancelled while the export ran have left them for the time of the refund."""

    def moved() -> Any:
        for payment in client.payments.iter_search("cancelled", from_=spool.begun, limit=PAGE):
            if payment.paid_at is not None and since <= payment.paid_at.timestamp() <= spool.until:
                yield row_of(payment, show_personal=session.show_personal)

    spool.put(moved(), spool.next)
