"""Routes of the views, all of them for reading."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
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

__all__ = ["VIEWS", "View", "find_view"]

Query = Mapping[str, Any]
View = Callable[["Engine", str, Query], Any]
MOST_IDS: Final = 100
MOST_EVENTS: Final = 500


def _list(engine: Engine, tab: str, query: Query) -> Any:
    _known(query, NAMES)
    return listed(engine, tab, conditions_of(query))


def _changes(engine: Engine, tab: str, query: Query) -> Any:
    _known(query, ("seen", "since", "ids"))
    ids = query.get("ids", [])
    chosen = [one for one in (ids if is_list(ids) else str(ids).split(",")) if isinstance(one, str) and one]
    seen = query.get("seen")
    return changes(engine, tab, chosen[:MOST_IDS], number_of(query, "since"), seen if isinstance(seen, str) else None)


def _sums(engine: Engine, _name: str, query: Query) -> Any:
    _known(query, ())
    return sums(engine)


def _room(engine: Engine, _name: str, query: Query) -> Any:
    _known(query, ())
    return room(engine)


def _payment(engine: Engine, uid: str, query: Query) -> Any:
    _known(query, ())
    return payment_view(engine, _found(engine, uid))


def _timeline(engine: Engine, uid: str, query: Query) -> Any:
    _known(query, ("after", "limit"))
    limit = min(number_of(query, "limit") or MOST_EVENTS, MOST_EVENTS)
    return timeline(engine, _found(engine, uid), number_of(query, "after") or 0, limit)


def _event(engine: Engine, number: str, query: Query) -> Any:
    _known(query, ("reveal", "whole"))
    event = engine.evidence.get(int(number))
    if event is None:
        raise no_such_event(int(number))
    return whole_event(engine.state, event, reveal=query.get("reveal") == "1", whole=query.get("whole") == "1")


def _found(engine: Engine, uid: str) -> PaymentRecord:
    payments = engine.state.payments
    if uid not in payments:
        raise no_such_payment(uid)
    return payments.get_clean(uid)


def _known(query: Query, names: Collection[str]) -> None:
    unknown = [name for name in query if name not in names]
    if unknown:
        raise unknown_names(unknown, names)


VIEWS: Final[tuple[tuple[re.Pattern[str], View], ...]] = (
    (re.compile(rf"/_sandbox/list/({'|'.join(TABLES)})"), _list),
    (re.compile(rf"/_sandbox/changes/({'|'.join(TABLES)})"), _changes),
    (re.compile(r"/_sandbox/(sums)"), _sums),
    (re.compile(r"/_sandbox/(room)"), _room),
    (re.compile(r"/_sandbox/payments/(imps?_[A-Za-z0-9]{1,40})"), _payment),
    (re.compile(r"/_sandbox/payments/(imps?_[A-Za-z0-9]{1,40})/timeline"), _timeline),
    (re.compile(r"/_sandbox/events/([0-9]{1,12})"), _event),
)


def find_view(path: str) -> Callable[[Engine, str], Any] | None:
    """Return what shows a path, given the query; None for other paths."""
    for pattern, view in VIEWS:
        match = pattern.fullmatch(path)
        if match is not None:
            name = match[1]
            return lambda engine, query: view(engine, name, query_values(query))
    return None
