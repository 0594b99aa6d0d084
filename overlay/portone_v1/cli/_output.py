"""Answers as a table, JSON or CSV."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Final

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from .. import _json
from ._plain import plain, text_of
from ._session import Output, Session, messages

__all__ = ["for_spreadsheets", "show", "show_rows", "write_csv"]

LEADING: Final = (
    "imp_uid", "merchant_uid", "customer_uid", "code", "status", "schedule_status", "payment_status", "amount",
    "cancel_amount", "currency", "name", "pay_method", "pg_provider", "paid_at", "schedule_at", "cancelled_at",
    "failed_at", "fail_reason", "channel_name", "type", "sandbox", "card_name", "card_number",
)  # fmt: skip
"""What a list shows first of a row that has more fields than a terminal has columns."""
MOST_COLUMNS: Final = 9
AMOUNTS: Final = frozenset({"amount", "cancel_amount", "total", "charged", "refunded", "shop", "v1"})
STATUS_COLOURS: Final = {
    "paid": "green",
    "refunded": "green",
    "failed": "red",
    "declined": "red",
    "cancelled": "yellow",
}


def show(session: Session, answer: Any) -> None:
    """Writes the answer to standard output."""
    missing: Sequence[str] = getattr(answer, "missing", ())
    value = plain(answer, show_personal=session.show_personal)
    rows = value.get("list") if isinstance(value, dict) and isinstance(value.get("list"), list) else value
    if session.output is Output.JSON:
        _out(_json.dumps(value) + "\n")
    elif session.output is Output.CSV:
        _out(_csv(rows if isinstance(rows, list) else [rows]))
    elif isinstance(rows, list):
        show_rows(session, rows)
        if isinstance(value, dict) and value.get("total") is not None:
            more = f", next: --page {value['next']}" if value.get("next") else ""
            messages().print(Text(f"{len(rows)} of {value['total']}{more}", style="dim"))
    else:
        _one(rows)
    if missing:
        messages().print(Text(f"없음 · not found: {', '.join(map(text_of, missing))}", style="yellow"))


def show_rows(session: Session, rows: list[Any], *, title: str | None = None) -> None:
    """A list of the command's own, in the wished-for form."""
    if session.output is Output.JSON:
        _out(_json.dumps(rows) + "\n")
    elif session.output is Output.CSV:
        _out(_csv(rows))
    else:
        _many([row if isinstance(row, dict) else {"value": row} for row in rows], title)


def _one(value: Any) -> None:
    if not isinstance(value, Mapping):
        _out(f"{text_of(value) or 'done'}\n")
        return
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="cyan", no_wrap=True)
    table.add_column(overflow="fold")
    for name, item in value.items():
        if item not in (None, "", [], {}):
            table.add_row(name, _cell(name, item))
    _print(table)


def _many(rows: list[dict[str, Any]], title: str | None) -> None:
    there = {name: None for row in rows for name, item in row.items() if item not in (None, "", [], {})}
    names = [*there]
    if len(names) > MOST_COLUMNS:
        names = ([str(name) for name in LEADING if name in there] or names)[:MOST_COLUMNS]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold", title=title, title_justify="left")
    for name in names:
        uid = name.endswith("_uid")
        table.add_column(name, no_wrap=uid, overflow="fold", justify="right" if name in AMOUNTS else "left")
    for row in rows:
        table.add_row(*(_cell(name, row.get(name)) for name in names))
    if names:
        _print(table)
    else:
        messages().print(Text("없음 · nothing", style="dim"))


def _cell(name: str, item: Any) -> Text:
    if isinstance(item, list | Mapping):
        return Text(text_of(_json.dumps(item)))
    style = STATUS_COLOURS.get(str(item), "") if name in ("status", "state") else ""
    return Text(
        text_of(item).replace("T", " ").removesuffix("+09:00") if name.endswith("_at") else text_of(item), style
    )


def _print(table: Table) -> None:
    console = Console(highlight=False)
    if not console.is_terminal:  # a pipe has no width that anything would have to fit into
        console = Console(highlight=False, width=1000)
    with console.capture() as captured:
        console.print(table)
    _out("".join(f"{line.rstrip()}\n" for line in captured.get().splitlines()))


def for_spreadsheets(text: str) -> str:
    """A buyer's text that a spreadsheet would run as a formula is kept from being one."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def write_csv(file: Any, names: Sequence[str], rows: Any) -> None:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(names)
    for row in rows:
        writer.writerow([_csv_cell(item) for item in row])


def _csv_cell(item: Any) -> Any:
    if item.__class__ is str:
        return for_spreadsheets(item)
    return item if item.__class__ is int else text_of(item)


def _csv(rows: list[Any]) -> str:
    tables = [row if isinstance(row, dict) else {"value": row} for row in rows]
    names = list(dict.fromkeys(name for row in tables for name in row))
    text = io.StringIO()
    flat = (
        [_json.dumps(item) if isinstance(item, list | dict) else item for item in map(row.get, names)] for row in tables
    )
    write_csv(text, names, flat)
    return text.getvalue()


def _out(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
