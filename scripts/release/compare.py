"""What changed between two surfaces, each change with the version that it asks for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from .annotations import names, relation
from .changes import Change, added, altered, broken, removed
from .signatures import compare_result, compare_signatures

__all__ = ["compare"]

Entries = dict[str, Any]
Role = Literal["request", "answer", "both"]
WORDS = {"operations": "the operation", "models": "the model", "enums": "the enum", "errors": "the error"}


def compare(old: Entries, new: Entries) -> list[Change]:
    """Sorted: what is gone, what is different, what is new."""
    found: list[Change] = []
    for kind in ("operations", "models", "enums", "errors", "overlay", "returned"):
        before, after = old[kind], new[kind]
        word = f"{WORDS[kind]} " if kind in WORDS else ""
        if kind != "returned":  # not named by users: an operation's result says when there is another
            found += [removed(f"{word}`{_short(name)}`") for name in before.keys() - after.keys()]
            found += [added(f"{word}`{_short(name)}`") for name in after.keys() - before.keys()]
        for name in sorted(before.keys() & after.keys()):
            if kind == "enums":
                found += _values(name, before[name], after[name])
            elif kind == "models":
                found += _fields(name, before[name], after[name], _role(name, old, new))
            else:
                role: Role = "answer" if kind == "returned" else "both"
                found += _entry(_short(name), before[name], after[name], role)
    return sorted(set(found), key=lambda change: (change.heading != "Removed", change.level != "major", change))


def _short(name: str) -> str:
    return name.removeprefix("portone_v1.")


def _entry(name: str, old: Entries, new: Entries, role: Role) -> Iterator[Change]:
    if old["kind"] != new["kind"]:
        yield broken(f"`{name}` was a {old['kind']} and is a {new['kind']}")
        return
    match old["kind"]:
        case "function":
            yield from compare_signatures(name, old, new)
            yield from _operation(name, old, new)
        case "overloaded":
            yield from _overloads(name, old["signatures"], new["signatures"])
        case "class":
            yield from _class(name, old, new, role)
        case "value":
            yield from compare_result(f"`{name}`", old["type"], new["type"])
        case _ if old != new:
            yield altered(f"`{name}` is `{new.get('of')}`")
        case _:
            pass


def _operation(name: str, old: Entries, new: Entries) -> Iterator[Change]:
    if new.get("deprecated") and not old.get("deprecated"):
        yield Change("Deprecated", f"`{name}`", "minor")
    if old.get("request") != new.get("request"):
        yield altered(f"`{name}` sends `{new.get('request')}`, and sent `{old.get('request')}`")
    if old.get("repeatable") != new.get("repeatable"):
        yield altered(f"`{name}` is {'now' if new.get('repeatable') else 'no longer'} repeated after a lost answer")


def _overloads(name: str, old: list[Entries], new: list[Entries]) -> Iterator[Change]:
    gone = [signature for signature in old if signature not in new]
    fresh = [signature for signature in new if signature not in old]
    if gone and len(old) == len(new):
        for before, after in zip(gone, fresh, strict=True):
            yield from compare_signatures(name, before, after)
    elif gone:
        yield removed(f"{len(gone)} way(s) of calling `{name}`")
    elif fresh:
        yield added(f"{len(fresh)} way(s) of calling `{name}`")


def _class(name: str, old: Entries, new: Entries, role: Role) -> Iterator[Change]:
    for gone in sorted(set(old["ancestors"]) - set(new["ancestors"])):
        yield broken(f"`{name}` is no `{gone}` any more")
    for fresh in sorted(set(new["ancestors"]) - set(old["ancestors"])):
        yield altered(f"`{name}` is also a `{fresh}`")
    yield from _fields(name, old["fields"], new["fields"], role)
    before, after = old["members"], new["members"]
    if before and all(isinstance(value, str) for value in before.values()):
        yield from _values(name, before, after)
        return
    for gone in before.keys() - after.keys() - new["fields"].keys():
        yield removed(f"`{name}.{gone}`")
    for fresh in after.keys() - before.keys() - old["fields"].keys():
        yield added(f"`{name}.{fresh}`")
    for kept in sorted(before.keys() & after.keys()):
        inner = name if kept == "__init__" else f"{name}.{kept}"
        yield from _entry(inner, before[kept], after[kept], role)


def _values(name: str, old: Entries, new: Entries) -> Iterator[Change]:
    for gone in old.keys() - new.keys():
        yield removed(f"`{name}.{gone}`")
    for fresh in new.keys() - old.keys():
        yield added(f"`{name}.{fresh}`")
    for kept in old.keys() & new.keys():
        if old[kept] != new[kept]:
            yield broken(f"`{name}.{kept}`: {old[kept]} → {new[kept]}")


def _fields(name: str, old: Entries, new: Entries, role: Role) -> Iterator[Change]:
    for gone in old.keys() - new.keys():
        yield removed(f"`{name}.{gone}`")
    for fresh in new.keys() - old.keys():
        if new[fresh]["required"] and role != "answer":
            yield broken(f"`{name}` must now be given `{fresh}`")
        else:
            yield added(f"`{name}.{fresh}`")
    for kept in sorted(old.keys() & new.keys()):
        yield from _field(f"`{name}.{kept}`", old[kept], new[kept], role)


def _field(name: str, old: Entries, new: Entries, role: Role) -> Iterator[Change]:
    before, after = old["type"], new["type"]
    shown = f"{name}: `{before}` → `{after}`"
    match relation(before, after):
        case "same":
            pass
        case "wider" if role == "request":
            yield altered(shown)
        case "narrower" if role == "answer":
            yield altered(shown)
        case _:
            yield broken(shown)
    if new["required"] and not old["required"]:
        yield altered(f"{name} is always there") if role == "answer" else broken(f"{name} must now be given")
    elif old["required"] and not new["required"]:
        yield altered(f"{name} need not be given")


def _role(name: str, old: Entries, new: Entries) -> Role:
    """Whether users write this model, read it, or both, in either of the two releases."""
    written = any(name in _used(surface, answers=False) for surface in (old, new))
    read = any(name in _used(surface, answers=True) for surface in (old, new))
    return "both" if written == read else "request" if written else "answer"


def _used(surface: Entries, *, answers: bool) -> set[str]:
    models = surface["models"]
    pending = set[str]()
    for operation in surface["operations"].values():
        types = [operation["returns"]] if answers else [entry["type"] for entry in operation["parameters"]]
        pending |= set().union(*(names(kind) for kind in types)) if types else set()
    found: set[str] = set()
    while pending:
        name = pending.pop()
        if name in models and name not in found:
            found.add(name)
            pending |= set().union(*(names(entry["type"]) for entry in models[name].values()), set())
    return found
