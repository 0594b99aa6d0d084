"""Views of models and enumerations, for the templates."""

from __future__ import annotations

import keyword
from dataclasses import dataclass
from functools import cached_property

from . import text, tool
from .document import Document, Node
from .errors import GenerateError
from .types.kinds import FieldType, constant
from .types.resolve import resolve_type, without_null

OWN_NAMES = {"extra", "from_dict", "from_list", "to_dict", "to_pandas", "to_polars"}
TAKEN = {
    "Any", "AsyncPageIterator", "AsyncSender", "BulkList", "Call", "CallOptions", "Callable", "ClassVar", "Date",
    "DEFERRED", "Decimal", "Factory", "Final", "Full", "IntEnum", "Literal", "Mapping", "Model", "Operation", "Page",
    "PageIterator", "PaginationPlan", "Self", "Sender", "Sequence", "StrEnum", "Struct", "UNSET", "UUID",
    "UnknownModel", "Unpack", "Unset",
}  # fmt: skip


@dataclass(frozen=True)
class EnumView:
    name: str
    prop: tool.EnumProperty
    node: Node

    @property
    def base(self) -> str:
        return "IntEnum" if self.prop.value_type is int else "StrEnum"

    @property
    def table(self) -> str:
        return constant(self.name)

    @property
    def doc(self) -> str:
        lines = text.named(self.node.get("x-name-ko", ""), tool.plain_text(self.prop.description))
        if "x-open-enum" in self.node:
            lines += ["", "Other values may come: they are kept as they came, as plain values."]
        return text.block(lines or [self.name])

    @cached_property
    def members(self) -> list[tuple[str, str, str]]:
        """(name, literal, docstring) of each value."""
        texts: Node = self.node.get("x-open-enum") or self.node.get("x-enum-descriptions") or {}
        values = [value for value in self.node.get("x-open-enum") or self.node["enum"] if value is not None]
        if len(self.prop.values) != len(values):
            raise GenerateError(f"{self.name}: two values with one Python name; give x-enum-names")
        typed = int if self.prop.value_type is int else str
        return [
            (name, text.literal(typed(value)),
             text.block([text.sentence(str(texts.get(value, texts.get(str(value), ""))))]))
            for name, value in zip(map(_member, self.prop.values), values, strict=True)
        ]  # fmt: skip


def _member(name: str) -> str:
    return f"{name}_" if keyword.iskeyword(name) or name == "MRO" else name


@dataclass(frozen=True)
class FieldView:
    prop: tool.Property
    type: FieldType
    node: Node
    request: bool

    @property
    def name(self) -> str:
        return tool.plain_text(self.prop.name)

    @property
    def required(self) -> bool:
        return bool(self.prop.required)

    @property
    def python_name(self) -> str:
        name = str(self.node.get("x-python-name") or self.prop.python_name)
        if name == "extra" and self.request:  # V1's own comes first in what callers write: see `ModelView.unknown`
            return name
        return f"{name}_" if name in OWN_NAMES else name

    @property
    def sensitive(self) -> bool:
        return bool(self.node.get("x-sensitive"))

    @property
    def or_null(self) -> bool:
        """It may be null although it is required: that is a value of its own."""
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
        if self.sensitive and self.type.checks_unseen:
            return self.type.checks_unseen(f'"{self.name}"', value)
        return self.type.check(text.literal(self.name), value)

    @property
    def doc(self) -> str:
        return text.block(text.named(self.node.get("x-name-ko", ""), self.node.get("description", "")))


@dataclass(frozen=True)
class ModelView:
    name: str
    node: Node
    fields: list[FieldView]
    request: bool

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
        """The name of what holds keys that the specification does not know."""
        return "unknown" if any(field.python_name == "extra" for field in self.fields) else "extra"

    @property
    def strict_classes(self) -> set[str]:
        """The models within it that a strict decoder makes as well."""
        return {
            name
            for field in self.fields
            if field.type.deferred_strict and field.deferred
            for name in field.type.classes
        }

    @property
    def strict_name(self) -> str:
        return f"Strict{self.name}"

    @property
    def doc(self) -> str:
        return text.block(text.paragraphs(self.node.get("description", self.name)))

    @property
    def hidden(self) -> list[str]:
        return sorted(field.python_name for field in self.fields if field.sensitive)

    @property
    def identity(self) -> list[str]:
        """The fields that hold V1's id of the thing: equal models have equal ones, so that they hash by it."""
        named: list[str] = self.node.get("x-identity", [])
        found = {field.name: field.python_name for field in self.fields}
        if unknown := [name for name in named if name not in found]:
            raise GenerateError(f"{self.name}: x-identity names {', '.join(unknown)}, which is no field")
        return [found[name] for name in named]

    @property
    def required(self) -> list[FieldView]:
        return [field for field in self.fields if field.required and not field.or_null]

    @property
    def whole_units(self) -> str:
        """Source of the check that amounts have no fraction in a currency that has none."""
        amounts = ", ".join(
            f"{f.python_name}=self.{f.python_name}" for f in self.fields if f.type.table_name == "money"
        )
        for field in self.fields:
            if self.request and (units := field.node.get("x-whole-units")):
                default = field.node.get("default", "")
                return f"whole_units({tuple(units)!r}, {default!r}, self.{field.python_name}, {amounts})"
        return ""

    @property
    def deferred(self) -> list[str]:
        return [field.python_name for field in self.fields if field.deferred]

    @property
    def classes(self) -> set[str]:
        return {name for field in self.fields for name in field.type.classes}

    @property
    def enums(self) -> set[str]:
        return {name for field in self.fields for name in field.type.enums}


def fields_of(document: Document, prop: tool.ModelProperty, node: Node, where: str) -> list[tuple[tool.Property, Node]]:
    """The fields of a model, each with its raw node, in the document's order: the tool puts required ones first."""
    nodes = document.fields(node)
    model = document.model(prop)
    found = {tool.plain_text(one.name): one for one in tool.fields(model)}
    if found.keys() != nodes.keys():
        raise GenerateError(f"{where}: the tool lost {', '.join(sorted(nodes.keys() ^ found.keys()))}")
    return [(found[name], nodes[name]) for name in nodes]


@dataclass
class Models:
    """The views of every class that an operation reaches, made as they are reached."""

    document: Document
    models: dict[str, ModelView]
    enums: dict[str, EnumView]
    _roles: dict[str, str]

    @classmethod
    def empty(cls, document: Document) -> Models:
        return cls(document, {}, {}, {})

    def type_of(self, prop: tool.Property, node: Node, where: str, *, request: bool) -> FieldType:
        """The kind of a property, with everything that it reaches taken up."""
        kind = resolve_type(self.document, prop, node, where)
        self._take(prop, node, where, request=request)
        return kind

    def _take(self, prop: tool.Property, node: Node, where: str, *, request: bool) -> None:
        marks = self.document.resolve(node)
        if isinstance(prop, tool.ListProperty):
            self._take(tool.inner(prop), marks["items"], where, request=request)
        elif isinstance(prop, tool.UnionProperty):
            present, branches = tool.present(prop), without_null(marks)
            while len(branches) == 1 and len(present) > 1 and branches[0] is not marks:
                marks = self.document.resolve(branches[0])
                branches = without_null(marks)
            for one, branch in zip(present, branches, strict=False):
                self._take(one, branch, where, request=request)
        elif isinstance(prop, tool.EnumProperty):
            name = str(prop.class_info.name)
            _free(name, where)
            own = self.document.own(without_null(node)[0])
            self.enums.setdefault(name, EnumView(name, self.document.enums[name], own))
        elif isinstance(prop, tool.ModelProperty):
            if self.document.is_class(node):
                self._model(prop, node, where, request=request)
                return
            inner, extra = self.document.model(prop).additional_properties, marks.get("additionalProperties")
            if inner and isinstance(extra, dict):
                self._take(inner, extra, where, request=request)

    def _model(self, prop: tool.ModelProperty, node: Node, where: str, *, request: bool) -> None:
        name = str(prop.class_info.name)
        role = "requests" if request else "answers"
        if (known := self._roles.setdefault(name, role)) != role:
            raise GenerateError(f"{where}: {name} stands in {known} and in {role}: give each a schema of its own")
        if name in self.models:
            return
        _free(name, where)
        place = self.document.component(node) or where
        fields: list[FieldView] = []
        self.models[name] = ModelView(name, self.document.own(node), fields, request)
        for one, raw in fields_of(self.document, prop, node, place):
            wire = tool.plain_text(one.name)
            kind = self.type_of(one, raw, f"{self.document.place(place, wire)}", request=request)
            fields.append(FieldView(one, kind, {**self.document.resolve(raw), **raw}, request))


def _free(name: str, where: str) -> None:
    if name in TAKEN:
        raise GenerateError(f"{where}: a class called {name} would hide one of Python's or this project's")
