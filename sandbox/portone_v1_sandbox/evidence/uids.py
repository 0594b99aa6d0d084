"""Which payments and orders a call was about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Final, NamedTuple

from ..wire.json_types import is_list, is_object

__all__ = ["Uids", "uids_of"]

MOST: Final = 20
"""Of one call. A search is about none of the many payments that it finds."""


class Uids(NamedTuple):
    imp: tuple[str, ...] = ()
    merchant: tuple[str, ...] = ()


def uids_of(*sources: Any) -> Uids:
    """Return the uids that arguments, bodies and responses name."""
    found: dict[str, dict[str, None]] = {"imp_uid": {}, "merchant_uid": {}}
    for source in sources:
        for record in _records(source):
            for name, uids in found.items():
                uids.update(dict.fromkeys(_texts(record.get(name))))
    return Uids(tuple(islice(found["imp_uid"], MOST)), tuple(islice(found["merchant_uid"], MOST)))


def _records(source: Any) -> Iterator[Mapping[str, Any]]:
    if is_object(source):
        yield source
        schedules = source.get("schedules")
        if is_list(schedules):
            yield from _records(schedules)
    elif is_list(source) and len(source) <= MOST:
        yield from (record for record in source if is_object(record))


def _texts(value: Any) -> Iterator[str]:
    for one in value if is_list(value) else (value,):
        if isinstance(one, str) and 0 < len(one) <= 200:
            yield one
