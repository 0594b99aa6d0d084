"""Every kind of value that a specification can hold: its schema, values of Python, and their form on the wire."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

__all__ = ["ASCII", "FLAT", "REFUSED", "SORTS", "Sort"]

KST = dt.timezone(dt.timedelta(hours=9))
TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=12
).filter(lambda text: text.strip() == text and text not in {".", ".."})
ASCII = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=12)
MOMENTS = st.integers(631_152_000, 7_258_118_400).flatmap(
    lambda seconds: st.sampled_from([dt.UTC, KST]).map(lambda zone: dt.datetime.fromtimestamp(seconds, zone))
)


def _same(value: Any) -> Any:
    return value


@dataclass(frozen=True)
class Sort:
    """A kind: its schema, values of Python, and their wire form in JSON."""

    name: str
    schema: dict[str, Any]
    values: Any
    wire: Any = _same
    models: tuple[str, ...] = ()


SORTS = (
    Sort("text", {"type": "string"}, TEXT),
    Sort("integer", {"type": "integer"}, st.integers(-(2**53), 2**53)),
    Sort("boolean", {"type": "boolean"}, st.booleans()),
    Sort("number", {"type": "number"}, st.floats(allow_nan=False, allow_infinity=False, width=32)),
    Sort("money", {"type": "number", "x-money": True}, st.integers(0, 10**12).map(Decimal), int),
    Sort("time", {"type": "integer", "x-unix-time": True},
         st.integers(1, 4 * 10**9).map(lambda seconds: dt.datetime.fromtimestamp(seconds, KST)),
         lambda value: int(value.timestamp())),
    Sort("date", {"type": "string", "format": "date"}, st.dates(), lambda value: value.isoformat()),
    Sort("moment", {"type": "string", "format": "date-time"}, MOMENTS, lambda value: value.isoformat()),
    Sort("uuid", {"type": "string", "format": "uuid"}, st.uuids(), str),
    Sort("choice", {"$ref": "#/components/schemas/Colour"}, st.sampled_from(["red", "dark-blue", "1", "None"])),
    Sort("number choice", {"$ref": "#/components/schemas/Size"}, st.sampled_from([0, 1, -5])),
    Sort("inline choice", {"type": "string", "enum": ["a", "b"]}, st.sampled_from(["a", "b"])),
    Sort("constant", {"type": "string", "const": "it's"}, st.just("it's")),
    Sort("plain", {"oneOf": [{"type": "string"}, {"type": "integer"}]}, st.one_of(TEXT, st.integers(0, 99))),
    Sort("map", {"type": "object", "additionalProperties": {"type": "integer"}},
         st.dictionaries(TEXT, st.integers(0, 99), min_size=1, max_size=3)),
    Sort("map of lists", {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "boolean"}}},
         st.dictionaries(TEXT, st.lists(st.booleans(), min_size=1, max_size=3), min_size=1, max_size=3)),
    Sort("object", {"type": "object", "additionalProperties": True},
         st.dictionaries(TEXT, st.integers(0, 99), min_size=1, max_size=3)),
    Sort("anything", {}, st.one_of(st.booleans(), TEXT, st.lists(st.integers(0, 9), min_size=1))),
    Sort("model", {"$ref": "#/components/schemas/Point"},
         st.fixed_dictionaries({"x": st.integers(0, 9), "class": TEXT}), _same, ("Point",)),
    Sort("inline model", {"type": "object", "properties": {"y": {"type": "integer"}}},
         st.fixed_dictionaries({"y": st.integers(0, 9)}), _same, ("*",)),
    Sort("one of", {"oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
                    "discriminator": {"propertyName": "kind", "mapping": {"cat!": "#/components/schemas/Cat"}}},
         st.sampled_from([{"kind": "cat!", "lives": 9}, {"kind": "Dog", "bark": "wan"}]), _same, ("Cat", "Dog")),
    # refused, by name:
    Sort("file", {"type": "string", "format": "binary"}, TEXT),
    Sort("undiscriminated", {"anyOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]},
         st.just({"kind": "cat!", "lives": 9})),
    Sort("not", {"not": {"type": "string"}}, st.just(1)),
)  # fmt: skip
REFUSED = {"file", "undiscriminated", "not"}
_ONE_VALUE = [one for one in SORTS if not one.models and one.name not in {"map", "map of lists", "object", "anything"}]
FLAT = {
    "path": _ONE_VALUE, "query": _ONE_VALUE, "cookie": _ONE_VALUE,
    "header": [one for one in _ONE_VALUE if one.name in {
        "text", "integer", "boolean", "number", "money", "time", "choice", "number choice", "inline choice"}],
}  # fmt: skip
