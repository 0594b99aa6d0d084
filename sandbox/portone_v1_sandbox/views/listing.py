"""A page of a list, with search over everything, counts by status, and hits in the other lists."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .page import Page
from .payment_search import count_of_payments, page_of_payments, statuses_of_payments
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
    page = _payments(engine, wanted) if tab == PAYMENTS else page_by_looking(engine, table, table.keys(engine), wanted)
    return {
        "rows": [legible(table.row(engine, record)) | {"key": table.name(record)} for record in page.records],
        "next": page.older,
        "previous": page.newer,
        "complete": page.complete,
        "count": {"value": page.count, "exact": page.exact},
        "facets": {"status": page.statuses, "exact": page.statuses_exact},
        "meant": legible(wanted.meant),
        "totals": {name: each.total(engine) for name, each in TABLES.items()},
        "elsewhere": _elsewhere(engine, tab, wanted) if wanted.text else {},
    }


def _payments(engine: Engine, wanted: Conditions) -> Page:
    payments, table = engine.state.payments, TABLES[PAYMENTS]
    if wanted.text in payments:  # Its imp_uid: it is found without looking at the others.
        return page_by_looking(engine, table, [wanted.text], wanted)
    if wanted.any:
        return page_of_payments(payments, wanted)
    page = page_by_looking(engine, table, payments.arrivals(), wanted)
    if page.statuses_exact or not payments.is_sought:
        return page
    return replace(page, statuses=statuses_of_payments(payments.sought()), statuses_exact=True)


def _elsewhere(engine: Engine, tab: str, wanted: Conditions) -> dict[str, Any]:
    """Return in how many records of the other lists the text is found, and whether these are all."""
    plain = Conditions(text=wanted.text, amount=wanted.amount)
    found: dict[str, Any] = {}
    for name, table in TABLES.items():
        if name == tab:
            continue
        value, exact = (
            (count_of_payments(engine.state.payments, plain), True)
            if name == PAYMENTS
            else count_by_looking(engine, table, plain)
        )
        found[name] = {"value": value, "exact": exact}
    return found
