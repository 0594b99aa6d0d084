"""Sort movements on disk: any number of them, in the memory of one page.

SQLite keeps what does not fit into its cache in a file without a name, so that nothing is left of it, whatever happens.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from portone_v1_runtime.decode import KST

from ..results import Movement, MovementLine
from .amounts import known_amount

__all__ = ["MovementFile"]

CACHE: Final = 8_000
"""KiB."""
TABLE: Final = """
CREATE TABLE movement (
    at INTEGER, imp_uid BLOB, kind TEXT, number INTEGER, merchant_uid BLOB, amount TEXT, currency BLOB,
    charged TEXT, refunded TEXT, PRIMARY KEY (at, imp_uid, kind, number)
) WITHOUT ROWID
"""
PUT: Final = "INSERT INTO movement VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
GET: Final = """
SELECT kind, imp_uid, merchant_uid, at, amount, currency, charged, refunded FROM movement
ORDER BY at, imp_uid, kind, number
"""


class MovementFile:
    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._db.execute(f"PRAGMA cache_size = -{CACHE}")
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.execute(TABLE)
        self._db.execute("CREATE INDEX movement_of ON movement (imp_uid)")

    def replace(self, movements: Mapping[str, list[Movement]]) -> None:
        """Store the movements of each payment in place of those stored before."""
        self._db.execute("BEGIN")
        self._db.executemany("DELETE FROM movement WHERE imp_uid = ?", ((_bytes(imp_uid),) for imp_uid in movements))
        self._db.executemany(PUT, (row for moved in movements.values() for row in _rows(moved)))
        self._db.execute("COMMIT")

    def lines(self) -> Iterator[MovementLine]:
        """Yield all movements, the oldest first."""
        for kind, imp_uid, merchant_uid, at, amount, currency, charged, refunded in self._db.execute(GET):
            moment = datetime.fromtimestamp(at, KST)
            amounts = Decimal(amount), _text(currency), Decimal(charged), Decimal(refunded)
            yield MovementLine(kind, _text(imp_uid), _text(merchant_uid), moment, *amounts)

    def close(self) -> None:
        self._db.close()


def _rows(moved: list[Movement]) -> Iterator[tuple[Any, ...]]:
    for number, movement in enumerate(moved):
        payment = movement.payment
        yield (
            int(movement.at.timestamp()), _bytes(movement.imp_uid), movement.kind, number,
            _bytes(movement.merchant_uid), str(movement.amount), _bytes(movement.currency),
            str(known_amount(payment.amount)), str(known_amount(payment.cancel_amount)),
        )  # fmt: skip


def _bytes(text: str) -> bytes:
    """Return bytes that sort like the text. JSON may hold half a surrogate pair, which SQLite does not take as text."""
    return text.encode("utf-8", "surrogatepass")


def _text(kept: bytes) -> str:
    return kept.decode("utf-8", "surrogatepass")
