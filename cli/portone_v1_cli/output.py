"""Print results as a table, JSON or CSV."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any, Final, cast

from portone_v1_runtime import exact_json
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from .formatting import plain, text_of
from .session import Output, Session, messages
from .streams import discard

__all__ = ["for_spreadsheets", "print_line", "print_table", "show", "show_many", "show_rows", "write_csv"]

LEADING: Final = (
    "imp_uid", "merchant_uid", "customer_uid", "code", "status", "schedule_status", "payment_status", "amount",
    "cancel_amount", "currency", "name", "pay_method", "pg_provider", "paid_at", "schedule_at", "cancelled_at",
    "failed_at", "fail_reason", "channel_name", "type", "sandbox", "card_name", "card_number",
)  # fmt: skip
"""Columns shown first when a row has more fields than fit."""
NO_DATA: Final = "V1이 성공으로 응답했습니다(데이터 없음). · V1 returned success without data."
MOST_COLUMNS: Final = 9
GAP: Final = 3
AT_ONCE: Final = 1_000
ENDLESS: Final = 1_000
AMOUNTS: Final = frozenset({"amount", "cancel_amount", "total", "charged", "refunded", "shop", "v1"})
COLOURS: Final = {
    "paid": "green",
    "refunded": "green",
    "failed": "red",
    "declined": "red",
    "cancelled": "yellow",
}


def show(session: Session, answer: Any) -> None:
    """Print a result to standard output."""
    missing: Sequence[str] = getattr(answer, "missing", ())
    value = plain(answer, show_personal=session.show_personal)
    page = _page(value)
    listed: Any = page.get("items")
    rows: Any = cast("Any", listed) if isinstance(listed, list) else value
    if session.output is Output.JSON:
        _data(exact_json.dumps(value) + "\n")
    elif session.output is Output.CSV:
        _data(_csv(cast("Any", rows) if isinstance(rows, list) else [rows]))
    elif isinstance(rows, list):
        items: list[Any] = cast("Any", rows)
        show_rows(session, items)
        if page.get("total") is not None:
            more = f" · 다음 next page: --page {page['next']}" if page.get("next") else ""
            text = f"총 {page['total']}건 중 {len(items)}건 · {len(items)} of {page['total']}{more}"
            messages().print(Text(text, style="dim"))
    else:
        _one(rows)
    if missing:
        messages().print(Text(f"찾을 수 없음 · not found: {', '.join(map(text_of, missing))}", style="yellow"))


def show_rows(session: Session, rows: list[Any]) -> None:
    """Print a list that the command has made."""
    if session.output is Output.JSON:
        _data(exact_json.dumps(rows) + "\n")
    elif session.output is Output.CSV:
        _data(_csv(rows))
    else:
        _many(_tables(rows))


def show_many(session: Session, names: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """Print any number of rows with these columns as JSON or CSV."""
    coming = iter(rows)
    before = "["
    if session.output is Output.CSV:
        _data(_lines(names, ()))
    while some := [*islice(coming, AT_ONCE)]:
        if session.output is Output.CSV:
            _data(_lines(None, (row.values() for row in some)))
        else:
            _data(before + ",".join(map(exact_json.dumps, some)))
            before = ","
    if session.output is Output.JSON:
        _out("[]\n" if before == "[" else "]\n")


def _page(value: Any) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _tables(rows: list[Any]) -> list[dict[str, Any]]:
    return [cast("dict[str, Any]", row) if isinstance(row, dict) else {"value": row} for row in rows]


def _one(value: Any) -> None:
    if not isinstance(value, Mapping):
        _out(f"{text_of(value) or NO_DATA}\n")
        return
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="cyan", no_wrap=True)
    table.add_column(overflow="fold")
    for name, item in cast("Mapping[str, Any]", value).items():
        if item not in (None, "", [], {}):
            table.add_row(Text(text_of(name)), _cell(name, item))
    print_table(table)


def _many(rows: list[dict[str, Any]]) -> None:
    there = {name for row in rows for name, item in row.items() if item not in (None, "", [], {})}
    names = [name for name in dict.fromkeys(name for row in rows for name in row) if name in there]
    if not names:
        messages().print(Text("결과 없음 · no results", style="dim"))
        return
    if len(names) > MOST_COLUMNS:
        names = ([str(name) for name in LEADING if name in there] or names)[:MOST_COLUMNS]
    columns = {name: [_cell(name, row.get(name)) for row in rows] for name in names}
    shown = _fitting(columns, _width())
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for name in shown:
        table.add_column(
            Text(text_of(name)), no_wrap=True, overflow="ellipsis", justify="right" if name in AMOUNTS else "left"
        )
    for cells in zip(*(columns[name] for name in shown), strict=True):
        table.add_row(*cells)
    print_table(table)


def _fitting(columns: Mapping[str, Sequence[Text]], width: int) -> list[str]:
    """Return the first columns that fit side by side without breaking a word."""
    shown: list[str] = []
    for name, cells in columns.items():
        width -= max(len(name), *(cell.cell_len for cell in cells)) + GAP
        if width < -GAP and shown:
            break
        shown.append(name)
    return shown


def _cell(name: str, item: Any) -> Text:
    if isinstance(item, list | Mapping):
        return Text(text_of(exact_json.dumps(item)))
    if name in AMOUNTS and isinstance(item, int | Decimal):
        return Text(f"{item:,}")
    style = COLOURS.get(str(item), "") if name in ("status", "outcome") else ""
    text = text_of(item)
    return Text(text.replace("T", " ").removesuffix("+09:00") if name.endswith("_at") else text, style)


def _width() -> int:
    """Return the terminal's width, without a limit for a pipe."""
    console = Console(highlight=False)
    return console.width if console.is_terminal else ENDLESS


def print_table(table: Table) -> None:
    """Print a table without padding at the end of lines."""
    console = Console(highlight=False, width=_width())
    with console.capture() as captured:
        console.print(table)
    _out("".join(f"{line.rstrip()}\n" for line in captured.get().splitlines()))


def print_line(text: str) -> None:
    """Print one line, on a terminal that is not UTF-8 too, and to a pipe that may be closed."""
    _out(f"{text}\n")


def for_spreadsheets(text: str) -> str:
    """Quote a buyer's text that a spreadsheet would run as a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def write_csv(file: Any, names: Sequence[str] | None, rows: Iterable[Iterable[Any]]) -> None:
    """Write a header, if there are names, and rows, with texts made safe for spreadsheets: V1 names fields, too."""
    writer = csv.writer(file, lineterminator="\n")
    if names is not None:
        writer.writerow([_csv_cell(name) for name in names])
    for row in rows:
        writer.writerow([_csv_cell(item) for item in row])


def _csv_cell(item: Any) -> Any:
    if item.__class__ is str:
        return for_spreadsheets(item)
    return item if item.__class__ is int else text_of(item)


def _csv(rows: list[Any]) -> str:
    tables = _tables(rows)
    names = list(dict.fromkeys(name for row in tables for name in row))
    flat = (
        [exact_json.dumps(item) if isinstance(item, list | dict) else item for item in map(row.get, names)]
        for row in tables
    )
    return _lines(names, flat)


def _lines(names: Sequence[str] | None, rows: Iterable[Iterable[Any]]) -> str:
    text = io.StringIO()
    write_csv(text, names, rows)
    return text.getvalue()


def _data(text: str) -> None:
    """Write data. A file or a program gets it as V1 sent it, a terminal without control characters."""
    if sys.stdout.isatty():
        text = "\n".join(map(text_of, text.split("\n")))
    _out(text)


def _out(text: str) -> None:
    try:
        try:
            sys.stdout.write(text)
        except UnicodeEncodeError:  # half of an emoji, or a terminal without UTF-8: shown as `\ud83d`, as in JSON
            encoding = sys.stdout.encoding or "utf-8"
            sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))
        sys.stdout.flush()
    except BrokenPipeError:  # `… | head` closed the pipe: not a failure
        discard(sys.stdout)
