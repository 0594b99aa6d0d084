"""What holds other values: models, lists, maps. Each asks the kinds that it holds the same questions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .base import FieldType
from .scalars import Text


@dataclass(frozen=True, kw_only=True)
class Model(FieldType):
    name: str
    table_name = "model"
    handles_none_itself = True
    defer_if = "v.__class__ is dict"
    in_text = False

    @property
    def annotation(self) -> str:  # type: ignore[override]
        return self.name

    @property
    def argument(self) -> str:  # type: ignore[override]
        return f"{self.name} | Mapping[str, Any]"

    @property
    def classes(self) -> frozenset[str]:  # type: ignore[override]
        return frozenset({self.name})

    @property
    def deferred(self) -> str | None:  # type: ignore[override]
        return f"{self.name}.from_dict"

    deferred_strict = "to_model"

    @property
    def msgspec_type(self) -> str:  # type: ignore[override]
        return f"Strict{self.name} | None"

    @property
    def reader(self) -> str:
        return f"{self.name}.from_dict"

    def write(self, value: str) -> str:
        return f"{value}.to_dict() if {value} is not None else None"

    def check(self, name: str, value: str) -> str:
        return f"nested({name}, {value}, {self.name})"


@dataclass(frozen=True, kw_only=True)
class OneOf(FieldType):
    """One of several models, known by a field that names it (`discriminator`) or by fields that only it has."""

    names: tuple[str, ...]
    by: str
    """The field that names the model; empty where `table` lists the fields that mark one."""
    table: tuple[tuple[str, Any], ...]
    table_name = "model"
    in_text = False

    @property
    def annotation(self) -> str:  # type: ignore[override]
        return " | ".join([*self.names, *(["UnknownModel"] if self.by else [])])

    @property
    def argument(self) -> str:  # type: ignore[override]
        return " | ".join([*self.names, "Mapping[str, Any]"])

    @property
    def classes(self) -> frozenset[str]:  # type: ignore[override]
        return frozenset(self.names)

    @property
    def reader(self) -> str:
        if self.by:
            return f"named({self.by!r}, {{{', '.join(f'{value!r}: {name}' for value, name in self.table)}}})"
        ((name, marks),) = self.table
        (other,) = [one for one in self.names if one != name]
        return f"union_of({other}, {name}, {tuple(marks)!r})"

    def read(self, value: str) -> str:
        return f"{self.reader}({value}) if {value}.__class__ is dict else None"

    def write(self, value: str) -> str:
        return f"write_model({value})"

    def check(self, name: str, value: str) -> str:
        return f"nested_one_of({name}, {value}, ({', '.join(self.names)},))"


@dataclass(frozen=True, kw_only=True)
class Listed(FieldType):
    """A list; null and absent lists are read as empty ones, unless null is said to be something of its own."""

    inner: FieldType
    filled: bool = False
    """An empty list is refused."""
    or_one: bool = False
    """V1 takes one bare text as well: the argument is passed on as it is given."""
    all: bool = False
    """Left out it means everything: it has to be said."""
    empty = "[]"
    handles_none_itself = True
    defer_if = "v"
    deferred_strict = "to_models"

    @property
    def texts(self) -> bool:
        return type(self.inner) is Text and not self.inner.nullable

    @property
    def models(self) -> bool:
        return isinstance(self.inner, Model) and not self.inner.nullable

    @property
    def in_text(self) -> bool:  # type: ignore[override]
        return self.inner.in_text and not isinstance(self.inner, Listed)

    @property
    def table_name(self) -> str:  # type: ignore[override]
        return "models" if self.models else "texts" if self.texts else "list"

    @property
    def _or_null(self) -> str:
        return " | None" if self.inner.nullable else ""

    @property
    def annotation(self) -> str:  # type: ignore[override]
        return f"list[{self.inner.annotation}{self._or_null}]"

    @property
    def argument(self) -> str:  # type: ignore[override]
        some = "str | Sequence[str]" if self.texts else f"Sequence[{self.inner.argument}{self._or_null}]"
        return f"{some} | All" if self.all else some

    @property
    def classes(self) -> frozenset[str]:  # type: ignore[override]
        return self.inner.classes

    @property
    def enums(self) -> frozenset[str]:  # type: ignore[override]
        return self.inner.enums

    @property
    def deferred(self) -> str | None:  # type: ignore[override]
        return f"{self.inner.name}.from_list" if isinstance(self.inner, Model) and self.models else None

    @property
    def msgspec_type(self) -> str:  # type: ignore[override]
        if isinstance(self.inner, Model) and self.models:
            return f"list[Strict{self.inner.name}] | None"
        return "list[str] | None" if self.texts else "Any"

    def read(self, value: str) -> str:
        if self.texts:
            return f"as_texts({value}) if {value} else []"
        nulls = ", nulls=True" if self.inner.nullable else ""
        return f"read_list({value}, {self.inner.reader}{nulls}) if {value} else []"

    def read_strict(self, value: str) -> str:
        return self.read(value) if self.msgspec_type == "Any" else f"{value} or []"

    def write(self, value: str) -> str:
        if self.models:
            return f"[item.to_dict() for item in {value}]"
        return f"list({value})" if self.texts else f"write_list({value}, {self.inner.writer})"

    def check(self, name: str, value: str) -> str:
        checked = self._check(name, value)
        if self.all:
            return f"filled_or_all({name}, {checked})"
        return f"not_empty({name}, {checked})" if self.filled else checked

    def _check(self, name: str, value: str) -> str:
        if isinstance(self.inner, Model) and self.models:
            return f"nested_list({name}, {value}, {self.inner.name})"
        if self.texts:
            return f"{'text_or_texts' if self.or_one else 'texts'}({name}, {value})"
        nulls = ", nulls=True" if self.inner.nullable else ""
        return f"each({name}, {value}, {self.inner.check_each}{nulls})"


@dataclass(frozen=True, kw_only=True)
class Mapped(FieldType):
    """An object whose keys are data."""

    inner: FieldType
    table_name = "map"
    handles_none_itself = True
    in_text = False

    @property
    def annotation(self) -> str:  # type: ignore[override]
        return f"dict[str, {self.inner.annotation}{' | None' if self.inner.nullable else ''}]"

    @property
    def argument(self) -> str:  # type: ignore[override]
        return f"Mapping[str, {self.inner.argument}{' | None' if self.inner.nullable else ''}]"

    @property
    def classes(self) -> frozenset[str]:  # type: ignore[override]
        return self.inner.classes

    @property
    def enums(self) -> frozenset[str]:  # type: ignore[override]
        return self.inner.enums

    def read(self, value: str) -> str:
        return f"read_map({value}, {self.inner.reader}) if {value}.__class__ is dict else None"

    def write(self, value: str) -> str:
        return f"write_map({value}, {self.inner.writer})"

    def check(self, name: str, value: str) -> str:
        nulls = ", nulls=True" if self.inner.nullable else ""
        return f"entries({name}, {value}, {self.inner.check_each}{nulls})"


@dataclass(frozen=True, kw_only=True)
class OpenObject(FieldType):
    table_name = "object"
    annotation = "dict[str, Any]"
    argument = "Mapping[str, Any]"
    checker = "mapping"
    handles_none_itself = True
    in_text = False

    def read(self, value: str) -> str:
        return f"{value} if {value}.__class__ is dict else None"
