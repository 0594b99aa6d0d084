"""Search all payments: columns are compared, and only the records of the page are read."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from ..state.tables.sought import SoughtColumns, Traits, text_of
from .page import Page
from .query import Conditions

if TYPE_CHECKING:
    from ..state.tables.payment_table import PaymentTable

__all__ = ["count_of_payments", "page_of_payments", "statuses_of_payments"]


def page_of_payments(payments: PaymentTable, wanted: Conditions) -> Page:
    """Return the payments of a page."""
    columns = payments.sought()
    fitting = _fitting(columns, wanted)
    kinds = columns.counts if isinstance(fitting, range) else Counter(map(columns.kinds.__getitem__, fitting))
    chosen = {number for number, traits in enumerate(columns.traits) if _has_status(traits, wanted)}

    def having(found: Iterable[int], most: int) -> list[int]:
        return list(islice((place for place in found if columns.kinds[place] in chosen), most))

    if wanted.before is not None:
        first = bisect_right(fitting, wanted.before)
        places = having((fitting[n] for n in range(first, len(fitting))), wanted.limit)[::-1]
    else:
        last = len(fitting) if wanted.after is None else bisect_left(fitting, wanted.after)
        places = having((fitting[n] for n in range(last - 1, -1, -1)), wanted.limit)
    newest, oldest = (bisect_right(fitting, places[0]), bisect_left(fitting, places[-1])) if places else (0, 0)
    arrivals = payments.arrivals()
    return Page(
        records=[payments.get_clean(arrivals[place]) for place in places],
        older=places[-1] if places and having((fitting[n] for n in range(oldest - 1, -1, -1)), 1) else None,
        newer=places[0] if places and having((fitting[n] for n in range(newest, len(fitting))), 1) else None,
        count=sum(count for kind, count in kinds.items() if kind in chosen),
        statuses=_by_status(columns, kinds),
    )


def count_of_payments(payments: PaymentTable, wanted: Conditions) -> int:
    """Return how many payments contain the text."""
    return len(_fitting(payments.sought(), wanted))


def statuses_of_payments(columns: SoughtColumns) -> dict[str, int]:
    """Return the number of payments by status."""
    return _by_status(columns, columns.counts)


def _by_status(columns: SoughtColumns, kinds: Mapping[int, int]) -> dict[str, int]:
    found: dict[str, int] = {}
    for kind, count in kinds.items():
        status = columns.traits[kind].shown_status
        found[status] = found.get(status, 0) + count
    return {status: count for status, count in found.items() if count}


def _fitting(columns: SoughtColumns, wanted: Conditions) -> Sequence[int]:
    """Return the places of the payments that match everything but the status."""
    places: list[int] | range = _saying(columns, wanted) if wanted.text else range(len(columns))
    if wanted.pg or wanted.method:
        kinds, chosen = columns.kinds, {n for n, traits in enumerate(columns.traits) if _has_traits(traits, wanted)}
        places = [place for place in places if kinds[place] in chosen]
    if wanted.lowest is not None or wanted.highest is not None:
        lowest, highest = wanted.lowest or 0, float("inf") if wanted.highest is None else wanted.highest
        amounts = columns.amounts
        places = [place for place in places if lowest <= amounts[place] <= highest]
    if wanted.since is not None or wanted.until is not None:
        since, until = wanted.since or 0, float("inf") if wanted.until is None else wanted.until
        started = columns.started
        places = [place for place in places if since <= started[place] <= until]
    return places


def _saying(columns: SoughtColumns, wanted: Conditions) -> list[int]:
    text = text_of(wanted.text)
    found = columns.saying(text)
    if wanted.amount is None:
        return found
    # An amount is compared as a number, so that 1000 does not find 21000; a number can be part of an order, too.
    amount = float(wanted.amount)
    return sorted({*found, *(place for place, one in enumerate(columns.amounts) if one == amount)})


def _has_traits(traits: Traits, wanted: Conditions) -> bool:
    if wanted.pg and traits.pg != wanted.pg:
        return False
    return not wanted.method or wanted.method in (traits.method, traits.embedded_pg)


def _has_status(traits: Traits, wanted: Conditions) -> bool:
    if wanted.status and traits.shown_status not in wanted.status:
        return False
    # V1 shows a partly refunded payment as `cancelled` or `paid`, so either word finds it.
    return wanted.by_word in (None, traits.shown_status, traits.status)
