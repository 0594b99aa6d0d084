"""Which kind a schema of the document is."""

from __future__ import annotations

from .document import Document, GenerateError, Node
from .kinds import Boolean, Choice, Integer, JsonText, Kind, Listed, Model, Money, OpenObject, Text, Time

__all__ = ["kind_of"]


def kind_of(document: Document, node: Node, where: str) -> Kind:
    """Decide what the schema `node` is; `where` names it in the message when that can not be said."""
    for key in ("anyOf", "oneOf"):
        branches = [branch for branch in node.get(key, []) if branch.get("type") != "null"]
        if len(branches) == 1:
            return kind_of(document, branches[0], where)
        if len(branches) == 2 and {branch.get("type") for branch in branches} == {"string", "array"}:
            return Listed(Text(), or_one=True)
        if branches and "type" not in node:
            raise GenerateError(f"{where}: {key} with {len(branches)} branches is not understood here")
    name, target = document.component(node), document.resolve(node)
    values = target.get("x-open-enum") or target.get("enum")
    if values and name:
        # The keys of x-open-enum are text in the bundle, as all keys of JSON are.
        number = target.get("type") == "integer"
        return Choice(name, tuple(int(value) if number else value for value in values))
    if values:
        raise GenerateError(f"{where}: give the values a name of their own in schemas/enums/")
    kinds = target.get("type")
    types = [kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if kind != "null"]
    match types:
        case ["object"] if name:
            return Model(name)
        case ["object"] if "properties" not in target:
            return OpenObject()
        case ["array"]:
            return Listed(kind_of(document, target.get("items", {}), f"{where}[]"))
        case ["number" | "integer"] if target.get("x-money"):
            return Money(full=bool(target.get("x-full")), positive="exclusiveMinimum" in target)
        case ["integer"] if target.get("x-unix-time"):
            return Time()
        case ["string"] if target.get("x-json-string"):
            return JsonText()
        case ["string"]:
            return Text()
        case ["integer"]:
            return Integer()
        case ["boolean"]:
            return Boolean()
    raise GenerateError(f"{where}: no Python type for {target.get('type')!r} is known here")
