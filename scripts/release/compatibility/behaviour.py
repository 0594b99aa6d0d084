"""What changed in how calls behave though names and types stayed: bounds, closed sets, rules, repeating, masking.

Read from the specification that each release carries, `generated/openapi.json`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ...codegen.document import Document, Node
from .changes import Change, altered, broken

LOWEST: Final = {
    "minimum": "at least {}",
    "exclusiveMinimum": "more than {}",
    "minLength": "at least {} characters long",
    "minItems": "a list of at least {}",
}
HIGHEST: Final = {
    "maximum": "at most {}",
    "exclusiveMaximum": "less than {}",
    "maxLength": "at most {} characters long",
    "maxItems": "a list of at most {}",
}
BOUNDS: Final = LOWEST | HIGHEST
EXACT: Final = {"pattern": "of the form {}", "multipleOf": "a multiple of {}", "const": "{}"}


@dataclass
class Argument:
    """What a value must be, whatever its Python type allows."""

    facets: Node = field(default_factory=dict)
    values: list[Any] | None = None
    """All that a closed set holds; None where anything is taken."""


@dataclass
class Operation:
    request: str
    repeatable: bool
    deprecated: bool
    arguments: dict[str, Argument]
    rules: dict[str, Any]


@dataclass
class Behaviour:
    operations: dict[str, Operation]
    named: set[str]
    """The fields of models, and the arguments."""
    masked: set[str]
    """Those that no log and no repr shows."""


def read_behaviour(bundle: Path) -> Behaviour:
    document: Node = json.loads(bundle.read_text(encoding="utf-8"))
    reader = _Reader(document)
    operations = {
        _called(operation["operationId"]): reader.operation(verb, path, item, operation)
        for verb, path, operation, item in Document(document).operations()
    }
    for name, schema in document.get("components", {}).get("schemas", {}).items():
        reader.model(name, schema)
    return Behaviour(operations, reader.named, reader.masked)


def _called(operation: str) -> str:
    area, _, name = operation.partition("_")
    return f"{area}.{name}"


class _Reader:
    def __init__(self, document: Node) -> None:
        self._resolved = Document(document).resolve
        self.named: set[str] = set()
        self.masked: set[str] = set()

    def operation(self, verb: str, path: str, item: Node, operation: Node) -> Operation:
        name = _called(operation["operationId"])
        rules = {key: operation[key] for key in RULES if key in operation}
        arguments: dict[str, Argument] = {}
        for parameter in map(self._resolved, [*item.get("parameters", []), *operation.get("parameters", [])]):
            if "x-call-option" not in parameter:
                self._schema(name, self._name(parameter["name"], parameter), parameter, arguments, rules, ())
                self._schema(name, self._name(parameter["name"], parameter), parameter["schema"], arguments, rules, ())
        for content in self._resolved(operation.get("requestBody", {})).get("content", {}).values():
            self._schema(name, "", content["schema"], arguments, rules, ())
        return Operation(
            request=f"{verb.upper()} {path}",
            repeatable=verb == "get" or bool(operation.get("x-safe")),
            deprecated=bool(operation.get("deprecated")),
            arguments=arguments,
            rules=rules,
        )

    @staticmethod
    def _name(name: str, node: Node) -> str:
        return str(node.get("x-python-name", name.removesuffix("[]")))

    def _schema(
        self, operation: str, name: str, node: Node, arguments: dict[str, Argument], rules: Node, above: tuple[int, ...]
    ) -> None:
        node = self._resolved(node)
        properties = node.get("properties", {})
        if id(properties) in above:  # a schema within itself
            return
        if name:
            argument = arguments.setdefault(name, Argument())
            argument.facets |= {key: node[key] for key in (*BOUNDS, *EXACT, "default") if key in node}
            if "enum" in node and "x-open-enum" not in node:
                argument.values = [value for value in node["enum"] if value is not None]
            self._mask(f"{operation}: {name}", node)
        rules |= {f"{key} {name}".strip(): node[key] for key in RULES if key in node}
        inner = (*above, id(properties)) if properties else above
        for other, schema in properties.items():
            self._schema(operation, f"{name}.{self._name(other, schema)}".strip("."), schema, arguments, rules, inner)
        for branch in (*node.get("allOf", ()), *node.get("anyOf", ()), *node.get("oneOf", ())):
            self._schema(operation, name, branch, arguments, rules, inner)
        if isinstance(node.get("items"), dict):
            self._schema(operation, name, node["items"], arguments, rules, inner)

    def model(self, name: str, schema: Node) -> None:
        for other, node in schema.get("properties", {}).items():
            self._mask(f"{name}.{other}", self._resolved(node))

    def _mask(self, name: str, node: Node) -> None:
        self.named.add(name)
        if node.get("x-sensitive"):
            self.masked.add(name)


def compare_behaviour(old: Behaviour, new: Behaviour) -> list[Change]:
    """Compare only what both releases have: additions and removals are found by name."""
    found: list[Change] = []
    for name in old.operations.keys() & new.operations.keys():
        found += _operation(f"`{name}`", old.operations[name], new.operations[name])
    both = old.named & new.named
    for name in (old.masked - new.masked) & both:
        found.append(broken(f"`{name}` is no longer masked: a log that was clean may show it"))
    for name in (new.masked - old.masked) & both:
        found.append(altered(f"`{name}` is masked in every log and repr"))
    return found


def _operation(shown: str, old: Operation, new: Operation) -> Iterator[Change]:
    if new.deprecated and not old.deprecated:
        yield Change("Deprecated", shown, "minor")
    if old.request != new.request:
        yield altered(f"{shown} sends `{new.request}`, and sent `{old.request}`")
    if new.repeatable and not old.repeatable:
        yield broken(f"{shown} is now repeated after a lost answer, and was sent once")
    elif old.repeatable and not new.repeatable:
        yield altered(f"{shown} is no longer repeated after a lost answer")
    for name in sorted(old.arguments.keys() & new.arguments.keys()):
        yield from _argument(f"{shown}: `{name}`", old.arguments[name], new.arguments[name])
    for rule in sorted(old.rules.keys() | new.rules.keys()):
        if old.rules.get(rule) != new.rules.get(rule):
            yield from RULES[rule.partition(" ")[0]](shown, old.rules.get(rule), new.rules.get(rule))


def _argument(shown: str, old: Argument, new: Argument) -> Iterator[Change]:
    for key, phrase in (BOUNDS | EXACT).items():
        before, after = old.facets.get(key), new.facets.get(key)
        if before == after:
            continue
        if after is None:
            yield altered(f"{shown} need no longer be {phrase.format(before)}")
        elif key in BOUNDS and before is not None and (after < before) is (key in LOWEST):
            yield altered(f"{shown} may be {phrase.format(after)}; before, {phrase.format(before)}")
        else:
            earlier = f"; before, {phrase.format(before)}" if before is not None else ""
            yield broken(f"{shown} must be {phrase.format(after)}{earlier}")
    if old.facets.get("default") != new.facets.get("default"):
        now, was = new.facets.get("default"), old.facets.get("default")
        yield broken(f"{shown}: V1 takes {now!r} where it is not given, and took {was!r}")
    yield from _values(shown, old.values, new.values)


def _values(shown: str, old: list[Any] | None, new: list[Any] | None) -> Iterator[Change]:
    if old is None and new is not None:
        yield broken(f"{shown} must be one of {', '.join(map(str, new))}; before, anything was taken")
    elif old is not None and new is None:
        yield altered(f"{shown} may be anything, and not only {', '.join(map(str, old))}")
    elif old is not None and new is not None:
        for value in old:
            if value not in new:
                yield broken(f"{shown} may no longer be `{value}`")
        for value in new:
            if value not in old:
                yield altered(f"{shown} may be `{value}`")


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


def _listed(names: list[str] | None) -> str:
    return ", ".join(f"`{name.removesuffix('[]')}`" for name in names or ())


RULES: Final[dict[str, Callable[[str, Any, Any], Iterator[Change]]]] = {
    "x-at-least-one": _at_least_one,
    "x-exactly-one": _exactly_one,
    "x-required-if": _required_if,
}
