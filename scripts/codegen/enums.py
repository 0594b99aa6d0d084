"""Views of enumerations, for the templates."""

from __future__ import annotations

import keyword
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from . import text, tool
from .document import Node, values_of


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
        """(name, literal, docstring) of each value."""
        texts: dict[Any, str] = self.node.get("x-open-enum") or self.node.get("x-enum-descriptions") or {}
        values = values_of(self.node)
        return [
            (name, repr(value),
             text.block([text.sentence(str(texts.get(value, texts.get(str(value), ""))))]))
            for name, value in zip(map(_member, self.prop.values), values, strict=True)
        ]  # fmt: skip


def _member(name: str) -> str:
    return f"{name}_" if keyword.iskeyword(name) or name == "MRO" else name
