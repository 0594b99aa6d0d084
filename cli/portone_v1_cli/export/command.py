"""`export payments`: write the payments of any period to one file, in windows that fit into memory."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Final

import typer
from portone_v1.client import PortOne
from portone_v1.enums import PaymentStatusFilter
from portone_v1.intents.intent import shop_fingerprint
from portone_v1.models import Payment
from portone_v1_runtime.decode import KST
from portone_v1_runtime.pagination import counted
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from ..exit_codes import EXIT_CODES, ExitCode, usage_error
from ..parameters import moment
from ..session import PersonalOption, ProfileOption, Session, TierOption, messages, session_of
from .arrow_columns import ArrowColumns
from .spool import Spool
from .writers import require_format, require_place

__all__ = ["export_payments"]

DAY: Final = 86_400
SHORTEST: Final = 60
LONGEST: Final = 90 * DAY
MANY: Final = 4_000
PAGE: Final = 1_000
FULL_ENOUGH: Final = 750
"""Payments that a window should have. One that overflows a page is read again in parts, so its first page is wasted."""


def export_payments(
    context: typer.Context,
    *,
    from_: Annotated[str, typer.Option("--from", help="시작 시각(KST). · Start, KST: 2026-01-01 or 2026-01-01T09:00.")],
    to: Annotated[
        str | None,
        typer.Option(
            "--to", help="종료 시각 또는 날짜. 생략하면 V1의 현재 시각. · End, or a whole day. Default: now at V1."
        ),
    ] = None,
    out: Annotated[
        Path,
        typer.Option("--out", help="출력 파일(.csv, .parquet, .sqlite). · Output file: .csv, .parquet or .sqlite."),
    ],
    status: Annotated[
        PaymentStatusFilter, typer.Option("--status", help="현재 결제 상태. · Current payment status.")
    ] = PaymentStatusFilter.ALL,
    force: Annotated[
        bool, typer.Option("--force", help="기존 파일을 덮어씁니다. · Overwrite an existing file.")
    ] = False,
    profile: ProfileOption = None,
    tier: TierOption = None,
    show_personal: PersonalOption = False,
) -> int:
    session = session_of(context, profile=profile, tier=tier, show_personal=show_personal)
    finish = require_format(out)
    require_place("--out", out, force=force)
    since = int(moment("--from", from_).timestamp())
    last = int(moment("--to", to, end=True).timestamp()) if to else None
    if last is not None and last < since:
        usage_error("--from은 --to보다 앞서야 합니다.", "--from must be before --to")
    with session.client() as client:
        now = _now(session, client)
        until = now - 1 if last is None else min(now - 1, last)
        if until < since:
            usage_error(
                f"--from이 V1의 현재 시각({_kst(now)})보다 늦습니다.", f"--from must be before V1's clock ({_kst(now)})"
            )
        order = _order(session, client, since, to, status, out)
        columns = ArrowColumns(show_personal=session.show_personal) if out.suffix.lower() == ".parquet" else None
        shown = session.show_personal
        part = out.with_name(f"{out.name}.part")
        with Spool(part, order, since=since, until=until, now=now, show_personal=shown, columns=columns) as spool:
            if spool.next > since:
                at = _kst(spool.next)
                messages().print(f"{at}부터 이어서 진행합니다. · Resuming from {at}.", soft_wrap=True)
            left_out = _fetch(client, spool, since, str(status.value), session)
            number, until = spool.count, spool.until
            finish(spool, out)
    period = f"{_kst(since)} ~ {_kst(until)}"
    saved = f"결제 {number:,}건을 {out}에 저장했습니다({period}). · Exported {number:,} payments to {out}."
    messages().print(Text(saved), soft_wrap=True)
    for korean, english in _notes(until=until, last=last, left_out=left_out, session=session):
        messages().print(f"{korean} · {english}", style="yellow", soft_wrap=True)
    return ExitCode.SUCCESS


export_payments.__doc__ = f"""결제를 CSV, Parquet, SQLite 파일로 내보냅니다.

현재 상태의 시각을 기준으로 합니다. 기간 안에 결제되고 기간 뒤에 취소된 결제는 취소 시각의 기간에 들어가며, 제외된
건수를 알려 줍니다. 중단되면 같은 명령으로 이어서 진행합니다(OUT.part).

Export payments to a CSV, Parquet or SQLite file. V1 lists a payment under the time of its current status: a paid one
when it was paid, a refunded one (also in part) at its last refund. Payments of the period that were refunded after it
are left out, and the command says how many. The end follows V1's clock. Amounts are exact, times are KST. After an
interruption the same command resumes (OUT.part). Personal data is *** unless --show-personal is passed.

{EXIT_CODES}"""


def _order(
    session: Session, client: PortOne, since: int, to: str | None, status: PaymentStatusFilter, out: Path
) -> str:
    """Describe an export: a run may resume it only with the same description, and for the same merchant."""
    shop = shop_fingerprint(session.credentials()["imp_key"], client.base_url, client.tier)
    personal = "with" if session.show_personal else "without"
    first = datetime.fromtimestamp(since, KST).isoformat()
    return (
        f"{status.value} from {first} to {to or 'now'} of {client.base_url} tier {client.tier or '-'} shop {shop}"
        f" {personal} personal data as {out.suffix.lower()}"
    )


def _now(session: Session, client: PortOne) -> int:
    """Return V1's time: V1 has nothing later to export, whatever this machine's clock shows."""
    server_time = session.server_time(client)
    return int(time.time()) if server_time is None else int(server_time.timestamp())


def _kst(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, KST):%Y-%m-%d %H:%M} KST"


def _notes(*, until: int, last: int | None, left_out: int, session: Session) -> Iterator[tuple[str, str]]:
    if last is not None and last > until:
        yield (
            f"V1의 시각에 맞추어 {_kst(until)}까지만 저장했습니다. 그 뒤의 결제는 제외되었습니다.",
            f"Left out: everything after {_kst(until)}, the current time at V1.",
        )
    if left_out:
        yield (
            f"기간 안에 결제되고 기간 뒤에 취소된 {left_out:,}건은 제외되었습니다(취소 시각의 기간에 들어갑니다).",
            f"Left out: {left_out:,} payments of this period that were refunded after it.",
        )
    if not session.show_personal:
        yield "개인정보는 ***로 저장했습니다.", "Personal data is ***; --show-personal keeps it."


def _fetch(client: PortOne, spool: Spool, since: int, status: str, session: Session) -> int:
    """Fetch window by window and return how many payments are left out.

    The length of a window follows the number of payments in it, so that it fits on one page.
    """
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
            number = spool.put(found.undecoded() if spool.in_columns else found, last + 1)
            spool.next = last + 1
            rows += number
            progress.update(task, completed=spool.next - since, rows=rows)
            length = min(max(length * FULL_ENOUGH // max(number, 1), SHORTEST), length * 4, LONGEST)
    return _refunded_later(client, spool, since, session, status) if status in ("all", "paid") else 0


def _number(client: PortOne, status: str, first: int, last: int) -> int:
    return counted(client.payments.search(status, from_=first, to=last, limit=1).total) or 0


def _refunded_later(client: PortOne, spool: Spool, since: int, session: Session, status: str) -> int:
    """Find payments of the period that V1 now lists under a later refund.

    Those refunded while `all` was exported belong to the file; the others are counted.
    """
    left_out = 0
    begun = datetime.fromtimestamp(spool.begun, KST) - timedelta(seconds=1)

    def refunded_meanwhile() -> Iterator[Payment]:
        nonlocal left_out
        for payment in client.payments.iter_search(
            "cancelled", from_=spool.until + 1, to=_now(session, client) + DAY, limit=PAGE
        ):
            if not isinstance(payment.paid_at, datetime) or not since <= payment.paid_at.timestamp() <= spool.until:
                continue
            cancelled_at = payment.cancelled_at
            if status == "all" and (not isinstance(cancelled_at, datetime) or cancelled_at >= begun):
                yield payment
            elif payment.imp_uid not in spool:  # V1 may list a partial refund under both times
                left_out += 1

    spool.put(refunded_meanwhile(), spool.next)
    return left_out
