"""A page of a list, with search over everything, counts by status, and hits in the other lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from .query import Conditions
from .tables import TABLES, Table
from .text import legible

if TYPE_CHECKING:
    from ..engine.engine import Engine

__all__ = ["listed"]

MOST_COUNTED: Final = 1000
"""Rows of a list that are counted by status, the newest first."""
MOST_LOOKED_AT: Final = 200_000
"""Records that one call looks through. A page that ends there says where to go on."""
MOST_ELSEWHERE: Final = 1000


def listed(engine: Engine, tab: str, wanted: Conditions) -> dict[str, Any]:
    """Return the rows of a page, the newest first."""
    table = TABLES[tab]
    keys = _one_payment(engine, tab, wanted.text) or table.keys(engine)
    places, ended_at = _places(engine, table, keys, wanted)
    records = [(place, table.read(engine, keys[place])) for place in places]
    count, exact, facets = _counts(engine, table, keys, wanted)
    older = places[-1] if places and _another(engine, table, keys, wanted, range(places[-1] - 1, -1, -1)) else ended_at
    newer = places[0] if places and _another(engine, table, keys, wanted, range(places[0] + 1, len(keys))) else None
    return {
        "rows": [legible(table.row(engine, record)) | {"key": table.name(record)} for _, record in records],
        "next": older,
        "previous": newer,
        "complete": ended_at is None,
        "count": {"value": count, "exact": exact},
        "facets": {"status": facets},
        "meant": legible(wanted.meant),
        "totals": {name: each.total(engine) for name, each in TABLES.items()},
        "elsewhere": _elsewhere(engine, tab, wanted) if wanted.text else {},
    }


def _one_payment(engine: Engine, tab: str, text: str) -> Sequence[Any]:
    """Return the only payment that has this imp_uid: it is found without looking at the others."""
    return [text] if tab == "payments" and text in engine.state.payments else []


def _places(engine: Engine, table: Table, keys: Sequence[Any], wanted: Conditions) -> tuple[list[int], int | None]:
    """Return the places of the page's rows, the newest first, and where the search gave up."""
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


def _counts(engine: Engine, table: Table, keys: Sequence[Any], wanted: Conditions) -> tuple[int, bool, dict[str, int]]:
    """Return the number of rows, whether it is exact, and the numbers by status under the other conditions."""
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
    return (counted, exact, facets) if wanted.any else (len(keys), True, facets)


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
    # A partial refund reads `cancelled` at V1, or `paid`, and is found by either word.
    return wanted.by_word in (None, status, getattr(record, "status", None))


def _elsewhere(engine: Engine, tab: str, wanted: Conditions) -> dict[str, int]:
    """Return how many of the latest records of the other lists the text is found in."""
    plain = Conditions(text=wanted.text, amount=wanted.amount)
    found: dict[str, int] = {}
    for name, table in TABLES.items():
        keys = table.keys(engine)
        records = (table.read(engine, key) for key in keys[-MOST_ELSEWHERE:])
        if name != tab:
            found[name] = sum(1 for record in records if record is not None and _says(table, record, plain))
    return found
