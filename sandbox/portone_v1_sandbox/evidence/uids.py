"""Find the payments and orders that a call was about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Final, NamedTuple

from ..wire.json_types import is_list, is_object

__all__ = ["Uids", "uids_of"]

MOST: Final = 20
"""The most uids of one call. A search that finds more is about none of the payments."""
LONGEST: Final = 200


class Uids(NamedTuple):
    imp: tuple[str, ...] = ()
    merchant: tuple[str, ...] = ()


def uids_of(*sources: Any) -> Uids:
    """Return the uids that arguments, bodies and responses name."""
    imp: dict[str, None] = {}
    merchant: dict[str, None] = {}
    for source in sources:
        for record in _records(source):
            _add(imp, record.get("imp_uid"))
            _add(merchant, record.get("merchant_uid"))
    return Uids(tuple(islice(imp, MOST)), tuple(islice(merchant, MOST)))


def _add(found: dict[str, None], value: Any) -> None:
    if is_list(value):
        for one in value:
            _add_one(found, one)
    elif value is not None:
        _add_one(found, value)


def _add_one(found: dict[str, None], value: Any) -> None:
    if isinstance(value, str) and 0 < len(value) <= LONGEST:
        found[value] = None


def _records(source: Any) -> Iterator[Mapping[str, Any]]:
    if is_object(source):
        yield source
        schedules = source.get("schedules")
        if is_list(schedules):
            yield from _records(schedules)
    elif is_list(source) and len(source) <= MOST:
        yield from (record for record in source if is_object(record))
