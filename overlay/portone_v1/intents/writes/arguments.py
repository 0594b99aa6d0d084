"""What an intent keeps of a call: what its row allows, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final, cast
from urllib.parse import unquote

from portone_v1_runtime.operation import Call

from .table import Row

__all__ = ["kept_arguments", "resource_of"]

LONGEST: Final = 200


def kept_arguments(row: Row, call: Call[Any], extra_body: Mapping[str, Any] | None = None) -> dict[str, object]:
    """The arguments of the call that its row keeps, fit for JSON."""
    given = {**_in_path(call), **(call.query or {}), **(call.body or {}), **(extra_body or {})}
    found: dict[str, object] = {}
    for keep in row.keeps:
        name, fields = (keep, ()) if isinstance(keep, str) else keep
        value = _plain(given.get(name), fields)
        if value is not None:
            found[name] = value
    return found


def resource_of(row: Row, arguments: Mapping[str, object], otherwise: str) -> str:
    """Name what the write changes. Of several records of one call, the first one named stands for all.

    Args:
        otherwise: where the call names nothing: then no other write is kept away.
    """
    kind, *names = row.resource
    for name in names:
        value: Any = arguments.get(name)
        if isinstance(value, list) and value:
            first: Any = value[0]  # pyright: ignore[reportUnknownVariableType]
            value = first.get("merchant_uid") if isinstance(first, Mapping) else first  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        if value is not None and value != []:
            return f"{kind}:{value}"
    return f"{kind}:{otherwise}"


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
