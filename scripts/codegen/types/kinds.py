"""What each kind of value is in Python: its types, how an answer's is read and a request's is checked, as source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

NOTHING: frozenset[str] = frozenset()


def constant(name: str) -> str:
    """The module constant for a class: `PaymentStatus` → `PAYMENT_STATUS`."""
    return "".join(f"_{letter}" if letter.isupper() and index else letter for index, letter in enumerate(name)).upper()


@dataclass(frozen=True, kw_only=True)
class FieldType:
    """One type of value. `read` and `write` are for answers, `argument` and `check` for requests."""

    table_name: str
    """What the operation table calls it."""
    annotation: str = "Any"
    """The type of an attribute of an answer, when it is there."""
    argument: str = "Any"
    """The type that a caller may pass."""
    nullable: bool = False
    refused: bool = False
    """Of a choice: V1 was seen refusing other values."""

    reading: str = ""
    """The function that reads the value, whatever its type."""
    exact: str = ""
    """The type at which nothing is left to read."""
    reads: Callable[[str], str] | None = None
    """Source that reads it, where that is more than `reading`; null gives `empty`."""
    msgspec_type: str = "Any"
    """The type that a strict decoder may expect in an answer, so that `read_strict` need not look at it."""
    reads_strict: Callable[[str], str] = lambda value: value
    """Source that reads what is of the type `msgspec_type`."""
    writes: Callable[[str], str] = lambda value: value
    checking: str = ""
    """The function of `_writing` or `_values` that checks an argument and gives its wire form."""
    checks: Callable[[str, str], str] | None = None
    """Source that checks it, where that is more than `checking`."""
    checks_unseen: Callable[[str, str], str] | None = None
    """The same for a check that never shows the value, where there is one."""

    empty: str = "None"
    """What an answer's attribute holds when the answer has null or nothing."""
    handles_none_itself: bool = False
    """`read` needs no check for null before it. Null is common, and a check is cheaper than a call."""
    deferred: str | None = None
    """The function that reads the value when it is first asked for: models within a model wait for that."""
    defer_if: str = ""
    """What an answer's value must be, that there is anything to wait for."""
    deferred_strict: str = ""
    """`deferred` for a value that a strict decoder made."""
    in_text: bool = True
    """It can stand in a path, a query, a header or a cookie."""

    name: str = ""
    """The class of a model or of an enumeration."""
    classes: frozenset[str] = NOTHING
    enums: frozenset[str] = NOTHING
    values: tuple[str | int, ...] = ()
    """Of an enumeration."""
    item: FieldType | None = None
    """Of a list."""
    filled: bool = False
    """An empty list is refused."""
    all: bool = False
    """A list that means everything when it is left out: it is required."""
    full: bool = False
    """An amount that means all of it when it is left out."""
    whole: bool = False
    """An amount whose only currency has no fractions."""
    bounds: tuple[int, int] | None = None
    """The least and the most that the time of a request may be: what is larger is in milliseconds."""
    marked: bool = False
    """One of two models, known by fields that only one of them has."""

    def read(self, value: str) -> str:
        if self.reads:
            return self.reads(value)
        called = f"{self.reading}({value})"
        return f"{value} if {value}.__class__ is {self.exact} else {called}" if self.exact else called

    @property
    def reader(self) -> str:
        """Source of the function that reads it."""
        return self.reading or f"lambda v: {self.read('v')}"

    def read_strict(self, value: str) -> str:
        return self.read(value) if self.msgspec_type == "Any" else self.reads_strict(value)

    def write(self, value: str) -> str:
        return self.writes(value)

    @property
    def writer(self) -> str:
        return f"lambda v: {self.write('v')}"

    def check(self, name: str, value: str) -> str:
        """Source that checks it; `name` is source as well, for the messages."""
        return self.checks(name, value) if self.checks else f"{self.checking}({name}, {value})"

    @property
    def check_each(self) -> str:
        """Source of the function that checks it."""
        return self.checking or f"lambda n, v: {self.check('n', 'v')}"

    @property
    def or_null(self) -> str:
        return " | None" if self.nullable else ""


def scalar(table_name: str, python: str, *, nullable: bool, msgspec: bool = True) -> FieldType:
    """A text, a whole number, a truth or a number: of its Python type already, or read by a function of its name."""
    return FieldType(
        table_name=table_name, annotation=python, argument=python, exact=python, reading=f"as_{table_name}",
        checking=table_name, msgspec_type=f"{python} | None" if msgspec else "Any", nullable=nullable,
    )  # fmt: skip


def text(*, least: int = 0, most: int | None = None, nullable: bool = False) -> FieldType:
    """`least` and `most` are bounds of the length that a request is held to."""
    bounds = f"{least}" if most is None else f"{least}, {most}"
    return FieldType(
        table_name="text", annotation="str", argument="str", exact="str", reading="as_text", msgspec_type="str | None",
        checking="" if least or most is not None else "text", nullable=nullable,
        checks=(lambda n, v: f"text_within({n}, text({n}, {v}), {bounds})") if least or most is not None else None,
    )  # fmt: skip


def json_text(*, nullable: bool) -> FieldType:
    """JSON text on the wire; a caller passes a mapping, or the text itself."""
    return FieldType(
        table_name="json", annotation="str", argument="str | Mapping[str, Any]", exact="str", reading="as_text",
        checking="json_text", nullable=nullable,
    )  # fmt: skip


def money(*, full: bool, positive: bool, whole: bool, nullable: bool) -> FieldType:
    checking = "money_or_full" if full else "positive_money" if positive else "money"
    return FieldType(
        table_name="money", annotation="Decimal", argument="int | Decimal | Full" if full else "int | Decimal",
        full=full, whole=whole, nullable=nullable, reading="as_money", checking="" if whole else checking,
        reads=lambda v: f"Decimal({v}) if {v}.__class__ is int else as_money({v})",
        writes=lambda v: f"from_money({v})",
        checks=(lambda n, v: f"whole_amount({n}, {checking}({n}, {v}))") if whole else None,
    )  # fmt: skip


def time(*, bounds: tuple[int, int] | None, nullable: bool) -> FieldType:
    def read(value: str, known: str) -> str:
        return f"(from_seconds({value}, KST) if {known}0 < {value} < LATEST else as_time({value})) if {value} else None"

    return FieldType(
        table_name="time", annotation="datetime", argument="datetime | int", bounds=bounds, nullable=nullable,
        handles_none_itself=True, reading="as_time", msgspec_type="int | None", checking="" if bounds else "seconds",
        reads=lambda v: read(v, f"{v}.__class__ is int and "),
        reads_strict=lambda v: read(v, ""),
        writes=lambda v: f"from_time({v})",
        checks=(lambda n, v: f"time_within({n}, seconds({n}, {v}), {bounds[0]}, {bounds[1]})") if bounds else None,
    )  # fmt: skip


def standard(python: str, reading: str, checking: str, table_name: str, *, nullable: bool) -> FieldType:
    """A text whose format is a type of the standard library: a date, an RFC 3339 time, a UUID."""
    return FieldType(
        table_name=table_name, annotation=python, argument=python, reading=reading, checking=checking,
        writes=lambda v: f"from_standard({v})", nullable=nullable,
    )  # fmt: skip


def fixed(value: Any, *, nullable: bool) -> FieldType:
    python = f"Literal[{value!r}]" if isinstance(value, str | int) else type(value).__name__
    return FieldType(
        table_name="constant", annotation=python, argument=python, reading="as_it_is", nullable=nullable,
        checks=lambda n, v: f"fixed_value({n}, {v}, {value!r})",
    )  # fmt: skip


def plain(types: tuple[str, ...], *, nullable: bool) -> FieldType:
    """One of several JSON scalars, distinguished by the type of the value."""
    return FieldType(
        table_name="plain", annotation=" | ".join(types), argument=" | ".join(types), reading="as_it_is",
        checks=lambda n, v: f"plain({n}, {v}, ({', '.join(types)},))", nullable=nullable,
    )  # fmt: skip


def choice(name: str, values: tuple[str | int, ...], *, refused: bool, nullable: bool) -> FieldType:
    """A named set of values. Answers may hold others; in requests others are refused where V1 was seen doing so."""
    check = "choice" if refused else "advised_choice"
    table, number = constant(name), isinstance(values[0], int)
    base, other = ("int", "as_integer") if number else ("str", "as_text")
    return FieldType(
        table_name="choice", annotation=f"{name} | {base}", argument=f"{name} | {base}", name=name, values=values,
        enums=frozenset({name}), msgspec_type=f"{name} | None", nullable=nullable,
        reads=lambda v: (
            f"{table}.get({v}, {v}) if {v}.__class__ is {base} else {table}.get(other := {other}({v}), other)"
        ),
        refused=refused,
        checks=lambda n, v: f"{check}({n}, {v}, {name})",
        checks_unseen=lambda n, v: f"{check}({n}, {v}, {name}, shown=False)",
    )  # fmt: skip


def anything() -> FieldType:
    return FieldType(table_name="anything", reading="as_it_is", checking="as_given", in_text=False, nullable=True)


def open_object(*, nullable: bool) -> FieldType:
    return FieldType(
        table_name="object", annotation="dict[str, Any]", argument="Mapping[str, Any]", checking="mapping",
        handles_none_itself=True, in_text=False, nullable=nullable,
        reads=lambda v: f"{v} if {v}.__class__ is dict else None",
    )  # fmt: skip


def model(name: str, *, nullable: bool) -> FieldType:
    return FieldType(
        table_name="model", annotation=name, argument=f"{name} | Mapping[str, Any]", name=name, in_text=False,
        classes=frozenset({name}), handles_none_itself=True, nullable=nullable,
        reading=f"{name}.from_dict", msgspec_type=f"Strict{name} | None",
        deferred=f"{name}.from_dict", defer_if="v.__class__ is dict", deferred_strict="to_model",
        writes=lambda v: f"{v}.to_dict() if {v} is not None else None",
        checks=lambda n, v: f"nested({n}, {v}, {name})",
    )  # fmt: skip


def one_of(names: tuple[str, ...], reading: str, *, marked: bool, nullable: bool) -> FieldType:
    """One of several models, known by a field that names it, or by fields that mark one of two."""
    return FieldType(
        table_name="model", annotation=" | ".join([*names, *([] if marked else ["UnknownModel"])]),
        argument=" | ".join([*names, "Mapping[str, Any]"]), classes=frozenset(names), marked=marked, in_text=False,
        reading=reading, nullable=nullable,
        reads=lambda v: f"{reading}({v}) if {v}.__class__ is dict else None",
        writes=lambda v: f"write_model({v})",
        checks=lambda n, v: f"nested_one_of({n}, {v}, ({', '.join(names)},))",
    )  # fmt: skip


def listed(
    item: FieldType,
    *,
    filled: bool = False,
    or_one: bool = False,
    or_all: bool = False,
    nullable: bool = False,
) -> FieldType:
    """A list; null and absent lists are read as empty ones, unless null has a meaning of its own.

    With `or_one` V1 takes one bare text as well: the argument is passed on as it is given.
    """
    kind = f"{item.table_name}s" if item.table_name in {"text", "model"} and not item.nullable else "list"
    if kind == "models" and not item.name:
        kind = "list"
    texts = kind == "texts"
    some = "str | Sequence[str]" if texts else f"Sequence[{item.argument}{item.or_null}]"
    nulls = ", nulls=True" if item.nullable else ""

    def check(name: str, value: str) -> str:
        checked = {
            "models": f"nested_list({name}, {value}, {item.name})",
            "texts": f"{'text_or_texts' if or_one else 'texts'}({name}, {value})",
            "list": f"each({name}, {value}, {item.check_each}{nulls})",
        }[kind]
        return f"filled_or_all({name}, {checked})" if or_all else f"not_empty({name}, {checked})" if filled else checked

    return FieldType(
        table_name=kind, annotation=f"list[{item.annotation}{item.or_null}]",
        argument=f"{some} | All" if or_all else some,
        item=item, filled=filled, all=or_all, nullable=nullable, empty="[]", handles_none_itself=True,
        classes=item.classes, enums=item.enums, in_text=item.in_text and not item.item,
        deferred=f"{item.name}.from_list" if kind == "models" else None, defer_if="v", deferred_strict="to_models",
        msgspec_type={"models": f"list[Strict{item.name}] | None", "texts": "list[str] | None"}.get(kind, "Any"),
        reads=lambda v: f"{f'as_texts({v})' if texts else f'read_list({v}, {item.reader}{nulls})'} if {v} else []",
        reads_strict=lambda v: f"{v} or []",
        writes=lambda v: {
            "models": f"[item.to_dict() for item in {v}]",
            "texts": f"list({v})",
            "list": f"write_list({v}, {item.writer})",
        }[kind],
        checks=check,
    )  # fmt: skip


def mapped(inner: FieldType, *, nullable: bool) -> FieldType:
    """An object whose keys are data."""
    nulls = ", nulls=True" if inner.nullable else ""
    return FieldType(
        table_name="map", annotation=f"dict[str, {inner.annotation}{inner.or_null}]",
        argument=f"Mapping[str, {inner.argument}{inner.or_null}]", handles_none_itself=True, in_text=False,
        classes=inner.classes, enums=inner.enums, nullable=nullable,
        reads=lambda v: f"read_map({v}, {inner.reader}) if {v}.__class__ is dict else None",
        writes=lambda v: f"write_map({v}, {inner.writer})",
        checks=lambda n, v: f"entries({n}, {v}, {inner.check_each}{nulls})",
    )  # fmt: skip
