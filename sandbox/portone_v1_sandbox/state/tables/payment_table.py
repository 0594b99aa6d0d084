"""The table of payments: records that are read from the file when they are first needed, and their indexes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, overload

from ..payments import PaymentRecord
from .indexed_table import IndexedTable
from .lock import StateLock
from .payment_index import PaymentIndex, SortKey
from .payment_place import Moment, OlderPayments, Place, place_of
from .sought import SoughtColumns, sought_of

__all__ = ["PaymentTable"]


class PaymentTable(IndexedTable[str, PaymentRecord]):
    """Payments by imp_uid."""

    def __init__(
        self,
        lock: StateLock | None = None,
        read: Callable[[str], PaymentRecord] | None = None,
        uids: Sequence[str] = (),
        older: OlderPayments | None = None,
    ) -> None:
        super().__init__(lock or StateLock())
        self._index = PaymentIndex(older)
        if read is not None:
            self.read_later(uids, read)
        self._older = older
        self._arrivals: list[str] = []
        self._sought: SoughtColumns | None = None
        """Built when it is first asked for, and kept from then on."""
        self._changed: set[str] = set()
        """Payments whose searched columns may be out of date."""
        self._moved: list[tuple[str, str | None, str]] = []

    def reread_place(self, uid: str, place: Place | None) -> None:
        """Forget unsaved changes of a payment: the file has it at this place, or not at all if None."""
        self._handed_out.discard(uid)
        if place is not None:
            dict[str, Any].__setitem__(self, uid, None)
            self._forget_order()
            self._index.put(uid, place)
        elif uid in self:
            dict[str, Any].pop(self, uid)
            self._forget_order()
            self._index.discard(uid)

    def arrivals(self) -> Sequence[str]:
        """Return the uids in the order of arrival. The list is the table's own and must not be changed."""
        if len(self._arrivals) != len(self):
            self._arrivals = list(self)
        return self._arrivals

    @property
    def is_sought(self) -> bool:
        """Whether the columns of `sought` are built."""
        return self._sought is not None

    def sought(self) -> SoughtColumns:
        """Return the searched columns of every payment, in the order of arrival. They are the table's own."""
        self._refresh()
        if self._sought is None:
            self._sought = self._build_sought()
        columns = self._sought
        for uid in self.arrivals()[len(columns) :]:
            columns.put(uid, *sought_of(self.get_clean(uid)))
        for uid in self._changed:
            if uid in self:
                columns.put(uid, *sought_of(self.get_clean(uid)))
        self._changed.clear()
        return columns

    def _build_sought(self) -> SoughtColumns:
        columns = SoughtColumns()
        stored = {} if self._older is None else {row[0]: row for row in self._older.sought()}
        for uid in self.arrivals():
            known = None if uid in self.dirty else stored.get(uid)
            if known is None:
                columns.put(uid, *sought_of(self.get_clean(uid)))
            else:
                columns.put(*known)
        return columns

    def _forget_order(self) -> None:
        self._arrivals = []
        self._sought = None

    def moved(self) -> list[tuple[str, str | None, str]]:
        """Return the payments that are new or changed their status since the last call: uid, status before and now."""
        self._refresh()
        moved, self._moved = self._moved, []
        return moved

    def attempts(self, tier: str | None, merchant_uid: str) -> list[PaymentRecord]:
        """Return every payment of an order, the first one first."""
        self._refresh()
        return [self[uid] for uid in self._index.attempts(tier, merchant_uid)]

    def of_customer(self, tier: str | None, customer_uid: str) -> list[PaymentRecord]:
        """Return every payment that names a billing key, for reading."""
        self._refresh()
        return [self.get_clean(uid) for uid in self._index.of_customer(tier, customer_uid)]

    def tiers(self) -> set[str | None]:
        """Return the tiers of all payments, except of those that are only in the file."""
        self._refresh()
        return self._index.tiers()

    def older_tiers_of(self, name: str) -> Sequence[str | None]:
        """Return the tiers that have payments in the file of an order, or of a billing key, of this name."""
        return () if self._older is None else self._older.tiers_of(name)

    def waiting_for(self, number: str) -> list[PaymentRecord]:
        """Return the open payments that a buyer pays into by this account or payment number, for reading."""
        self._refresh()
        return [self.get_clean(uid) for uid in self._index.waiting_for(number)]

    def deadlines(self) -> Iterator[tuple[str, Place]]:
        """Iterate over the open payments that expire."""
        self._refresh()
        return self._index.deadlines()

    def search(
        self, tier: str | None, status: str, since: int, until: int, sort_key: SortKey, *, descending: bool
    ) -> Sequence[PaymentRecord]:
        """Return the payments whose status has its time in the period; those of one second in the order of arrival."""
        self._refresh()
        found = self._index.search(tier, status, since, until, sort_key, descending=descending)
        return _Rows(self, found)

    def _refresh(self) -> None:
        if self._sought is not None:
            self._changed |= self._handed_out
        for uid in self._handed_out:
            payment = dict[str, Any].get(self, uid)
            if payment is not None:
                before = self._index.put(uid, place_of(payment))
                if before is None or before.status != payment.status:
                    self._moved.append((uid, None if before is None else before.status, payment.status))

    def __setitem__(self, key: str, payment: PaymentRecord, /) -> None:
        self._handed_out.add(key)
        if key not in self:
            self._index.expect(key)
            if len(self._arrivals) == len(self):
                self._arrivals.append(key)
        super().__setitem__(key, payment)

    def setdefault(self, key: Any, default: Any = None, /) -> Any:
        if key not in self:
            self[key] = default
        return self[key]

    def __delitem__(self, key: str, /) -> None:
        super().__delitem__(key)
        self._forget_order()
        self._index.discard(key)

    def pop(self, key: Any, *default: Any) -> Any:
        if key not in self:
            return super().pop(key, *default)
        payment = self.get_clean(key)
        del self[key]
        return payment

    def clear(self) -> None:
        super().clear()
        self._index = PaymentIndex()
        self._older = None
        self._forget_order()
        self._moved.clear()


class _Rows(Sequence[PaymentRecord]):
    """Found payments. Each is read when it is needed."""

    def __init__(self, table: PaymentTable, found: Sequence[Moment]) -> None:
        self._table, self._found = table, found

    def __len__(self) -> int:
        return len(self._found)

    @overload
    def __getitem__(self, index: int) -> PaymentRecord: ...
    @overload
    def __getitem__(self, index: slice) -> list[PaymentRecord]: ...
    def __getitem__(self, index: int | slice) -> PaymentRecord | list[PaymentRecord]:
        if isinstance(index, int):
            return self._table.get_clean(self._found[index][2])
        return [self._table.get_clean(row[2]) for row in self._found[index]]
