"""Redact responses: only V1's own words, kinds of values, and masks without their digits may be shown.

Another server in the place of V1 may send anything in any field, so a value is shown only if it has the form of such a
word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, cast

__all__ = ["kind_of", "plain", "shape_of", "word"]

KEPT: Final = frozenset({"status", "pay_method", "pg_provider", "emb_pg_provider", "channel", "currency"})
"""Fields whose values come from V1 or a PG."""
WORD: Final = re.compile(r"(?=.{1,24}$)[A-Za-z]+[0-9]?(_[A-Za-z]+[0-9]?)*")
FIELD: Final = re.compile(r"(?=.{1,40}$)[a-z]+([A-Z][a-z]+)*(_[a-z]+)*[0-9]{0,2}")
CODE: Final = re.compile(r"[A-Z0-9]{2,5}")
REASONS: Final = ("취소요청api", "관리자페이지취소")
"""Reasons that V1 fills in itself."""
OF_THE_PAYMENT: Final = frozenset({"pg_tid", "receipt_url"})
HIDDEN: Final = re.compile(r"portone-v1-doctor-\w+|\S+@\S+|imps?_\d+|[A-Za-z0-9_-]{16,}|https?://\S+|\d{4,}")
LONGEST: Final = 240
MOST_FIELDS: Final = 120


def word(value: Any, *, code: bool = False) -> str | None:
    """Return a word of V1's own, None if it could be anything else."""
    return value if isinstance(value, str) and (CODE if code else WORD).fullmatch(value) else None


def plain(text: Any) -> str | None:
    """Return a sentence without numbers, addresses and anything that looks like a key."""
    if not isinstance(text, str):
        return None if text is None else f"no text but {kind_of(text)}"
    legible = text.encode("utf-8", "replace").decode("utf-8")
    hidden = HIDDEN.sub("…", legible)
    return hidden if len(hidden) <= LONGEST else f"{hidden[:LONGEST]}…"


def shape_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return how each field is empty or filled, but not its value."""
    shape: dict[str, Any] = {}
    for name in sorted(map(str, row))[:MOST_FIELDS]:
        if not FIELD.fullmatch(name):
            shape["an odd field"] = "text"
            continue
        shape[name] = _field(name, row.get(name), row)
    return shape


def _field(name: str, value: Any, row: Mapping[str, Any]) -> Any:
    if name in KEPT and isinstance(value, str):
        return value if value == "" else word(value) or "text"
    if name == "card_number" and isinstance(value, str) and value:
        return _mask(value)
    if name in {"cancel_history", "deposit_history"} and isinstance(value, list) and value:
        first: Any = cast("list[object]", value)[0]
        return [_entry(cast("Mapping[str, Any]", first), row)] if isinstance(first, dict) else [kind_of(first)]
    if name == "cancel_reason" and value in REASONS:
        return value
    return kind_of(value)


def _entry(entry: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the shape of a refund or a deposit: does it have the payment's number and slip, and a reason of V1?"""
    shape: dict[str, Any] = {}
    for name in sorted(map(str, entry))[:MOST_FIELDS]:
        value = entry.get(name)
        if not FIELD.fullmatch(name):
            continue
        if name in OF_THE_PAYMENT and isinstance(value, str) and value and value == row.get(name):
            shape[name] = "the payment's"
        elif name == "reason" and value in REASONS:
            shape[name] = value
        elif name == "cancellation_id" and isinstance(value, str) and value:
            shape[name] = "20 capitals and digits" if re.fullmatch(r"[A-Z0-9]{20}", value) else "text"
        else:
            shape[name] = kind_of(value)
    return shape


def _mask(number: str) -> str:
    """Return a mask with each digit as `#`. Anything but the signs of a mask becomes `?`."""
    return re.sub(r"[^#* -]", "?", re.sub(r"[0-9]", "#", number))[:32]


def kind_of(value: Any) -> Any:
    """Return null, 0, '' and [] as they are, and the kind of any other value."""
    if isinstance(value, bool):
        return "flag"
    if value is None or value in ("", 0) or value == [] or value == {}:
        return cast("object", value)
    names: dict[type[Any], str] = {str: "text", list: "list", dict: "object"}
    return names.get(type(cast("object", value)), "number")
