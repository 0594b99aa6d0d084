"""Snapshots of a shop: its whole state at one time, which can be restored later."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final, TypeGuard

from ..errors.shops import too_many_kept
from ..state.state import is_derived, is_log
from ..state.tables.log import Log
from ..state.tables.tracked_dict import is_table

if TYPE_CHECKING:
    from ..engine.engine import Engine
    from ..state.exchanges import Exchange

__all__ = ["MOST_SNAPSHOTS", "Snapshot", "keep_snapshot", "restore", "take_snapshot"]

MOST_SNAPSHOTS: Final = 100
NEVER_BACK: Final = frozenset({"serial"})
"""Not restored, so that no uid is used twice: the shop's own database may know it."""


@dataclass(frozen=True, slots=True, repr=False)
class Snapshot:
    """State, clock and journal of a shop. It belongs to no shop: any shop can be restored from it."""

    now: int
    payments: int
    clock: Mapping[str, Any]
    values: Mapping[str, Any]
    journal: tuple[Exchange, ...]

    def __repr__(self) -> str:
        return f"<Snapshot of {self.payments} payments at {self.now}>"


def take_snapshot(engine: Engine) -> Snapshot:
    """Return a copy of everything in a shop."""
    with engine.transaction():
        engine.catch_up()
        engine.enqueue_deliveries()
        state = engine.state
        values = {
            each.name: _copied(getattr(state, each.name))
            for each in fields(state)
            if not is_derived(each) and each.name not in NEVER_BACK
        }
        journal = tuple(copy.deepcopy(list(engine.journal)))
        return Snapshot(engine.clock.now(), len(state.payments), engine.clock.reading(), values, journal)


def restore(engine: Engine, snapshot: Snapshot) -> None:
    """Restore everything from a snapshot, including the time."""
    with engine.transaction():
        state = engine.state
        state.clear()
        for each in fields(state):
            if each.name not in snapshot.values:
                continue
            value = copy.deepcopy(snapshot.values[each.name])
            table = getattr(state, each.name)
            if _is_dict(table):
                table.update(value)  # The table itself must stay, because a store watches it.
            elif is_log(each):
                log: Log[Any] = Log()
                log.extend(value)
                setattr(state, each.name, log)
            else:
                setattr(state, each.name, value)
        state.timeline = None
        engine.tiers |= state.tiers_in_use()
        engine.journal.clear()
        engine.journal.extend(copy.deepcopy(snapshot.journal))
        engine.clock.continue_as(**snapshot.clock)


def keep_snapshot(engine: Engine, name: str) -> Snapshot:
    """Take a snapshot and keep it under a name. Raises Refusal if there are too many."""
    if name not in engine.snapshots and len(engine.snapshots) >= MOST_SNAPSHOTS:
        raise too_many_kept("snapshots", MOST_SNAPSHOTS, "delete some with POST /_sandbox/snapshots/delete")
    snapshot = engine.snapshots[name] = take_snapshot(engine)
    return snapshot


def _is_dict(value: object) -> TypeGuard[dict[Any, Any]]:
    return isinstance(value, dict)


def _is_log(value: object) -> TypeGuard[Log[Any]]:
    return isinstance(value, Log)


def _copied(value: Any) -> Any:
    if is_table(value):
        return {uid: copy.deepcopy(value.get_clean(uid)) for uid in value}
    if _is_dict(value):
        items: Mapping[Any, Any] = dict(dict[Any, Any].items(value))
        return copy.deepcopy(items)
    return list(value) if _is_log(value) else copy.deepcopy(value)
