"""Views of models and enumerations, for the templates."""

from __future__ import annotations

import keyword
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..steps import StepError
from . import text, tool
from .arguments import View
from .document import Node, values_of
from .types.kinds import constant


@dataclass(frozen=True)
class FieldView(View):
    request: bool

    @property
    def or_null(self) -> bool:
        """Whether it may be null although it is required: then null is a value of its own."""
        return self.type.nullable and self.request

    @property
    def declaration(self) -> str:
        if self.request and self.required:
            return self.type.argument + (" | None" if self.or_null else "")
        if self.request:
            return f"{self.type.argument} | None | Unset = UNSET"
        if self.type.empty == "[]":
            return f"{self.type.annotation} = Factory(list[Any])"
        return self.type.annotation if self.required else f"{self.type.annotation} | None = None"

    @property
    def read(self) -> str:
        if self.request or self.deferred:
            return "v"
        read = self.type.read("v")
        return read if self.required or self.type.handles_none_itself else f"None if v is None else {read}"

    @property
    def read_strict(self) -> str:
        if self.deferred:
            return ""
        read = self.type.read_strict("v")
        return (
            f"None if v is None else {read}"
            if self.type.msgspec_type == "Any" and not self.type.handles_none_itself
            else read
        )

    @property
    def deferred(self) -> str | None:
        return None if self.request else self.type.deferred

    @property
    def write(self) -> str:
        value = f"self.{self.python_name}"
        if not self.request:
            return self.type.write(value)
        return self.type.check(repr(self.name), value, unseen=self.sensitive)

    @property
    def doc(self) -> str:
        return text.block(text.named(self.name_ko, self.node.get("description", "")))


@dataclass(frozen=True)
class ModelView:
    name: str
    node: Node
    fields: list[FieldView]
    request: bool
    place: str

    @property
    def keys(self) -> str:
        return f"{constant(self.name)}_KEYS"

    @property
    def base(self) -> str:
        """`Page[Payment]` for an answer with a total, the number of the next page and `items`, else `Model`."""
        kinds = {field.python_name: field.type for field in self.fields}
        items = kinds.get("items")
        paged = not self.request and {"total", "next"} <= kinds.keys() and items and items.table_name == "models"
        return f"Page[{items.item.annotation}]" if paged and items and items.item else "Model"

    @property
    def unknown(self) -> str:
        """The name of the attribute that has the keys unknown to the specification."""
        return "unknown" if any(field.python_name == "extra" for field in self.fields) else "extra"

    @property
    def strict_classes(self) -> set[str]:
        """The models inside it that a strict decoder makes, too."""
        return {
            name
            for field in self.fields
            if field.type.deferred_strict and field.deferred
            for name in field.type.classes
        }

    @property
    def doc(self) -> str:
        return text.block(text.paragraphs(self.node.get("description", self.name)))

    @property
    def identity(self) -> list[str]:
        """The fields with V1's id of the object. Equal models have equal ids, so they are hashed by them."""
        named: list[str] = self.node.get("x-identity", [])
        found = {field.name: field.python_name for field in self.fields}
        if unknown := [name for name in named if name not in found]:
            raise StepError(f"{self.place}: x-identity names {', '.join(unknown)}, which is no field")
        return [found[name] for name in named]

    @property
    def required(self) -> list[FieldView]:
        return [field for field in self.fields if field.required and not field.or_null]

    @property
    def deferred(self) -> list[str]:
        return [field.python_name for field in self.fields if field.deferred]

    @property
    def classes(self) -> set[str]:
        return {name for field in self.fields for name in field.type.classes}


@dataclass(frozen=True)
class EnumView:
    name: str
    prop: tool.EnumProperty
    node: Node

    @property
    def base(self) -> str:
        return "IntEnum" if self.prop.value_type is int else "StrEnum"

    @property
    def doc(self) -> str:
        lines = text.named(self.node.get("x-name-ko", ""), tool.plain_text(self.prop.description))
        if "x-open-enum" in self.node:
            lines += ["", "Other values may come: they are kept as they came, as plain values."]
        return text.block(lines or [self.name])

    @cached_property
    def members(self) -> list[tuple[str, str, str]]:
        """Name, literal and docstring of each value."""
        texts: dict[Any, str] = self.node.get("x-open-enum") or self.node.get("x-enum-descriptions") or {}
        values = values_of(self.node)
        names = [f"{name}_" if keyword.iskeyword(name) or name == "MRO" else name for name in self.prop.values]
        return [
            (name, repr(value),
             text.block([text.sentence(str(texts.get(value, texts.get(str(value), ""))))]))
            for name, value in zip(names, values, strict=True)
        ]  # fmt: skip
