"""Compare two surfaces, and name each change with the version that it requires."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import Final

import griffe

from .changes import Change, added, altered, broken, deprecated, removed
from .signatures import Role, compare_signatures, compare_types
from .surface import Surface, members

# Classes whose fields are the arguments of a constructor.
DATACLASS_DECORATORS: Final = frozenset(["define", "frozen", "mutable", "dataclass"])
RECORDS: Final = frozenset(["NamedTuple", "TypedDict"])
ENUMS: Final = frozenset(["Enum", "StrEnum", "IntEnum", "IntFlag", "Flag"])


def compare(old: Surface, new: Surface, roles: Mapping[str, Role]) -> list[Change]:
    """Return the removals, differences and additions, in this order. `roles` says which models users write or read."""
    found = {removed(old[key].shown) for key in old.keys() - new.keys()}
    found |= {added(new[key].shown) for key in new.keys() - old.keys()}
    seen: set[str] = set()
    for key in sorted(old.keys() & new.keys()):
        before, after = old[key], new[key]
        if after.thing.path in seen:  # the same thing under another name
            continue
        seen.add(after.thing.path)
        role = "answer" if after.name.startswith("results.") else roles.get(after.name, "both")
        found |= set(_thing(f"`{before.name}`", before.thing, after.thing, role))
    return sorted(found, key=lambda change: (change.heading != "Removed", change.level != "major", change))


def _thing(shown: str, old: griffe.Object, new: griffe.Object, role: Role) -> Iterator[Change]:
    match old, new:
        case griffe.Function(), griffe.Function():
            if old.overloads or new.overloads:
                yield from _overloads(shown, old.overloads or [], new.overloads or [])
            else:
                yield from compare_signatures(shown, old, new)
            if new.deprecated and not old.deprecated:
                yield deprecated(shown)
        case griffe.Class(), griffe.Class():
            yield from _class(shown, old, new, role)
        case griffe.Attribute(), griffe.Attribute():
            yield from compare_types(shown, _type(old), _type(new), "answer")
        case _ if old.kind is not new.kind:
            yield broken(f"{shown} was a {old.kind.value} and is a {new.kind.value}")
        case _:
            return


def _overloads(shown: str, old: list[griffe.Function], new: list[griffe.Function]) -> Iterator[Change]:
    before, after = {_signature(one): one for one in old}, {_signature(one): one for one in new}
    gone = [one for text, one in before.items() if text not in after]
    fresh = [one for text, one in after.items() if text not in before]
    if gone and len(gone) == len(fresh):
        for earlier, later in zip(gone, fresh, strict=True):
            yield from compare_signatures(shown, earlier, later)
    elif gone:
        yield removed(f"{len(gone)} way(s) of calling {shown}")
    elif fresh:
        yield added(f"{len(fresh)} way(s) of calling {shown}")


def _signature(one: griffe.Function) -> str:
    parameters = [f"{p.name}: {p.annotation} = {p.default} {p.kind}" for p in one.parameters]
    return f"{', '.join(parameters)} -> {one.returns}"


def _class(shown: str, old: griffe.Class, new: griffe.Class, role: Role) -> Iterator[Change]:
    for gone in sorted(_ancestors(old) - _ancestors(new)):
        yield broken(f"{shown} is no `{gone}` any more")
    for fresh in sorted(_ancestors(new) - _ancestors(old)):
        yield altered(f"{shown} is also a `{fresh}`")
    name = shown.strip("`")
    before, after = members(old), members(new)
    for gone in before.keys() - after.keys():
        yield removed(f"`{name}.{gone}`")
    for fresh in after.keys() - before.keys():
        if _needed(new, after[fresh]) and role != "answer":
            yield broken(f"{shown} must now be given `{fresh}`")
        else:
            yield added(f"`{name}.{fresh}`")
    for kept in sorted(before.keys() & after.keys()):
        inner, earlier, later = f"`{name}.{kept}`", before[kept], after[kept]
        if _ancestors(new) & ENUMS and isinstance(later, griffe.Attribute) and isinstance(earlier, griffe.Attribute):
            if str(earlier.value) != str(later.value):
                yield broken(f"{inner}: {earlier.value} → {later.value}")
        elif isinstance(later, griffe.Attribute) and isinstance(earlier, griffe.Attribute):
            yield from _field(inner, (old, earlier), (new, later), role)
        else:
            yield from _thing(shown if kept == "__init__" else inner, earlier, later, role)


def _ancestors(kind: griffe.Class) -> set[str]:
    """Return the names of all bases, including those of other packages."""
    found: set[str] = set()
    for one in [kind, *kind.mro()]:
        found |= {str(base).rpartition(".")[2].partition("[")[0] for base in one.bases}
    return found


def _needed(kind: griffe.Class, member: griffe.Object) -> bool:
    """Return whether a member is a field that the constructor requires."""
    if not isinstance(member, griffe.Attribute) or member.value is not None or member.annotation is None:
        return False
    if "ClassVar" in str(member.annotation) or "property" in member.labels:
        return False
    makers = {part for decorator in kind.decorators for part in str(decorator.value).partition("(")[0].split(".")}
    return bool(makers & DATACLASS_DECORATORS or _ancestors(kind) & RECORDS)


def _type(attribute: griffe.Attribute) -> str:
    if attribute.annotation is not None:
        text = str(attribute.annotation)
        return text.removeprefix("Final[").removesuffix("]") if text.startswith("Final[") else text
    try:
        return type(ast.literal_eval(str(attribute.value))).__name__
    except (ValueError, SyntaxError):
        return str(attribute.value).partition("(")[0]


def _field(
    name: str, old: tuple[griffe.Class, griffe.Attribute], new: tuple[griffe.Class, griffe.Attribute], role: Role
) -> Iterator[Change]:
    yield from compare_types(name, _type(old[1]), _type(new[1]), role)
    needed_before, needed_now = _needed(*old), _needed(*new)
    if needed_now and not needed_before:
        yield altered(f"{name} is always there") if role == "answer" else broken(f"{name} must now be given")
    elif needed_before and not needed_now:
        yield altered(f"{name} need not be given")
