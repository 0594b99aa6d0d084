"""Pick what an intent keeps of a call: what its row of the table allows, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final, cast
from urllib.parse import unquote

from portone_v1_runtime.operation import Call
from portone_v1_runtime.secret import reveal

from .table import Row

__all__ = ["kept_arguments", "records_of"]

LONGEST: Final = 200


def kept_arguments(row: Row, call: Call[Any], extra_body: Any = None) -> dict[str, object]:
    """Return the arguments of the call that its row keeps, in a form that fits JSON."""
    added: Mapping[str, Any] = reveal(extra_body) or {}
    given = {**_in_path(call), **(call.query or {}), **(call.body or {}), **added}
    found: dict[str, object] = {}
    for keep in row.keeps:
        name, fields = (keep, ()) if isinstance(keep, str) else keep
        value = _plain(given.get(name), fields)
        if value is not None:
            found[name] = value
    return found


def records_of(row: Row, arguments: Mapping[str, object], otherwise: str) -> list[tuple[str, dict[str, object]]]:
    """Name each record that the write changes, in one order for all callers, with its share of the arguments.

    Args:
        otherwise: the name if the call names no record: then no other write is kept away.
    """
    kind, *names = row.resource
    for name in names:
        value: Any = arguments.get(name)
        if value is None or value == []:
            continue
        several = isinstance(value, list)
        entries = cast("list[Any]", value if several else [value])
        found: dict[str, dict[str, object]] = {}
        for entry in entries:
            named = cast("Mapping[str, Any]", entry).get("merchant_uid") if isinstance(entry, Mapping) else entry
            found.setdefault(f"{kind}:{named}", {**arguments, name: [entry] if several else entry})
        return sorted(found.items(), key=lambda record: record[0])
    return [(f"{kind}:{otherwise}", dict(arguments))]


def _in_path(call: Call[Any]) -> dict[str, str]:
    pairs = zip(call.operation.path.split("/"), call.path.split("/"), strict=False)
    return {template[1:-1]: unquote(actual) for template, actual in pairs if template.startswith("{") and actual}


def _plain(value: Any, fields: tuple[str, ...]) -> object:
    if isinstance(value, Mapping):
        node = cast("Mapping[str, Any]", value)
        kept = {name: _plain(node.get(name), ()) for name in fields}
        return {name: each for name, each in kept.items() if each is not None}
    if isinstance(value, list | tuple):
        entries = cast("list[Any]", value)
        return [each for each in (_plain(entry, fields) for entry in entries) if each is not None]
    if fields:
        return None
    if isinstance(value, Decimal) or (isinstance(value, int) and not isinstance(value, bool)):
        return str(value)
    return value[:LONGEST] if isinstance(value, str) else None
