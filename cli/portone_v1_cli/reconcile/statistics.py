"""Numbers of the report: charges and refunds by day, declines by reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal

from attrs import frozen
from portone_v1.models import Payment
from portone_v1.results import Movement
from portone_v1_runtime.decode import KST
from portone_v1_runtime.models.fields import mask

from ..formatting import text_of

__all__ = ["Day", "Decline", "by_day", "count_declines", "main_currency", "totals"]

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


def totals(movements: Iterable[Movement]) -> dict[str, dict[str, Decimal]]:
    """Return the totals `charge` and `refund` by currency."""
    found: dict[str, dict[str, Decimal]] = {}
    for movement in movements:
        sums = found.setdefault(movement.currency, {"charge": Decimal(0), "refund": Decimal(0)})
        sums[movement.kind] += movement.amount
    return dict(sorted(found.items()))


def main_currency(movements: Iterable[Movement]) -> str:
    """Return the currency of most movements; amounts of different currencies have no common axis."""
    counted = Counter(movement.currency for movement in movements)
    return counted.most_common(1)[0][0] if counted else "KRW"


def by_day(movements: Iterable[Movement], first: date, last: date, currency: str) -> list[Day]:
    """Return every day of the period (KST), also days without movements."""
    sums: dict[tuple[date, str], Decimal] = {}
    for movement in movements:
        if movement.currency == currency:
            key = movement.at.astimezone(KST).date(), movement.kind
            sums[key] = sums.get(key, Decimal(0)) + movement.amount
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [Day(day, sums.get((day, "charge"), Decimal(0)), sums.get((day, "refund"), Decimal(0))) for day in days]


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
