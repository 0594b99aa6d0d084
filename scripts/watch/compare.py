"""Compare two sets of facts.

The same comparison serves the watch (the reviewed document against a newer one) and the coverage (the reviewed document
against our bundle, whose types have other names).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .facts import LISTS, MEMBERS, SINGLES, Fact, Facts, entries

At = tuple[str, str, str]
"""(pointer, place, name) of a difference."""


@dataclass(frozen=True, eq=False)
class Difference:
    """A difference. `kind` is `parameter-missing`, `value-added`, `type`, …; `pointer` uses the second one's names."""

    kind: str
    pointer: str
    place: str
    name: str = ""
    before: Any = None
    after: Any = None


def single(kind: str, old: Any, new: Any, at: At) -> Iterator[Difference]:
    """Compare a fact with one value, which is None if a side has none."""
    if (old, type(old)) != (new, type(new)):
        change = "-added" if old is None else "-missing" if new is None else ""
        yield Difference(f"{kind}{change}", *at, before=old, after=new)


def lists(kind: str, old: list[Any], new: list[Any], at: At) -> Iterator[Difference]:
    if gone := [item for item in old if item not in new]:
        yield Difference(f"{kind}-missing", *at, before=gone)
    if come := [item for item in new if item not in old]:
        yield Difference(f"{kind}-added", *at, after=come)


def texts(old: dict[str, str], new: dict[str, str], at: At) -> Iterator[Difference]:
    """Compare texts, of which only the digests are known: a difference shows the text's name."""
    for key in sorted(old.keys() | new.keys()):
        for found in single("text", old.get(key), new.get(key), at):
            yield Difference(found.kind, *at, before=found.before and key, after=found.after and key)


class _Comparison:
    def __init__(self, before: Facts, after: Facts, names: dict[str, str] | None) -> None:
        self.before, self.after, self.names = before, after, names
        self.shared_ids = Counter(node["id"] for node in before["operations"].values())

    def called(self, name: str) -> str:
        """Return the second document's name for a type of the first one."""
        return name if self.names is None else self.names.get(name, name)

    def type_text(self, text: str) -> str:
        if text.startswith("array of "):
            return f"array of {self.type_text(text.removeprefix('array of '))}"
        return " + ".join(self.called(part) for part in text.split(" + "))

    def node(self, old: Fact, new: Fact, at: At) -> Iterator[Difference]:
        """Compare the facts of an operation, a definition, a parameter or a field."""
        ours = self.names is not None  # ours words texts, headers and security in its own way
        for key, kind in SINGLES.items():
            before, after = old.get(key), new.get(key)
            if key == "type" and before is not None:
                before = self.type_text(before)
            if ours and (key == "security" or (before, after) == ("formData", "body")):  # the latter is in `consumes`
                continue
            yield from single(kind, before, after, at)
        bounds = [
            {bound: f"{bound} {limit!r}" for bound, limit in side.get("bounds", {}).items()} for side in (old, new)
        ]
        for bound in sorted({*bounds[0], *bounds[1]}):
            yield from single("bound", bounds[0].get(bound), bounds[1].get(bound), at)
        for key, kind in LISTS.items():
            if not (ours and key in {"headers", "others"}):
                before, after = entries(old, key), entries(new, key)
                if key == "extends":
                    before = [self.called(parent) for parent in before]
                yield from lists(kind, before, after, at)
        if not ours:
            yield from texts(old.get("texts", {}), new.get("texts", {}), at)

    def members(
        self, key: str, old: dict[str, Fact], new: dict[str, Fact], pointer: str, place: str
    ) -> Iterator[Difference]:
        for name in sorted({*old, *new}):
            at = (f"{pointer}.{name}", place, name)
            if name not in new:
                yield Difference(f"{MEMBERS[key]}-missing", *at, before=old[name])
            elif name not in old:
                yield Difference(f"{MEMBERS[key]}-added", *at, after=new[name])
            else:
                yield from self.node(old[name], new[name], at)

    def operation(self, key: str, old: Fact, new: Fact) -> Iterator[Difference]:
        pointer = new["id"]
        at = (pointer, key, "")
        yield from single("id", old["id"], new.get("vendor_id", new["id"]), at)
        if self.names is not None and self.shared_ids[old["id"]] > 1:
            yield Difference("id-shared", *at, before=old["id"], after=new["id"])
        for status in sorted({*old["statuses"], *new["statuses"]}):
            here = (f"{pointer}.{status}", key, status)
            known = [status if status in node["statuses"] else None for node in (old, new)]
            yield from single("status", known[0], known[1], here)
            if None not in known:
                was, now = self.type_text(old["statuses"][status]), new["statuses"][status]
                yield from single("answer", was or None, now or None, here)
        yield from self.members("parameters", old["parameters"], new["parameters"], pointer, key)
        yield from self.node(old, new, at)

    def operations(self) -> Iterator[Difference]:
        old, new = self.before["operations"], self.after["operations"]
        for key in sorted({*old, *new}):
            if key not in new:
                yield Difference("operation-missing", key, key, before=old[key]["id"])
            elif key not in old:
                yield Difference("operation-added", new[key]["id"], key, after=new[key]["id"])
            else:
                yield from self.operation(key, old[key], new[key])

    def inherited(self, name: str) -> dict[str, Fact]:
        """Return the fields that a type of the second document inherits."""
        fields: dict[str, Fact] = {}
        for parent in self.after["definitions"].get(name, {}).get("extends", ()):
            fields |= self.inherited(parent) | self.after["definitions"].get(parent, {}).get("fields", {})
        return fields

    def definitions(self) -> Iterator[Difference]:
        old, new = self.before["definitions"], self.after["definitions"]
        known: dict[str, set[str]] = {}
        for name, node in old.items():
            known.setdefault(self.called(name), set()).update(node["fields"])
        for name, node in sorted(old.items()):
            ours, fields = self.called(name), node["fields"]
            if ours not in new:
                yield Difference("definition-missing", name, name, before=sorted(fields))
                continue
            inherited = {field: fact for field, fact in self.inherited(ours).items() if field in fields}
            others = known[ours] - fields.keys()  # of another type that became this one
            mine = {field: fact for field, fact in new[ours]["fields"].items() if field not in others}
            yield from self.members("fields", fields, inherited | mine, ours, name)
            yield from self.node(node, new[ours], (ours, name, ""))
        for name in sorted(new.keys() - known.keys()):
            yield Difference("definition-added", name, name, after=sorted(new[name]["fields"]))

    def run(self) -> Iterator[Difference]:
        old, new = self.before["document"], self.after["document"]
        if self.names is None:
            yield from texts(old.get("texts", {}), new.get("texts", {}), ("document.texts", "document", ""))
        known = {*old, *new} - {"texts"} if self.names is None else old.keys() & new.keys()
        for key in sorted(known):
            yield from single("document", old.get(key), new.get(key), (f"document.{key}", "document", key))
        yield from self.operations()
        yield from self.definitions()


def compare(before: Facts, after: Facts, names: dict[str, str] | None = None) -> list[Difference]:
    """Return every difference, in reading order. `names` maps types of the first document to those of the second."""
    seen: dict[str, Difference] = {}
    for one in _Comparison(before, after, names).run():  # two of the vendor's types may have become one type here
        seen.setdefault(f"{one.kind} {one.pointer} {one.before!r} {one.after!r}", one)
    return list(seen.values())
