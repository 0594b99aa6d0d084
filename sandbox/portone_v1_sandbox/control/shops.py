"""Control calls for shops by name, snapshots and scenarios."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from ..errors.base import missing, wrong_value
from ..errors.shops import no_such_name
from ..merchant.tokens import read_tier
from ..shops.scenarios import SCENARIOS, play
from ..shops.snapshots import keep_snapshot, restore
from ..wire.forms import body_values
from ..wire.json_types import is_list

if TYPE_CHECKING:
    from ..engine.engine import Engine
    from ..shops.snapshots import Snapshot
    from ..wire.messages import Request

__all__ = ["SHOP_CONTROLS", "SHOP_NAMES"]

LONGEST: Final = 80


def _shops(engine: Engine, _request: Request) -> list[dict[str, Any]]:
    """Return every named shop."""
    shops: list[dict[str, Any]] = engine.shops.to_wire()
    return shops


def _delete_shops(engine: Engine, request: Request) -> list[dict[str, Any]]:
    """Delete the shops of these names, with everything in them."""
    engine.shops.delete(_names(request))
    return _shops(engine, request)


def _snapshots(engine: Engine, _request: Request) -> list[dict[str, Any]]:
    """Return the snapshots of this shop."""
    return [_snapshot_to_wire(name, snapshot) for name, snapshot in engine.snapshots.items()]


def _snapshot_to_wire(name: str, snapshot: Snapshot) -> dict[str, Any]:
    return {"name": name, "now": snapshot.now, "payments": snapshot.payments}


def _take(engine: Engine, request: Request) -> dict[str, Any]:
    """Take a snapshot under a name; it replaces an earlier one of this name."""
    name = _text(request, "name")
    return _snapshot_to_wire(name, keep_snapshot(engine, name))


def _restore(engine: Engine, request: Request) -> dict[str, Any]:
    """Restore everything from a snapshot, including the time."""
    name = _text(request, "name")
    snapshot = engine.snapshots.get(name)
    if snapshot is None:
        raise no_such_name("snapshot", name, engine.snapshots)
    restore(engine, snapshot)
    return _snapshot_to_wire(name, snapshot)


def _delete_snapshots(engine: Engine, request: Request) -> list[dict[str, Any]]:
    """Delete the snapshots of these names."""
    names = _names(request)
    for name in names:
        if name not in engine.snapshots:
            raise no_such_name("snapshot", name, engine.snapshots)
    for name in names:
        engine.snapshots.pop(name, None)
    return _snapshots(engine, request)


def _scenarios(_engine: Engine, _request: Request) -> list[dict[str, Any]]:
    """Return the scenarios that can be played."""
    return [{"about": s.about, "about_ko": s.about_ko, "name": name} for name, s in SCENARIOS.items()]


def _play(engine: Engine, request: Request) -> dict[str, Any]:
    """Play a scenario, and return the ids that it made."""
    prefix = _text(request, "prefix") if "prefix" in body_values(request) else None
    return play(engine, _text(request, "name"), prefix, read_tier(request))


def _text(request: Request, name: str) -> str:
    value = body_values(request).get(name)
    if value is None:
        raise missing([name])
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST:
        raise wrong_value(name)
    return value


def _names(request: Request) -> list[str]:
    value = body_values(request).get("name")
    names = value if is_list(value) else [value]
    if value is None or not names:
        raise missing(["name"])
    if not all(isinstance(name, str) for name in names):
        raise wrong_value("name")
    return [str(name) for name in names]


SHOP_CONTROLS: Final[dict[str, dict[str, Callable[[Engine, Request], Any]]]] = {
    "/_sandbox/shops": {"GET": _shops},
    "/_sandbox/shops/delete": {"POST": _delete_shops},
    "/_sandbox/snapshots": {"GET": _snapshots, "POST": _take},
    "/_sandbox/snapshots/restore": {"POST": _restore},
    "/_sandbox/snapshots/delete": {"POST": _delete_snapshots},
    "/_sandbox/scenarios": {"GET": _scenarios, "POST": _play},
}
SHOP_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "/_sandbox/shops/delete": ("name",),
    "/_sandbox/snapshots": ("name",),
    "/_sandbox/snapshots/restore": ("name",),
    "/_sandbox/snapshots/delete": ("name",),
    "/_sandbox/scenarios": ("name", "prefix"),
}
