"""What changed in how calls behave though names and types stayed: bounds, closed sets, rules, repeating, masking.

Read from the specification that each release carries, `generated/openapi.json`.
"""

from __future__ import annotations

import json
import operator
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from ...codegen.document import Document, Node
from .changes import Change, altered, broken

Behaviour = dict[str, dict[str, Any]]
"""Of each operation, argument and field, as a change names it: what is asked of it, by the keys of `RULES`."""
Rule = Callable[[str, Any, Any], Iterator[Change]]


def read_behaviour(bundle: Path) -> Behaviour:
    document: Node = json.loads(bundle.read_text(encoding="utf-8"))
    reader = _Reader(document)
    for verb, path, operation, item in Document(document).operations():
        reader.operation(verb, path, item, operation)
    for name, schema in document.get("components", {}).get("schemas", {}).items():
        reader.model(name, schema)
    return reader.found


class _Reader:
    def __init__(self, document: Node) -> None:
        self._resolved = Document(document).resolve
        self.found: Behaviour = {}

    def operation(self, verb: str, path: str, item: Node, operation: Node) -> None:
        name = operation["operationId"].replace("_", ".", 1)
        self.found[f"`{name}`"] = {
            "request": f"{verb.upper()} {path}",
            "repeatable": verb == "get" or bool(operation.get("x-safe")),
            "deprecated": bool(operation.get("deprecated")),
        } | {key: operation[key] for key in BETWEEN_ARGUMENTS if key in operation}
        for parameter in map(self._resolved, [*item.get("parameters", []), *operation.get("parameters", [])]):
            if "x-call-option" not in parameter:
                argument = self._name(parameter["name"], parameter)
                self._schema(name, argument, parameter, ())
                self._schema(name, argument, parameter["schema"], ())
        for content in self._resolved(operation.get("requestBody", {})).get("content", {}).values():
            self._schema(name, "", content["schema"], ())

    @staticmethod
    def _name(name: str, node: Node) -> str:
        return str(node.get("x-python-name", name.removesuffix("[]")))

    def _schema(self, operation: str, name: str, node: Node, above: tuple[int, ...]) -> None:
        node = self._resolved(node)
        properties = node.get("properties", {})
        if id(properties) in above:  # a schema within itself
            return
        if name:
            facets = self.found.setdefault(f"`{operation}`: `{name}`", {})
            facets |= {key: node[key] for key in (*BOUNDS, "default") if key in node}
            if "enum" in node and "x-open-enum" not in node:
                facets["enum"] = [value for value in node["enum"] if value is not None]
            self._mask(f"`{operation}: {name}`", node)
        rules = {f"{key} {name}".strip(): node[key] for key in BETWEEN_ARGUMENTS if key in node}
        self.found[f"`{operation}`"] |= rules
        inner = (*above, id(properties)) if properties else above
        for other, schema in properties.items():
            self._schema(operation, f"{name}.{self._name(other, schema)}".strip("."), schema, inner)
        for branch in (*node.get("allOf", ()), *node.get("anyOf", ()), *node.get("oneOf", ())):
            self._schema(operation, name, branch, inner)
        if isinstance(node.get("items"), dict):
            self._schema(operation, name, node["items"], inner)

    def model(self, name: str, schema: Node) -> None:
        for other, node in schema.get("properties", {}).items():
            self._mask(f"`{name}.{other}`", self._resolved(node))

    def _mask(self, shown: str, node: Node) -> None:
        facets = self.found.setdefault(shown, {"masked": False})
        facets["masked"] |= bool(node.get("x-sensitive"))


def compare_behaviour(old: Behaviour, new: Behaviour) -> list[Change]:
    """Compare only what both releases have: additions and removals are found by name."""
    return [
        change
        for shown in old.keys() & new.keys()
        for key in sorted(old[shown].keys() | new[shown].keys())
        if (before := old[shown].get(key)) != (after := new[shown].get(key))
        for change in RULES[key.partition(" ")[0]](shown, before, after)
    ]


def _request(shown: str, old: str, new: str) -> Iterator[Change]:
    yield altered(f"{shown} sends `{new}`, and sent `{old}`")


def _repeatable(shown: str, _: bool, new: bool) -> Iterator[Change]:  # noqa: FBT001
    if new:
        yield broken(f"{shown} is now repeated after a lost answer, and was sent once")
    else:
        yield altered(f"{shown} is no longer repeated after a lost answer")


def _deprecated(shown: str, _: bool, new: bool) -> Iterator[Change]:  # noqa: FBT001
    if new:
        yield Change("Deprecated", shown, "minor")


def _masked(shown: str, _: bool, new: bool) -> Iterator[Change]:  # noqa: FBT001
    if new:
        yield altered(f"{shown} is masked in every log and repr")
    else:
        yield broken(f"{shown} is no longer masked: a log that was clean may show it")


def _bound(phrase: str, looser: Callable[[Any, Any], bool] = lambda new, old: False) -> Rule:  # noqa: ARG005
    def compare(shown: str, old: Any, new: Any) -> Iterator[Change]:
        if new is None:
            yield altered(f"{shown} need no longer be {phrase.format(old)}")
        elif old is not None and looser(new, old):
            yield altered(f"{shown} may be {phrase.format(new)}; before, {phrase.format(old)}")
        else:
            earlier = f"; before, {phrase.format(old)}" if old is not None else ""
            yield broken(f"{shown} must be {phrase.format(new)}{earlier}")

    return compare


def _default(shown: str, old: Any, new: Any) -> Iterator[Change]:
    yield broken(f"{shown}: V1 takes {new!r} where it is not given, and took {old!r}")


def _values(shown: str, old: list[Any] | None, new: list[Any] | None) -> Iterator[Change]:
    """All that a closed set holds; None where anything is taken."""
    if new is None:
        yield altered(f"{shown} may be anything, and not only {', '.join(map(str, old or ()))}")
    elif old is None:
        yield broken(f"{shown} must be one of {', '.join(map(str, new))}; before, anything was taken")
    else:
        yield from (broken(f"{shown} may no longer be `{value}`") for value in old if value not in new)
        yield from (altered(f"{shown} may be `{value}`") for value in new if value not in old)


def _at_least_one(shown: str, old: list[str] | None, new: list[str] | None) -> Iterator[Change]:
    if new is None:
        yield altered(f"{shown} need no longer be given one of {_listed(old)}")
    elif old is not None and set(old) <= set(new):
        yield altered(f"{shown} is content with any of {_listed(new)}")
    else:
        yield broken(f"{shown} must be given at least one of {_listed(new)}")


def _exactly_one(shown: str, old: list[str] | None, new: list[str] | None) -> Iterator[Change]:
    if new is None:
        yield altered(f"{shown} need no longer be given exactly one of {_listed(old)}")
    else:
        yield broken(f"{shown} must be given exactly one of {_listed(new)}")


def _listed(names: list[str] | None) -> str:
    return ", ".join(f"`{name.removesuffix('[]')}`" for name in names or ())


def _required_if(shown: str, old: list[Node] | None, new: list[Node] | None) -> Iterator[Change]:
    before, after = _needs(old), _needs(new)
    for condition, need in sorted(after - before):
        yield broken(f"{shown} must be given `{need}` where {condition}")
    for condition, need in sorted(before - after):
        yield altered(f"{shown} need no longer be given `{need}` where {condition}")


def _needs(rules: list[Node] | None) -> set[tuple[str, str]]:
    return {
        (f"`{name}` is {value}", need)
        for rule in rules or ()
        for name, values in rule["when"].items()
        for value in values
        for need in rule["need"]
    }


BOUNDS: Final[dict[str, Rule]] = {
    "minimum": _bound("at least {}", operator.lt),
    "exclusiveMinimum": _bound("more than {}", operator.lt),
    "minLength": _bound("at least {} characters long", operator.lt),
    "minItems": _bound("a list of at least {}", operator.lt),
    "maximum": _bound("at most {}", operator.gt),
    "exclusiveMaximum": _bound("less than {}", operator.gt),
    "maxLength": _bound("at most {} characters long", operator.gt),
    "maxItems": _bound("a list of at most {}", operator.gt),
    "pattern": _bound("of the form {}"),
    "multipleOf": _bound("a multiple of {}"),
    "const": _bound("{}"),
}
BETWEEN_ARGUMENTS: Final[dict[str, Rule]] = {
    "x-at-least-one": _at_least_one,
    "x-exactly-one": _exactly_one,
    "x-required-if": _required_if,
}
RULES: Final[dict[str, Rule]] = {
    **BOUNDS,
    **BETWEEN_ARGUMENTS,
    "default": _default,
    "deprecated": _deprecated,
    "enum": _values,
    "masked": _masked,
    "repeatable": _repeatable,
    "request": _request,
}
