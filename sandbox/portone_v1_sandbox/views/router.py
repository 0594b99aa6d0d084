"""Routes of the views, which only read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ..errors.control import no_such_event, no_such_payment, unknown_names
from ..wire.forms import query_values
from ..wire.json_types import is_list
from .bodies import whole_event
from .changes import changes, sums
from .listing import listed
from .query import NAMES, conditions_of, number_of
from .room import room
from .tables import TABLES
from .timeline import payment_view, timeline

if TYPE_CHECKING:
    from ..engine.engine import Engine
    from ..state.payments import PaymentRecord

__all__ = ["VARIABLES", "VIEWS", "View", "find_view"]

Query = Mapping[str, Any]
MOST_IDS: Final = 100
MOST_EVENTS: Final = 500
BRACES: Final = re.compile(r"\{(\w+)\}")
VARIABLES: Final = {"tab": "|".join(TABLES), "imp_uid": "imps?_[A-Za-z0-9]{1,40}", "id": "[0-9]{1,12}"}
"""Patterns of the variables in braces of a path."""


@dataclass(frozen=True, slots=True)
class View:
    """The view of one path."""

    path: str
    show: Callable[[Engine, str, Query], Any]
    names: tuple[str, ...] = ()
    """Names that the query may have."""

    @property
    def variables(self) -> list[str]:
        """Names of the variables in the path: one or none."""
        return BRACES.findall(self.path)

    @property
    def pattern(self) -> str:
        return BRACES.sub(lambda found: f"({VARIABLES[found[1]]})", self.path)


def _list(engine: Engine, tab: str, query: Query) -> Any:
    return listed(engine, tab, conditions_of(query))


def _changes(engine: Engine, tab: str, query: Query) -> Any:
    ids = query.get("ids", [])
    chosen = [one for one in (ids if is_list(ids) else str(ids).split(",")) if isinstance(one, str) and one]
    seen = query.get("seen")
    return changes(engine, tab, chosen[:MOST_IDS], number_of(query, "since"), seen if isinstance(seen, str) else None)


def _sums(engine: Engine, _: str, _query: Query) -> Any:
    return sums(engine)


def _room(engine: Engine, _: str, _query: Query) -> Any:
    return room(engine)


def _payment(engine: Engine, uid: str, _query: Query) -> Any:
    return payment_view(engine, _found(engine, uid))


def _timeline(engine: Engine, uid: str, query: Query) -> Any:
    limit = min(number_of(query, "limit") or MOST_EVENTS, MOST_EVENTS)
    return timeline(engine, _found(engine, uid), number_of(query, "after") or 0, limit)


def _event(engine: Engine, number: str, query: Query) -> Any:
    event = engine.evidence.get(int(number))
    if event is None:
        raise no_such_event(int(number))
    return whole_event(engine.state, event, reveal=query.get("reveal") == "1", whole=query.get("whole") == "1")


def _found(engine: Engine, uid: str) -> PaymentRecord:
    payments = engine.state.payments
    if uid not in payments:
        raise no_such_payment(uid)
    return payments.get_clean(uid)


VIEWS: Final = (
    View("/_sandbox/list/{tab}", _list, NAMES),
    View("/_sandbox/changes/{tab}", _changes, ("seen", "since", "ids")),
    View("/_sandbox/sums", _sums),
    View("/_sandbox/room", _room),
    View("/_sandbox/payments/{imp_uid}", _payment),
    View("/_sandbox/payments/{imp_uid}/timeline", _timeline, ("after", "limit")),
    View("/_sandbox/events/{id}", _event, ("reveal", "whole")),
)

PATTERNS: Final = [(re.compile(view.pattern), view) for view in VIEWS]


def find_view(path: str) -> Callable[[Engine, str], Any] | None:
    """Return the function that answers a path, given its query; None for other paths.

    The function raises Refusal for unknown names.
    """
    for pattern, view in PATTERNS:
        match = pattern.fullmatch(path)
        if match is not None:
            named = match[1] if pattern.groups else ""
            return lambda engine, text: _shown(view, engine, named, query_values(text))
    return None


def _shown(view: View, engine: Engine, named: str, query: Query) -> Any:
    unknown = [name for name in query if name not in view.names]
    if unknown:
        raise unknown_names(unknown, view.names)
    return view.show(engine, named, query)
