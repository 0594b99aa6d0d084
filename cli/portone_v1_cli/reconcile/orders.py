"""The shop's own orders, from a CSV file as a shop or a spreadsheet writes it."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Final

from attrs import frozen

from ..exit_codes import misused
from ..parameters import amount

__all__ = ["Order", "Orders", "read_orders"]

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
    tells_refunds: bool
    """The file has a column of refunds; without one they are not compared."""


def read_orders(path: Path) -> Orders:
    rows = csv.reader(_text(path).splitlines())
    head = [name.strip().lower() for name in next(rows, list[str]())]
    places = {
        name: next((head.index(known) for known in known_names if known in head), None)
        for name, known_names in NAMES.items()
    }
    for name in ("merchant_uid", "amount"):
        if places[name] is None:
            misused(
                f"{path} has no column {name}: its first line names the columns, {name} among them", "열이 없습니다"
            )
    found: dict[str, Order] = {}
    for number, row in _numbered(rows, path):
        order = _order(row, places, len(head), f"{path}, line {number}")
        if order.merchant_uid in found:
            misused(f"{path}, line {number}: {order.merchant_uid} stands there twice", "중복 주문")
        found[order.merchant_uid] = order
    return Orders(found, places["refunded"] is not None)


def _numbered(rows: Iterator[list[str]], path: Path) -> Iterator[tuple[int, list[str]]]:
    number = 1
    try:
        for number, row in enumerate(rows, 2):
            if any(cell.strip() for cell in row):
                yield number, row
    except csv.Error as error:
        misused(f"{path}, line {number + 1}: {error}")


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        misused(f"{path} can not be read: {(error.strerror or '').lower()}", "읽을 수 없습니다")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode("cp949")  # which Korean Excel writes
    except UnicodeDecodeError:
        misused(f"{path} is neither UTF-8 nor CP949 text")


def _order(row: list[str], places: Mapping[str, int | None], width: int, where: str) -> Order:
    def cell(name: str) -> str:
        place = places[name]
        return row[place].strip() if place is not None and place < len(row) else ""

    if any(extra.strip() for extra in row[width:]):
        misused(f"{where}: more cells than columns; an amount such as 1,000 stands in quotes")
    uid = cell("merchant_uid")
    if not uid:
        misused(f"{where}: no merchant_uid")
    return Order(
        merchant_uid=uid,
        amount=amount(f"{where}: amount", cell("amount")),
        refunded=amount(f"{where}: refunded", cell("refunded") or "0"),
        currency=cell("currency").upper() or "KRW",
    )
