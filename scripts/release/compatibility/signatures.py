"""Compare two signatures of a function: griffe finds what breaks calls, this module compares the types."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final, Literal

import griffe

from ...yaml_files import beside
from .changes import Change, added, altered, broken, removed

Relation = Literal["same", "wider", "narrower", "other"]
Role = Literal["argument", "request", "answer", "both"]
WELCOME: Final = {("argument", "wider"), ("request", "wider"), ("answer", "narrower")}
WORDS: Final = {
    ("argument", "wider"): " takes more",
    ("argument", "narrower"): " takes less",
    ("answer", "narrower"): " is narrower",
}
EVERYTHING: Final = frozenset(["Any", "object"])


def _alternatives(annotation: str) -> set[str]:
    """Return the members of a union, which ruff has written with bars."""
    try:
        pending: list[ast.expr] = [ast.parse(annotation or "Any", mode="eval").body]
    except SyntaxError:  # a text that was cut off: compared as it stands
        return {annotation}
    found: set[str] = set()
    while pending:
        match pending.pop():
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                pending += [left, right]
            case node:
                found.add(ast.unparse(node))
    return found


def relation(old: str, new: str) -> Relation:
    before, after = _alternatives(old), _alternatives(new)
    if before == after:
        return "same"
    if after & EVERYTHING or before < after:
        return "wider"
    if before & EVERYTHING or after < before:
        return "narrower"
    return "other"


def compare_types(shown: str, old: str, new: str, role: Role) -> Iterator[Change]:
    """Compare types: an argument may accept more than before, and a result may have less; the opposite breaks code."""
    found = relation(old, new)
    if found != "same":
        text = f"{shown}{WORDS.get((role, found), '')}: `{old}` → `{new}`"
        yield altered(text) if (role, found) in WELCOME else broken(text)


Kind = griffe.ParameterKind
RECEIVERS = ("self", "cls")
BREAKAGES: Final[dict[str, str]] = beside(__file__)


def breakages(old: griffe.Object, new: griffe.Object) -> Iterator[griffe.Breakage]:
    """Compare two objects with griffe, each in a container of its own, because griffe compares members only."""
    boxes = []
    for thing in (old, new):
        box = griffe.Module("box", modules_collection=thing.modules_collection)
        box.members["thing"] = griffe.Alias("thing", thing, parent=box)
        box.exports = ["thing"]
        boxes.append(box)
    return griffe.find_breaking_changes(*boxes)


def compare_signatures(shown: str, old: griffe.Function, new: griffe.Function) -> Iterator[Change]:
    for one in breakages(old, new):
        if one.kind is griffe.BreakageKind.PARAMETER_REMOVED:
            yield removed(f"{shown}: the argument `{one.old_value.name}`")
        elif text := BREAKAGES.get(one.kind.name):
            yield broken(f"{shown}{text.format(old=one.old_value, new=one.new_value)}")
    before = {parameter.name: parameter for parameter in old.parameters if parameter.name not in RECEIVERS}
    after = {parameter.name: parameter for parameter in new.parameters if parameter.name not in RECEIVERS}
    for fresh in after.keys() - before.keys():
        if not after[fresh].required:
            yield added(f"{shown}: the argument `{fresh}`")
    for kept in before.keys() & after.keys():
        yield from _parameter(f"{shown}: `{kept}`", before[kept], after[kept])
    if ("async" in old.labels) != ("async" in new.labels):
        yield broken(f"{shown} {'must now' if 'async' in new.labels else 'must no longer'} be awaited")
    yield from compare_types(f"{shown}: what comes back", str(old.returns or ""), str(new.returns or ""), "answer")


def _parameter(name: str, old: griffe.Parameter, new: griffe.Parameter) -> Iterator[Change]:
    yield from compare_types(name, str(old.annotation or ""), str(new.annotation or ""), "argument")
    if old.kind is not new.kind and new.kind is Kind.positional_or_keyword:
        yield altered(f"{name} can be given by position and by name")
    if old.required and not new.required:
        yield altered(f"{name} need not be given: {new.default}")
