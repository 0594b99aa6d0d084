"""Search record by record, the newest first, up to a limit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from .page import Page
from .query import Conditions
from .tables import Table

if TYPE_CHECKING:
    from ..engine.engine import Engine

__all__ = ["Counts", "count_by_looking", "page_by_looking"]

MOST_COUNTED: Final = 1000
"""The most rows of a list that are counted by status, the newest first."""
MOST_LOOKED_AT: Final = 200_000
"""The most records that one call searches. A page that ends there names the place to continue at."""


Counts = tuple[int, bool, dict[str, int], bool]
"""The number of rows, the numbers by status under the other conditions, and whether each is exact."""


def page_by_looking(
    engine: Engine, table: Table, keys: Sequence[Any], wanted: Conditions, counts: Counts | None = None
) -> Page:
    """Return the rows of a page. `counts` are the totals that are known without a search."""
    places, ended_at = _places(engine, table, keys, wanted)
    value, exact, facets, all_counted = counts or _counts(engine, table, keys, wanted)
    return Page(
        records=[table.read(engine, keys[place]) for place in places],
        older=places[-1]
        if places and _another(engine, table, keys, wanted, range(places[-1] - 1, -1, -1))
        else ended_at,
        newer=places[0] if places and _another(engine, table, keys, wanted, range(places[0] + 1, len(keys))) else None,
        complete=ended_at is None,
        count=value,
        exact=exact and table.whole(engine),
        statuses=facets,
        statuses_exact=all_counted and table.whole(engine),
    )


def count_by_looking(engine: Engine, table: Table, wanted: Conditions) -> tuple[int, bool]:
    """Return how many records contain the text, and whether all were searched."""
    keys = table.keys(engine)
    records = (table.read(engine, key) for key in keys[-MOST_LOOKED_AT:])
    found = sum(1 for record in records if record is not None and _says(table, record, wanted))
    return found, len(keys) <= MOST_LOOKED_AT and table.whole(engine)


def _places(engine: Engine, table: Table, keys: Sequence[Any], wanted: Conditions) -> tuple[list[int], int | None]:
    """Return the places of the page's rows, the newest first, and the place at which the search gave up."""
    if wanted.before is not None:
        found = _found(engine, table, keys, wanted, range(wanted.before + 1, len(keys)), wanted.limit)
        return found[0][::-1], None
    start = len(keys) if wanted.after is None else min(wanted.after, len(keys))
    return _found(engine, table, keys, wanted, range(start - 1, -1, -1), wanted.limit)


def _found(
    engine: Engine, table: Table, keys: Sequence[Any], wanted: Conditions, places: Iterable[int], most: int
) -> tuple[list[int], int | None]:
    found: list[int] = []
    for looked, place in enumerate(places):
        if looked >= MOST_LOOKED_AT:
            return found, place + 1
        record = table.read(engine, keys[place])
        if record is not None and _fits(table, record, wanted) and _has_status(table, record, wanted):
            found.append(place)
            if len(found) == most:
                break
    return found, None


def _another(engine: Engine, table: Table, keys: Sequence[Any], wanted: Conditions, places: Iterable[int]) -> bool:
    found, gave_up = _found(engine, table, keys, wanted, places, 1)
    return bool(found) or gave_up is not None


def _counts(engine: Engine, table: Table, keys: Sequence[Any], wanted: Conditions) -> Counts:
    facets: dict[str, int] = {}
    counted, exact = 0, True
    for looked, place in enumerate(range(len(keys) - 1, -1, -1)):
        if looked >= MOST_LOOKED_AT or counted >= MOST_COUNTED:
            exact = False
            break
        record = table.read(engine, keys[place])
        if record is None or not _fits(table, record, wanted):
            continue
        status = table.status(record)
        facets[status] = facets.get(status, 0) + 1
        if _has_status(table, record, wanted):
            counted += 1
    return (counted, exact, facets, exact) if wanted.any else (len(keys), True, facets, exact)


def _fits(table: Table, record: Any, wanted: Conditions) -> bool:
    if wanted.text and not _says(table, record, wanted):
        return False
    if wanted.since is not None and table.at(record) < wanted.since:
        return False
    if wanted.until is not None and table.at(record) > wanted.until:
        return False
    return table.fits(record, wanted)


def _says(table: Table, record: Any, wanted: Conditions) -> bool:
    # An amount is compared as a number, so that 1000 does not find 21000; a number can be part of an order, too.
    if wanted.amount is not None and getattr(record, "amount", None) == wanted.amount:
        return True
    texts = (word for word in table.words(record) if isinstance(word, str))
    return any(wanted.text in word.lower() for word in texts)


def _has_status(table: Table, record: Any, wanted: Conditions) -> bool:
    status = table.status(record)
    if wanted.status and status not in wanted.status:
        return False
    # V1 shows a partly refunded payment as `cancelled` or `paid`, so either word finds it.
    return wanted.by_word in (None, status, getattr(record, "status", None))
