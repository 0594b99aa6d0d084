"""The kinds of values in Python: kinds.yaml has the source of each, this module what depends on the property."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from ...yaml_files import beside

ROWS: Final[dict[str, dict[str, Any]]] = beside(__file__)
PER_VALUE: Final = ("reads", "reads_strict", "writes", "checks", "checks_unseen")
"""Fields of a row that contain {v}."""


def constant(name: str) -> str:
    """Return the module constant for a class: `PaymentStatus` → `PAYMENT_STATUS`."""
    return "".join(f"_{letter}" if letter.isupper() and index else letter for index, letter in enumerate(name)).upper()


@dataclass(frozen=True, kw_only=True)
class FieldType:
    """One type of value. `read` and `write` are for answers, `argument` and `check` for requests."""

    table_name: str
    """Its name in the operation table."""
    annotation: str = "Any"
    """The type of an answer's attribute that is not null."""
    argument: str = "Any"
    """The type that a caller may pass."""
    nullable: bool = False
    refused: bool = False
    """For an enumeration: whether V1 was seen refusing other values."""

    reading: str = ""
    """The function that reads the value, whatever its type."""
    reads: str = ""
    """Source that reads it, if that is more than `reading`; null becomes `empty`."""
    msgspec_type: str = "Any"
    """The type that a strict decoder may expect in an answer, so that `read_strict` need not check it."""
    reads_strict: str = "{v}"
    """Source that reads a value of the type `msgspec_type`."""
    writes: str = "{v}"
    checks: str = ""
    """The function of `_writing` or `_values` that checks an argument and gives its wire form, or source that does."""
    checks_unseen: str = ""
    """The same for a check that never shows the value, if there is one."""
    words: Mapping[str, str] = field(default_factory=dict)
    """The values of the words in braces in these sources."""

    empty: str = "None"
    """Source of the attribute's value if the answer has null or nothing."""
    handles_none_itself: bool = False
    """Whether `read` needs no check for null before it. Null is common, and a check is cheaper than a call."""
    deferred: str | None = None
    """The function that reads the value when it is first used, as for models inside a model."""
    defer_if: str = ""
    """Condition for an answer's value under which reading it is deferred."""
    deferred_strict: str = ""
    """`deferred` for a value from a strict decoder."""
    in_text: bool = True
    """Whether it can be in a path, a query, a header or a cookie."""

    name: str = ""
    """The class of a model or of an enumeration."""
    classes: frozenset[str] = frozenset()
    values: tuple[str | int, ...] = ()
    """The values of an enumeration."""
    item: FieldType | None = None
    """The type of a list's items."""
    filled: bool = False
    """Whether an empty list is refused."""
    whole: bool = False
    """Whether it is an amount whose only currency has no fractions."""
    bounds: tuple[int, int] | None = None
    """The bounds of a request's time: a larger number is in milliseconds."""
    marked: bool = False
    """Whether it is one of two models, of which one has fields that the other lacks."""

    def _source(self, text: str, value: str, name: str = "") -> str:
        return _filled(text, {**self.words, "v": value, "n": name})

    def read(self, value: str) -> str:
        return self._source(self.reads or f"{self.reading}({{v}})", value)

    @property
    def reader(self) -> str:
        """Source of the function that reads it."""
        return self.reading or f"lambda v: {self.read('v')}"

    def read_strict(self, value: str) -> str:
        return self.read(value) if self.msgspec_type == "Any" else self._source(self.reads_strict, value)

    def write(self, value: str) -> str:
        return self._source(self.writes, value)

    @property
    def writer(self) -> str:
        return f"lambda v: {self.write('v')}"

    def check(self, name: str, value: str, *, unseen: bool = False) -> str:
        """Return source that checks the value. `name` is source as well, for the messages."""
        return self._source((unseen and self.checks_unseen) or self.check_source, value, name)

    @property
    def check_source(self) -> str:
        return f"{self.checks}({{n}}, {{v}})" if self.checks.isidentifier() else self.checks

    @property
    def check_each(self) -> str:
        """Source of the function that checks one value."""
        return self.checks if self.checks.isidentifier() else f"lambda name, value: {self.check('name', 'value')}"

    @property
    def or_null(self) -> str:
        return " | None" if self.nullable else ""

    def checked_by(self, function: str, *more: int) -> FieldType:
        """Return this type with another check around its own: `text_within(n, text(n, v), 1, 20)`."""
        return replace(self, checks=f"{function}({', '.join(['{n}', self.check_source, *map(str, more)])})")


def _filled(text: str, words: Mapping[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda word: words[word[1]], text)


def kind(row: str, words: Mapping[str, str] | None = None, **more: Any) -> FieldType:
    """Return the type for a row of the table, with its words and the other facts about the property."""
    given = words or {}
    fields: dict[str, Any] = {"table_name": row, "words": given}
    for key, value in ROWS[row].items():
        fields[key] = _filled(value, given) if isinstance(value, str) and key not in PER_VALUE else value
    fields |= more
    return FieldType(**{"argument": fields.get("annotation", "Any"), **fields})


def choice(name: str, values: tuple[str | int, ...], *, refused: bool) -> FieldType:
    """Return the type of an enumeration.

    Answers may have other values. Requests with other values are refused if V1 was seen refusing them.
    """
    base, other = ("int", "as_integer") if isinstance(values[0], int) else ("str", "as_text")
    check = "choice" if refused else "advised_choice"
    words = {"name": name, "base": base, "other": other, "table": constant(name), "check": check}
    return kind("choice", words, name=name, values=values, refused=refused)


def one_of(names: tuple[str, ...], reading: str, *, marked: bool) -> FieldType:
    """Return the type of one of several models. A field names the model, or only one of two has certain fields."""
    read_as = " | ".join([*names, *([] if marked else ["UnknownModel"])])
    words = {"either": " | ".join(names), "names": ", ".join(names), "reader": reading}
    return kind("one of", words, annotation=read_as, classes=frozenset(names), reading=reading, marked=marked)


def holding(row: str, inner: FieldType, **more: Any) -> FieldType:
    """Return the type of a container whose values have one type."""
    words = {
        "annotation": inner.annotation + inner.or_null, "argument": inner.argument + inner.or_null, "name": inner.name,
        "reader": inner.reader, "writer": inner.writer, "check": inner.check_each,
        "nulls": ", nulls=True" if inner.nullable else "",
    }  # fmt: skip
    return kind(row, words, classes=inner.classes, **more)


def listed(item: FieldType, *, filled: bool, or_one: bool = False, or_all: bool = False) -> FieldType:
    """Return the type of a list. Null and absent lists are read as empty ones, unless null has its own meaning.

    With `or_one`, V1 also takes a single text, so the argument is passed on unchanged.
    """
    plainly = not item.nullable and (item.table_name == "text" or (item.table_name == "model" and item.name))
    row = f"{item.table_name}s" if plainly else "list"
    made = holding(row, item, item=item, filled=filled, in_text=item.in_text and not item.item)
    if or_one:
        made = replace(made, checks="text_or_texts")
    if or_all:
        return replace(made.checked_by("filled_or_all"), argument=f"{made.argument} | All")
    return made.checked_by("not_empty") if filled else made
