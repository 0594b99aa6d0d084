"""Read the shop's orders from a CSV file that a shop or a spreadsheet has written."""

from __future__ import annotations

import csv
import io
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import IO, Any, Final

from attrs import frozen

from ..exit_codes import ExitCode, Stop, usage_error
from ..parameters import amount

__all__ = ["Order", "read_orders"]

MOST_ROWS: Final = 20
CHUNK: Final = 1 << 20
ENCODINGS: Final = ("utf-8-sig", "cp949")
"""Korean Excel writes the second one."""
NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "merchant_uid": ("merchant_uid", "order_id", "order_no", "주문번호"),
    "amount": ("amount", "paid_amount", "결제금액", "금액"),
    "refunded": ("refunded", "cancel_amount", "refund_amount", "환불금액", "취소금액"),
    "currency": ("currency", "통화"),
}


@frozen
class Order:
    merchant_uid: str
    amount: Decimal
    refunded: Decimal
    currency: str


def read_orders(path: Path, add: Callable[[Order], bool]) -> bool:
    """Read a file of orders and add them one by one; `add` returns False for a number that it already has.

    Returns True if the file has a column of refunds: without it refunds are not compared. Raises `Stop` that names
    every wrong row.
    """
    bad: list[Stop] = []
    with _opened(path) as file:
        # Strict, because after an unclosed quotation mark the orders of all further lines would be one cell.
        lines = _numbered(csv.reader(file, strict=True), path)
        head = [name.strip().lower() for name in next(lines, (1, list[str]()))[1]]
        places = _places(head, path)
        for number, row in lines:
            try:
                order = _order(row, places, len(head))
                if not add(order):
                    uid = order.merchant_uid
                    usage_error(f"merchant_uid가 중복됩니다: {uid}", f"duplicate merchant_uid {uid}")
            except Stop as wrong:
                bad.append(Stop(wrong.code, f"{number}행: {wrong.korean}", f"line {number}: {wrong.english}"))
    if bad:
        raise _all_of(bad, path)
    return places["refunded"] is not None


def _places(head: list[str], path: Path) -> Mapping[str, int | None]:
    places = {
        name: next((head.index(known) for known in known_names if known in head), None)
        for name, known_names in NAMES.items()
    }
    for name, place in places.items():
        if place is not None and head.count(head[place]) > 1:
            usage_error(
                f"{path}: {head[place]} 열이 두 개 이상입니다.",
                f"{path}: more than one column {head[place]} ({name}) in the header row",
            )
    for name in ("merchant_uid", "amount"):
        if places[name] is None:
            korean = "·".join(known for known in NAMES[name] if not known.isascii())
            usage_error(f"{path}: {name}({korean}) 열이 없습니다.", f"{path}: missing column {name} in the header row")
    return places


def _all_of(bad: list[Stop], path: Path) -> Stop:
    """Report every wrong row at once, so that one run is enough to correct the file."""
    more = len(bad) - MOST_ROWS
    korean = "; ".join(wrong.korean for wrong in bad[:MOST_ROWS]) + (f"; 외 {more:,}건" if more > 0 else "")
    english = "; ".join(wrong.english for wrong in bad[:MOST_ROWS]) + (f"; {more:,} more" if more > 0 else "")
    details = {"file": str(path), "rows": [wrong.english for wrong in bad]}
    return Stop(
        ExitCode.USAGE, f"{path}: {len(bad):,}개 행이 올바르지 않습니다. {korean}", f"{path}: {english}", details
    )


def _numbered(rows: Any, path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield each row with the line of the file on which it begins: a cell may hold several lines."""
    number = 1
    try:
        for row in rows:
            if number == 1 or any(cell.strip() for cell in row):
                yield number, row
            number = rows.line_num + 1
    except csv.Error as error:
        usage_error(f"{path}: {number}행을 읽을 수 없습니다.", f"{path}, line {number}: {error}")


def _opened(path: Path) -> IO[str]:
    """Open the file as text, in the first encoding that fits all of it. It may also be a pipe, which is read once."""
    try:
        raw: IO[bytes] = path.open("rb")
        if not raw.seekable():
            with raw:
                copyfileobj(raw, copy := TemporaryFile())  # noqa: SIM115 - closed by its reader
            raw = copy
        encoding = next((encoding for encoding in ENCODINGS if _is_in(raw, encoding)), None)
    except OSError as error:
        usage_error(f"{path}: 읽을 수 없습니다.", f"cannot read {path}: {(error.strerror or '').lower()}")
    if encoding is None:
        raw.close()
        usage_error(f"{path}: UTF-8도 CP949도 아닙니다.", f"{path} is neither UTF-8 nor CP949 text")
    return io.TextIOWrapper(raw, encoding, newline="")


def _is_in(raw: IO[bytes], encoding: str) -> bool:
    decoder = getincrementaldecoder(encoding)()
    raw.seek(0)
    try:
        while part := raw.read(CHUNK):
            decoder.decode(part)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    finally:
        raw.seek(0)
    return True


def _order(row: list[str], places: Mapping[str, int | None], width: int) -> Order:
    def cell(name: str) -> str:
        place = places[name]
        return row[place].strip() if place is not None and place < len(row) else ""

    if any(extra.strip() for extra in row[width:]):
        usage_error(
            '열보다 칸이 많습니다. 쉼표가 있는 금액은 따옴표로 묶으세요: "1,000"',
            'too many cells; quote amounts that contain commas, e.g. "1,000"',
        )
    uid = cell("merchant_uid")
    if not uid:
        usage_error("merchant_uid가 없습니다", "merchant_uid is missing")
    return Order(
        merchant_uid=uid,
        amount=_not_negative("amount", cell("amount")),
        refunded=_not_negative("refunded", cell("refunded") or "0"),
        currency=cell("currency").upper() or "KRW",
    )


def _not_negative(name: str, text: str) -> Decimal:
    number: Decimal = amount(name, text)
    if number < 0:
        usage_error(f"{name}: 음수일 수 없습니다({number})", f"{name} must not be negative: {number}")
    return number
