"""Two signatures of one function: can it still be called as before, and is what comes back still what it was?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .annotations import relation
from .changes import Change, added, altered, broken, removed

__all__ = ["compare_result", "compare_signatures"]

Parameter = dict[str, str]
BY_POSITION = ("position", "either")


def compare_signatures(name: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[Change]:
    before = {parameter["name"]: parameter for parameter in old["parameters"]}
    after = {parameter["name"]: parameter for parameter in new["parameters"]}
    for gone in before.keys() - after.keys():
        yield removed(f"`{name}`: the argument `{gone}`")
    for fresh in after.keys() - before.keys():
        parameter = after[fresh]
        if "default" in parameter or parameter["kind"].startswith("all "):
            yield added(f"`{name}`: the argument `{fresh}`")
        else:
            yield broken(f"`{name}` must now be given `{fresh}`")
    for kept in before.keys() & after.keys():
        yield from _parameter(f"`{name}`: `{kept}`", before[kept], after[kept])
    if _moved(old["parameters"], new["parameters"]):
        yield broken(f"`{name}`: the order of the arguments that are given by position")
    if old.get("awaited", False) != new.get("awaited", False):
        yield broken(f"`{name}` {'must now' if new.get('awaited') else 'must no longer'} be awaited")
    yield from compare_result(f"`{name}`: what comes back", old["returns"], new["returns"])


def _moved(old: list[Parameter], new: list[Parameter]) -> bool:
    """An argument given by position would now be taken for another one."""
    kept = {parameter["name"] for parameter in new if parameter["kind"] in BY_POSITION}
    before = [parameter["name"] for parameter in old if parameter["kind"] in BY_POSITION and parameter["name"] in kept]
    after = [parameter["name"] for parameter in new if parameter["kind"] in BY_POSITION]
    return after[: len(before)] != before


def _parameter(name: str, old: Parameter, new: Parameter) -> Iterator[Change]:
    match relation(old["type"], new["type"]):
        case "same":
            pass
        case "wider":
            yield altered(f"{name} takes more: `{old['type']}` → `{new['type']}`")
        case "narrower":
            yield broken(f"{name} takes less: `{old['type']}` → `{new['type']}`")
        case "other":
            yield broken(f"{name}: `{old['type']}` → `{new['type']}`")
    if old["kind"] != new["kind"]:
        if new["kind"] == "either":
            yield altered(f"{name} can be given by position and by name")
        else:
            yield broken(f"{name} can no longer be given by {'position' if new['kind'] == 'keyword' else 'name'}")
    before, after = old.get("default"), new.get("default")
    if before == after:
        return
    if after is None:
        yield broken(f"{name} must now be given")
    elif before is None:
        yield altered(f"{name} need not be given: {after}")
    else:
        # It type-checks, and calls that leave it out do something else than before.
        yield broken(f"{name} is {after} where it is not given, and was {before}")


def compare_result(what: str, old: str, new: str) -> Iterator[Change]:
    """A value that users read: less than before is welcome, more is what their code does not expect."""
    match relation(old, new):
        case "same":
            pass
        case "narrower":
            yield altered(f"{what} is narrower: `{old}` → `{new}`")
        case "wider" | "other":
            yield broken(f"{what}: `{old}` → `{new}`")
