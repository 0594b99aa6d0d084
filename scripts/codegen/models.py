"""The views of models and enumerations, and which module each of them stands in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from . import text
from .choosing import kind_of
from .document import Document, GenerateError, Node
from .kinds import Choice, Kind, constant
from .parser import python_name

__all__ = ["EnumView", "FieldView", "Grouping", "ModelView", "enum_views", "model_views"]

OWN_NAMES = {"extra", "from_dict", "to_dict"}


@dataclass(frozen=True)
class EnumView:
    name: str
    node: Node

    @property
    def base(self) -> str:
        return "IntEnum" if self.node["type"] == "integer" else "StrEnum"

    @property
    def table(self) -> str:
        return constant(self.name)

    @property
    def doc(self) -> str:
        name_ko, description = self.node.get("x-name-ko", ""), self.node.get("description", "")
        lines = text.paragraphs(f"{name_ko}: {description}" if name_ko else description)
        if "x-open-enum" in self.node:
            lines += ["", "Other values may come: they are kept as they came, as plain values."]
        return text.block(lines)

    @cached_property
    def members(self) -> list[tuple[str, str, str]]:
        """(name, literal, docstring) of each value."""
        texts: Node = self.node.get("x-open-enum") or self.node.get("x-enum-descriptions") or {}
        values = list(self.node.get("x-open-enum") or self.node["enum"])
        names = self.node.get("x-enum-names", {})
        members = []
        for value in values:
            name = names.get(str(value)) or _member_name(str(value))
            described = str(texts.get(value, texts.get(str(value), "")))
            members.append((name, text.literal(self._typed(value)), text.block([text.sentence(described)])))
        if len({name for name, _, _ in members}) != len(members):
            raise GenerateError(f"{self.name}: two values with one Python name; give x-enum-names")
        return members

    def _typed(self, value: object) -> object:
        return int(str(value)) if self.node["type"] == "integer" else str(value)


def _member_name(value: str) -> str:
    descending = value.startswith("-")
    name = re.sub(r"\W+", "_", value.removeprefix("-")).strip("_").upper()
    if descending:
        name += "_DESC"
    return name if name and not name[0].isdigit() else f"VALUE_{name}"


@dataclass(frozen=True)
class FieldView:
    name: str
    kind: Kind
    node: Node
    required: bool
    request: bool

    @property
    def python_name(self) -> str:
        name = python_name(self.name)
        return f"{name}_" if name in OWN_NAMES else name

    @property
    def sensitive(self) -> bool:
        return bool(self.node.get("x-sensitive"))

    @property
    def declaration(self) -> str:
        if self.request:
            return self.kind.argument if self.required else f"{self.kind.argument} | None | Unset = UNSET"
        if self.kind.empty == "[]":
            return f"{self.kind.annotation} = Factory(list[Any])"
        return self.kind.annotation if self.required else f"{self.kind.annotation} | None = None"

    @property
    def read(self) -> str:
        if self.request or self.later:
            return "v"
        read = self.kind.read("v")
        return read if self.required or not self.kind.null_apart else f"None if v is None else {read}"

    @property
    def read_strict(self) -> str:
        if self.later:
            return ""
        read = self.kind.read_strict("v")
        return f"None if v is None else {read}" if self.kind.strict == "Any" and self.kind.null_apart else read

    @property
    def later(self) -> str | None:
        return None if self.request else self.kind.later

    @property
    def write(self) -> str:
        value = f"self.{self.python_name}"
        if self.request and self.sensitive and isinstance(self.kind, Choice):
            return self.kind.check_unseen(self.name, value)
        return self.kind.check(self.name, value) if self.request else self.kind.write(value)

    @property
    def doc(self) -> str:
        name_ko, described = self.node.get("x-name-ko", ""), self.node.get("description", "")
        return text.block(text.paragraphs(f"{name_ko}: {described}" if name_ko else described))


@dataclass(frozen=True)
class ModelView:
    name: str
    node: Node
    fields: list[FieldView]

    @property
    def request(self) -> bool:
        return bool(self.node.get("x-request"))

    @property
    def keys(self) -> str:
        return f"{constant(self.name)}_KEYS"

    @property
    def strict_name(self) -> str:
        return f"Strict{self.name}"

    @property
    def doc(self) -> str:
        return text.block(text.paragraphs(self.node.get("description", self.name)))

    @property
    def declared(self) -> list[FieldView]:
        """Fields in the order of declaration; the order does not matter to callers, all are keywords."""
        return self.fields

    @property
    def hidden(self) -> list[str]:
        return sorted(field.python_name for field in self.fields if field.sensitive)

    @property
    def required(self) -> list[FieldView]:
        return [field for field in self.fields if field.required]

    @property
    def has_later(self) -> bool:
        return any(field.later for field in self.fields)

    @property
    def classes(self) -> set[str]:
        return {name for field in self.fields for name in field.kind.classes}

    @property
    def enums(self) -> set[str]:
        return {name for field in self.fields for name in field.kind.enums}


def model_views(document: Document) -> list[ModelView]:
    views = []
    for name, node in document.schemas.items():
        if node.get("type") != "object" or name == "Envelope" or node.get("x-webhook"):
            continue
        required = set(node.get("required", []))
        fields = []
        for wire, schema in node.get("properties", {}).items():
            resolved = document.resolve(schema)
            kind = kind_of(document, schema, f"{name}.{wire}")
            marks = {**resolved, **schema}
            fields.append(FieldView(wire, kind, marks, wire in required, bool(node.get("x-request"))))
        views.append(ModelView(name, node, fields))
    return views


def enum_views(document: Document) -> list[EnumView]:
    return [
        EnumView(name, node)
        for name, node in document.schemas.items()
        if "x-open-enum" in node or ("enum" in node and node.get("type") == "string")
    ]


@dataclass
class Grouping:
    """Which module holds which class: that of the first tag that reaches it."""

    owner: dict[str, str]

    @classmethod
    def of(cls, models: list[ModelView], reached: list[tuple[str, list[Kind]]]) -> Grouping:
        by_name = {model.name: model for model in models}
        owner: dict[str, str] = {}

        def visit(kind: Kind, tag: str) -> None:
            for name in sorted(kind.enums):
                owner.setdefault(name, tag)
            for name in sorted(kind.classes):
                if name in owner:
                    continue
                owner[name] = tag
                for field in by_name[name].fields:
                    visit(field.kind, tag)

        for tag, kinds in reached:
            for kind in kinds:
                visit(kind, tag)
        return cls(owner)

    def require_all(self, models: list[ModelView], enums: list[EnumView]) -> None:
        names = [*(model.name for model in models), *(enum.name for enum in enums)]
        orphans = [name for name in names if name not in self.owner]
        if orphans:
            raise GenerateError(f"no operation reaches {', '.join(sorted(orphans))}")

    def models_of(self, tag: str, models: list[ModelView]) -> list[ModelView]:
        """This tag's models, each after those it holds."""
        mine = {model.name: model for model in models if self.owner[model.name] == tag}
        placed: dict[str, ModelView] = {}

        def place(model: ModelView) -> None:
            for name in sorted(model.classes):
                if name in mine and name not in placed and name != model.name:
                    place(mine[name])
            placed.setdefault(model.name, model)

        for model in mine.values():
            place(model)
        return list(placed.values())

    def imports(self, names: set[str], tag: str) -> dict[str, list[str]]:
        """module → names, for the names that stand in another module than this tag's."""
        wanted: dict[str, list[str]] = {}
        for name in sorted(names):
            if self.owner[name] != tag:
                wanted.setdefault(self.owner[name], []).append(name)
        return dict(sorted(wanted.items()))
