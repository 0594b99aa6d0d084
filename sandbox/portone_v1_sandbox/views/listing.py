"""A page of a list, with a search over everything, counts by status, and the number of hits in the other lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .naming import records_named
from .page import Page
from .payment_search import count_of_payments, page_of_payments
from .query import Conditions
from .scanning import count_by_looking, page_by_looking
from .tables import TABLES
from .text import legible

if TYPE_CHECKING:
    from ..engine.engine import Engine

__all__ = ["listed"]

PAYMENTS = "payments"


def listed(engine: Engine, tab: str, wanted: Conditions) -> dict[str, Any]:
    """Return the rows of a page, the newest first."""
    table = TABLES[tab]
    named: Mapping[str, Sequence[Any]] = {} if wanted.uid is None else records_named(engine, wanted.uid)
    page = page_by_looking(engine, table, named[tab], wanted) if tab in named else _page(engine, tab, wanted)
    return {
        "rows": [legible(table.row(engine, record)) | {"key": table.name(record)} for record in page.records],
        "next": page.older,
        "previous": page.newer,
        "complete": page.complete,
        "count": {"value": page.count, "exact": page.exact},
        "facets": {"status": page.statuses, "exact": page.statuses_exact},
        "meant": legible({"by": "uid", "value": wanted.uid} if named else wanted.meant),
        "totals": {name: each.total(engine) for name, each in TABLES.items()},
        "elsewhere": _elsewhere(engine, tab, wanted, named) if wanted.text else {},
    }


def _page(engine: Engine, tab: str, wanted: Conditions) -> Page:
    table = TABLES[tab]
    if tab == PAYMENTS and wanted.any:
        return page_of_payments(engine.state.payments, wanted)
    keys, status = table.keys(engine), wanted.only_status
    if status is not None and table.of_status is not None:
        keys = table.of_status(engine, status)
    elif wanted.any:
        return page_by_looking(engine, table, keys, wanted)
    statuses = table.statuses(engine)
    counts = None if statuses is None else (len(keys), True, statuses, True)
    return page_by_looking(engine, table, keys, wanted, counts)


def _elsewhere(engine: Engine, tab: str, wanted: Conditions, named: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    """Return how many records of the other lists contain the text, and whether these counts are complete."""
    plain = Conditions(text=wanted.text, amount=wanted.amount)
    found: dict[str, Any] = {}
    for name, table in TABLES.items():
        if name == tab:
            continue
        if name in named:
            value, exact = len(named[name]), table.whole(engine)
        elif name == PAYMENTS:
            value, exact = count_of_payments(engine.state.payments, plain), True
        else:
            value, exact = count_by_looking(engine, table, plain)
        found[name] = {"value": value, "exact": exact}
    return found
