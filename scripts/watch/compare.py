"""Compare two sets of facts.

The same comparison serves the watch (the reviewed document against a newer one) and the coverage (the reviewed document
against our bundle, whose types have other names).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .facts import Fact, Facts, count_definition, count_fact, count_operation, pg_entries


@dataclass(frozen=True, eq=False)
class Difference:
    """`kind` is `parameter-missing`, `value-added`, `type`, …; `pointer` says where, in the second document's names."""

    kind: str
    pointer: str
    place: str
    name: str = ""
    before: Any = None
    after: Any = None
    weight: Counter[str] = field(default_factory=Counter)


class _Comparison:
    def __init__(self, before: Facts, after: Facts, names: dict[str, str] | None) -> None:
        self.before, self.after, self.names = before, after, names
        self.shared_ids = Counter(node["id"] for node in before["operations"].values())

    def called(self, name: str) -> str:
        """What the second document calls a type of the first one."""
        return name if self.names is None else self.names.get(name, name)

    def type_text(self, text: str) -> str:
        if text.startswith("array of "):
            return f"array of {self.type_text(text.removeprefix('array of '))}"
        return " + ".join(self.called(part) for part in text.split(" + "))

    def lists(
        self, kind: str, old: list[Any], new: list[Any], at: tuple[str, str, str], category: str
    ) -> Iterator[Difference]:
        if gone := [item for item in old if item not in new]:
            yield Difference(f"{kind}-missing", *at, before=gone, weight=Counter({category: len(gone)}))
        if come := [item for item in new if item not in old]:
            yield Difference(f"{kind}-added", *at, after=come)

    def single(
        self, kind: str, old: Any, new: Any, at: tuple[str, str, str], category: str = ""
    ) -> Iterator[Difference]:
        if (old, type(old)) == (new, type(new)):
            return
        weight = Counter({category: 1}) if category else Counter[str]()
        if old is None:
            yield Difference(f"{kind}-added", *at, after=new)
        elif new is None:
            yield Difference(f"{kind}-missing", *at, before=old, weight=weight)
        else:
            yield Difference(kind, *at, before=old, after=new, weight=weight)

    def common(self, old: Fact, new: Fact, at: tuple[str, str, str]) -> Iterator[Difference]:
        yield from self.lists("pg", pg_entries(old), pg_entries(new), at, "PG entries")
        yield from self.lists("rule", old.get("rules", []), new.get("rules", []), at, "")
        yield from self.lists("spelling", old.get("spelling", []), new.get("spelling", []), at, "")
        yield from self.meant(old, new, at)

    def meant(self, old: Fact, new: Fact, at: tuple[str, str, str]) -> Iterator[Difference]:
        """What one of the vendor's documents says and ours says in its own way: texts, headers, who may call."""
        if self.names is not None:
            return
        texts, others = old.get("texts", {}), new.get("texts", {})
        for key in sorted(texts.keys() | others.keys()):
            kind = "text-added" if key not in texts else "text-missing" if key not in others else "text"
            if texts.get(key) != others.get(key):
                yield Difference(kind, *at, before=key if key in texts else None, after=key if key in others else None)
        if "statuses" in old:  # an operation
            yield from self.single("deprecated", old.get("deprecated"), new.get("deprecated"), at)
            yield from self.single("security", old.get("security"), new.get("security"), at)
            before, after = (
                [f"{name} {kind}" for name, kind in side.get("headers", {}).items()] for side in (old, new)
            )
            yield from self.lists("header", before, after, at, "")

    def fact(self, old: Fact, new: Fact, at: tuple[str, str, str]) -> Iterator[Difference]:
        """One parameter or field."""
        place = old.get("in")
        if not (
            self.names is not None and (place, new.get("in")) == ("formData", "body")
        ):  # reported once, by `consumes`
            yield from self.single("place", place, new.get("in"), at)
        yield from self.single("type", self.type_text(old["type"]), new["type"], at, "types")
        yield from self.single("required", old.get("required"), new.get("required"), at, "requiredness")
        yield from self.single("null", old.get("null"), new.get("null"), at)
        yield from self.lists("value", old.get("values", []), new.get("values", []), at, "values")
        yield from self.single("default", old.get("default"), new.get("default"), at, "bounds")
        yield from self.single("format", old.get("format"), new.get("format"), at, "bounds")
        yield from self.single("deprecated", old.get("deprecated"), new.get("deprecated"), at, "bounds")
        limits, others = old.get("bounds", {}), new.get("bounds", {})
        for bound in sorted({*limits, *others}):
            for found in self.single("bound", limits.get(bound), others.get(bound), at, "bounds"):
                sides = [None if side is None else f"{bound} {side!r}" for side in (found.before, found.after)]
                yield Difference(found.kind, *at, before=sides[0], after=sides[1], weight=found.weight)
        yield from self.common(old, new, at)

    def members(
        self, kind: str, old: dict[str, Fact], new: dict[str, Fact], pointer: str, place: str
    ) -> Iterator[Difference]:
        for name in sorted({*old, *new}):
            at = (f"{pointer}.{name}", place, name)
            if name not in new:
                yield Difference(f"{kind}-missing", *at, before=old[name], weight=count_fact(old[name], f"{kind}s"))
            elif name not in old:
                yield Difference(f"{kind}-added", *at, after=new[name])
            else:
                yield from self.fact(old[name], new[name], at)

    def operation(self, key: str, old: Fact, new: Fact) -> Iterator[Difference]:
        pointer = new["id"]
        at = (pointer, key, "")
        yield from self.single("id", old["id"], new.get("vendor_id", new["id"]), at)
        if self.names is not None and self.shared_ids[old["id"]] > 1:
            yield Difference("id-shared", *at, before=old["id"], after=new["id"])
        yield from self.lists("tag", old["tags"], new["tags"], at, "")
        yield from self.lists("consumes", old["consumes"], new["consumes"], at, "")
        for status in sorted({*old["statuses"], *new["statuses"]}):
            here = (f"{pointer}.{status}", key, status)
            if status not in new["statuses"]:
                yield Difference("status-missing", *here, before=status, weight=Counter({"statuses": 1}))
            elif status not in old["statuses"]:
                yield Difference("status-added", *here, after=status)
            else:
                was, now = self.type_text(old["statuses"][status]), new["statuses"][status]
                yield from self.single("answer", was or None, now or None, here)
        yield from self.members("parameter", old["parameters"], new["parameters"], pointer, key)
        yield from self.common(old, new, at)

    def operations(self) -> Iterator[Difference]:
        old, new = self.before["operations"], self.after["operations"]
        for key in sorted({*old, *new}):
            if key not in new:
                yield Difference("operation-missing", key, key, before=old[key]["id"], weight=count_operation(old[key]))
            elif key not in old:
                yield Difference("operation-added", new[key]["id"], key, after=new[key]["id"])
            else:
                yield from self.operation(key, old[key], new[key])

    def inherited(self, name: str) -> dict[str, Fact]:
        """The fields of what a type of the second document extends."""
        fields: dict[str, Fact] = {}
        for parent in self.after["definitions"].get(name, {}).get("extends", ()):
            fields |= self.inherited(parent) | self.after["definitions"].get(parent, {}).get("fields", {})
        return fields

    def definitions(self) -> Iterator[Difference]:
        old, new = self.before["definitions"], self.after["definitions"]
        known: dict[str, set[str]] = {}
        for name, node in sorted(old.items()):
            known.setdefault(self.called(name), set()).update(node["fields"])
        for name in sorted(old):
            ours = self.called(name)
            if ours not in new:
                weight = count_definition(old[name])
                yield Difference("definition-missing", name, name, before=sorted(old[name]["fields"]), weight=weight)
                continue
            fields = new[ours]["fields"]
            parents = self.inherited(ours)
            also = {field: parents[field] for field in old[name]["fields"] if field in parents}
            mine = {
                field: fact
                for field, fact in fields.items()
                if field in old[name]["fields"] or field not in known[ours]
            }
            yield from self.members("field", old[name]["fields"], {**also, **mine}, ours, name)
            at = (ours, name, "")
            inherits = [self.called(parent) for parent in old[name].get("extends", [])]
            yield from self.lists("extends", inherits, new[ours].get("extends", []), at, "")
            yield from self.lists("ghost", old[name].get("ghosts", []), new[ours].get("ghosts", []), at, "")
            yield from self.common(old[name], new[ours], at)
        for name in sorted(new.keys() - known.keys()):
            yield Difference("definition-added", name, name, after=sorted(new[name]["fields"]))

    def run(self) -> Iterator[Difference]:
        old, new = self.before["document"], self.after["document"]
        yield from self.meant(old, new, ("document.texts", "document", ""))
        known = {*old, *new} - {"texts"} if self.names is None else old.keys() & new.keys()
        for key in sorted(known):
            yield from self.single("document", old.get(key), new.get(key), (f"document.{key}", "document", key))
        yield from self.operations()
        yield from self.definitions()


def compare(before: Facts, after: Facts, names: dict[str, str] | None = None) -> list[Difference]:
    """Every difference, in reading order. `names` says what the second document calls the types of the first one."""
    seen: dict[str, Difference] = {}
    for difference in _Comparison(before, after, names).run():
        key = f"{difference.kind} {difference.pointer} {difference.before!r} {difference.after!r}"
        if key in seen:
            seen[key].weight.update(difference.weight)  # two of the vendor's types became one type here
        else:
            seen[key] = difference
    return list(seen.values())
