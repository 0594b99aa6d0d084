"""The models and enumerations that the operations reach, collected as they are reached."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from ..steps import StepError
from . import tool
from .arguments import RESERVED
from .document import Document, Node
from .models import EnumView, FieldView, ModelView
from .types.kinds import FieldType
from .types.resolve import Types, without_null


def fields_of(document: Document, prop: tool.ModelProperty, node: Node, where: str) -> list[tuple[tool.Property, Node]]:
    """Return the fields of a model with their raw nodes, in the document's order: the tool puts required ones first."""
    nodes = document.fields(node)
    model = document.model(prop)
    found = {tool.plain_text(one.name): one for one in tool.fields(model)}
    if found.keys() != nodes.keys():
        lost = ", ".join(sorted(nodes.keys() ^ found.keys()))
        raise StepError(f"{where}: the tool lost {lost}: put what stands beside `allOf` into a branch of it")
    return [(found[name], nodes[name]) for name in nodes]


@dataclass
class Models:
    """The views of every class that an operation reaches, made as they are reached."""

    document: Document
    models: dict[str, ModelView] = field(default_factory=dict)
    enums: dict[str, EnumView] = field(default_factory=dict)
    owner: dict[str, str] = field(default_factory=dict)
    """Class → the area whose module has it, the first one that reaches it."""
    area: str = ""
    """The area whose operations are being read."""

    def type_of(self, prop: tool.Property, node: Node, where: str, *, request: bool) -> FieldType:
        """Return the type of a property, and collect everything that it reaches."""
        return Types(self.document, partial(self._take, request=request)).of(prop, node, where)

    def _take(self, prop: tool.EnumProperty | tool.ModelProperty, node: Node, where: str, *, request: bool) -> None:
        if isinstance(prop, tool.ModelProperty):
            self._model(prop, node, where, request=request)
            return
        name = str(prop.class_info.name)
        self._found(name, where)
        own = self.document.own(without_null(node)[0])
        self.enums.setdefault(name, EnumView(name, self.document.enums[name], own))

    def _model(self, prop: tool.ModelProperty, node: Node, where: str, *, request: bool) -> None:
        name = str(prop.class_info.name)
        if known := self.models.get(name):
            if known.request != request:
                both = "requests and in answers" if known.request else "answers and in requests"
                raise StepError(f"{where}: {name} stands in {both}: give each a schema of its own")
            return
        self._found(name, where)
        place = self.document.component(node) or where
        fields: list[FieldView] = []
        self.models[name] = ModelView(name, self.document.own(node), fields, request, self.document.place(place))
        for one, raw in fields_of(self.document, prop, node, place):
            wire = tool.plain_text(one.name)
            kind = self.type_of(one, raw, self.document.place(place, wire), request=request)
            marks = {**self.document.resolve(raw), **raw}
            given = str(marks.get("x-python-name") or one.python_name)
            # V1's own `extra` comes first in what callers write: see `ModelView.unknown`.
            taken = given in RESERVED["fields"] and not (given == "extra" and request)
            fields.append(FieldView(wire, f"{given}_" if taken else given, kind, marks, bool(one.required), request))
        for name, count in Counter(one.python_name for one in fields).items():
            if count > 1:
                where = self.document.place(place)
                raise StepError(f"{where}: more than one field is called {name}; give x-python-name")

    def _found(self, name: str, where: str) -> None:
        if name in RESERVED["classes"]:
            raise StepError(f"{where}: a class called {name} would hide one of Python's or this project's")
        self.owner.setdefault(name, self.area)

    def within(self, path: str, kind: FieldType, above: tuple[str, ...] = ()) -> Iterator[tuple[str, Node]]:
        """Iterate over the fields inside an argument, each by its path: `schedules[].buyer_name`."""
        inner = kind.item or kind
        for one in self.models[inner.name].fields if inner.name in self.models.keys() - {*above} else ():
            here = f"{path}{'[]' if kind.item else ''}.{one.name}"
            yield here, one.node
            yield from self.within(here, one.type, (*above, inner.name))

    def in_order(self, found: dict[str, Any]) -> list[Any]:
        """Return the views in the order of their schemas in the document, then those without a schema."""
        order = {tool.class_name(name): place for place, name in enumerate(self.document.schemas)}
        return [found[name] for name in sorted(found, key=lambda name: (order.get(name, len(order)), name))]

    def models_of(self, area: str) -> list[ModelView]:
        """Return this area's models, each after those that it contains."""
        waiting = {model.name: model for model in self.in_order(self.models) if self.owner[model.name] == area}
        placed: list[ModelView] = []

        def place(name: str) -> None:
            if model := waiting.pop(name, None):
                for inner in sorted(model.classes):
                    place(inner)
                placed.append(model)

        for name in [*waiting]:
            place(name)
        return placed
