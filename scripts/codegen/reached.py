"""The models and enumerations that the operations reach, taken up as they are reached."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import partial

from ..steps import StepError
from . import tool
from .arguments import RESERVED
from .document import Document, Node
from .enums import EnumView
from .models import FieldView, ModelView
from .types.kinds import FieldType
from .types.resolve import resolve_type, without_null


def fields_of(document: Document, prop: tool.ModelProperty, node: Node, where: str) -> list[tuple[tool.Property, Node]]:
    """The fields of a model, each with its raw node, in the document's order: the tool puts required ones first."""
    nodes = document.fields(node)
    model = document.model(prop)
    found = {tool.plain_text(one.name): one for one in tool.fields(model)}
    if found.keys() != nodes.keys():
        raise StepError(f"{where}: the tool lost {', '.join(sorted(nodes.keys() ^ found.keys()))}")
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
        return resolve_type(self.document, prop, node, where, partial(self._take, request=request))

    def _take(self, prop: tool.EnumProperty | tool.ModelProperty, node: Node, where: str, *, request: bool) -> None:
        if isinstance(prop, tool.ModelProperty):
            self._model(prop, node, where, request=request)
            return
        name = str(prop.class_info.name)
        _free(name, where)
        own = self.document.own(without_null(node)[0])
        self.enums.setdefault(name, EnumView(name, self.document.enums[name], own))

    def _model(self, prop: tool.ModelProperty, node: Node, where: str, *, request: bool) -> None:
        name = str(prop.class_info.name)
        role = "requests" if request else "answers"
        if (known := self._roles.setdefault(name, role)) != role:
            raise StepError(f"{where}: {name} stands in {known} and in {role}: give each a schema of its own")
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
        for field, count in Counter(field.python_name for field in fields).items():
            if count > 1:
                raise StepError(
                    f"{self.document.place(place)}: more than one field is called {field}; give x-python-name"
                )


def _free(name: str, where: str) -> None:
    if name in RESERVED["classes"]:
        raise StepError(f"{where}: a class called {name} would hide one of Python's or this project's")
