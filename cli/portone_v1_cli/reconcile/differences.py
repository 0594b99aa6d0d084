"""The differences that a reconciliation found, however many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, Final, Literal, Self

from attrs import astuple, frozen

from .on_disk import from_bytes, nameless_database, to_bytes

__all__ = ["COLUMNS", "KINDS", "Difference", "Differences", "Kind"]

Kind = Literal["paid_not_in_shop", "in_shop_not_paid", "amount_differs", "refund_differs"]

KINDS: Final[dict[Kind, str]] = {
    "paid_not_in_shop": "결제는 있고 주문은 없음 · paid in V1, missing in the orders file",
    "in_shop_not_paid": "주문은 있고 결제는 없음 · in the orders file, not paid in V1",
    "amount_differs": "금액 불일치 · amount mismatch",
    "refund_differs": "취소 금액 불일치 · refund mismatch",
}
COLUMNS: Final = ("difference", "merchant_uid", "imp_uid", "currency", "shop", "v1")
TABLE: Final = "CREATE TABLE difference (kind INTEGER, merchant_uid, imp_uid, currency, shop TEXT, v1 TEXT)"
ORDERED: Final = "SELECT kind, merchant_uid, imp_uid, currency, shop, v1 FROM difference ORDER BY kind, rowid"


@frozen
class Difference:
    kind: Kind
    merchant_uid: str
    imp_uid: str
    currency: str
    shop: Decimal | None
    """The amount in the orders file, None if it is not there."""
    v1: Decimal | None

    def to_dict(self) -> dict[str, Any]:
        """Return the columns of the table, the CSV file and the JSON."""
        return dict(zip(COLUMNS, astuple(self), strict=True))


class Differences:
    """A context manager, and a collection that is sorted by kind; within one kind they keep their order."""

    def __init__(self) -> None:
        self._db = nameless_database(TABLE)
        self.counts: Counter[Kind] = Counter()

    def extend(self, found: Iterable[Difference]) -> None:
        """Add differences."""
        self._db.execute("BEGIN")
        self._db.executemany("INSERT INTO difference VALUES (?, ?, ?, ?, ?, ?)", map(self._row, found))
        self._db.execute("COMMIT")

    def _row(self, found: Difference) -> tuple[Any, ...]:
        self.counts[found.kind] += 1
        texts = map(to_bytes, (found.merchant_uid, found.imp_uid, found.currency))
        amounts = (None if amount is None else str(amount) for amount in (found.shop, found.v1))
        return [*KINDS].index(found.kind), *texts, *amounts

    def __len__(self) -> int:
        return self.counts.total()

    def __iter__(self) -> Iterator[Difference]:
        kinds: list[Kind] = [*KINDS]
        for kind, uid, imp_uid, currency, *amounts in self._db.execute(ORDERED):
            shop, v1 = (None if amount is None else Decimal(amount) for amount in amounts)
            yield Difference(kinds[int(kind)], from_bytes(uid), from_bytes(imp_uid), from_bytes(currency), shop, v1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()
