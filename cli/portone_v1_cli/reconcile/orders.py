"""Read the shop's orders from a CSV file, as a shop or a spreadsheet writes it."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Final

from attrs import frozen

from ..exit_codes import ExitCode, Stop, usage_error
from ..parameters import amount

__all__ = ["Order", "Orders", "read_orders"]

MOST_ROWS: Final = 20
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


@frozen
class Orders:
    by_uid: Mapping[str, Order]
    compares_refunds: bool
    """The file has a column of refunds. Without it refunds are not compared."""


def read_orders(path: Path) -> Orders:
    """Read a file of orders. Raises `Stop` that names every wrong row."""
    rows = csv.reader(_text(path).splitlines())
    head = [name.strip().lower() for name in next(rows, list[str]())]
    places = {
        name: next((head.index(known) for known in known_names if known in head), None)
        for name, known_names in NAMES.items()
    }
    for name in ("merchant_uid", "amount"):
        if places[name] is None:
            usage_error(f"{path}: {name} 열이 없습니다.", f"{path}: missing column {name} in the header row")
    found: dict[str, Order] = {}
    bad: list[Stop] = []
    for number, row in _numbered(rows, path):
        try:
            order = _order(row, places, len(head))
            if order.merchant_uid in found:
                usage_error(
                    f"merchant_uid가 중복됩니다: {order.merchant_uid}", f"duplicate merchant_uid {order.merchant_uid}"
                )
            found[order.merchant_uid] = order
        except Stop as wrong:
            bad.append(Stop(wrong.code, f"{number}행: {wrong.korean}", f"line {number}: {wrong.english}"))
    if bad:
        raise _all_of(bad, path)
    return Orders(found, places["refunded"] is not None)


def _all_of(bad: list[Stop], path: Path) -> Stop:
    """Report every wrong row at once, so that one run is enough to correct the file."""
    more = len(bad) - MOST_ROWS
    korean = "; ".join(wrong.korean for wrong in bad[:MOST_ROWS]) + (f"; 외 {more:,}건" if more > 0 else "")
    english = "; ".join(wrong.english for wrong in bad[:MOST_ROWS]) + (f"; {more:,} more" if more > 0 else "")
    details = {"file": str(path), "rows": [wrong.english for wrong in bad]}
    return Stop(
        ExitCode.USAGE, f"{path}: {len(bad):,}개 행이 올바르지 않습니다. {korean}", f"{path}: {english}", details
    )


def _numbered(rows: Iterator[list[str]], path: Path) -> Iterator[tuple[int, list[str]]]:
    number = 1
    try:
        for number, row in enumerate(rows, 2):
            if any(cell.strip() for cell in row):
                yield number, row
    except csv.Error as error:
        usage_error(f"{path}: {number + 1}행을 읽을 수 없습니다.", f"{path}, line {number + 1}: {error}")


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        usage_error(f"{path}: 읽을 수 없습니다.", f"cannot read {path}: {(error.strerror or '').lower()}")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode("cp949")  # Korean Excel writes it
    except UnicodeDecodeError:
        usage_error(f"{path}: UTF-8도 CP949도 아닙니다.", f"{path} is neither UTF-8 nor CP949 text")


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
        amount=amount("amount", cell("amount")),
        refunded=amount("refunded", cell("refunded") or "0"),
        currency=cell("currency").upper() or "KRW",
    )
