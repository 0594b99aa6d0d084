"""The numbers of the report: charges and refunds by day, declines by reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal

from attrs import frozen
from portone_v1.models import Payment
from portone_v1.results import MovementLine
from portone_v1_runtime.decode import KST
from portone_v1_runtime.models.fields import mask

from ..formatting import text_of

__all__ = ["Day", "Decline", "Sales", "count_declines"]

LONGEST_REASON = 60


@frozen
class Day:
    day: date
    sales: Decimal
    refunds: Decimal


@frozen
class Decline:
    """Number of failed attempts with one reason, by payment method and PG."""

    reason: str
    number: int
    methods: Mapping[str, int]
    pgs: Mapping[str, int]


class Sales:
    """Charges and refunds by currency and by day (KST), counted as they pass."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        """Number of each kind of movement, `charge` and `refund`."""
        self._currencies: Counter[str] = Counter()
        self._sums: dict[tuple[str, date, str], Decimal] = {}

    def counted(self, lines: Iterable[MovementLine]) -> Iterator[MovementLine]:
        """Yield every line after counting it."""
        for line in lines:
            self.counts[line.kind] += 1
            self._currencies[line.currency] += 1
            key = line.currency, line.at.astimezone(KST).date(), line.kind
            self._sums[key] = self._sums.get(key, Decimal(0)) + line.amount
            yield line

    def totals(self) -> dict[str, dict[str, Decimal]]:
        """Return the totals `charge` and `refund` by currency."""
        found = {currency: {"charge": Decimal(0), "refund": Decimal(0)} for currency in sorted(self._currencies)}
        for (currency, _, kind), amount in self._sums.items():
            found[currency][kind] += amount
        return found

    def main_currency(self) -> str:
        """Return the currency with the most movements: amounts of different currencies have no common axis."""
        return self._currencies.most_common(1)[0][0] if self._currencies else "KRW"

    def by_day(self, first: date, last: date, currency: str) -> list[Day]:
        """Return every day of the period (KST), also days without movements."""

        def of(day: date, kind: str) -> Decimal:
            return self._sums.get((currency, day, kind), Decimal(0))

        days = (first + timedelta(days=number) for number in range((last - first).days + 1))
        return [Day(day, of(day, "charge"), of(day, "refund")) for day in days]


def count_declines(failed: Iterable[Payment]) -> list[Decline]:
    """Return the decline reasons, the most frequent first. Test payments are left out, as in the totals."""
    methods: dict[str, Counter[str]] = {}
    pgs: dict[str, Counter[str]] = {}
    for payment in failed:
        if payment.sandbox:
            continue
        reason = mask(text_of((payment.fail_reason or "사유 없음 · no reason given").strip()))[:LONGEST_REASON]
        methods.setdefault(reason, Counter())[str(payment.pay_method or "?")] += 1
        pgs.setdefault(reason, Counter())[str(payment.pg_provider or "?")] += 1
    counted = [Decline(reason, found.total(), found, pgs[reason]) for reason, found in methods.items()]
    return sorted(counted, key=lambda decline: (-decline.number, decline.reason))
