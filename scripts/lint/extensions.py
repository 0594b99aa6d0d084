"""Rules about `x-` keys: only those in the table of spec/README.md, and only as it describes them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import jsonschema_rs

from ..bundle import SPEC
from ..codegen.document import objects, values_of
from ..yaml_files import beside
from .places import Spec

ROW = re.compile(r"^\| (`x-[^|]*) \| ([^|]+) \|")
KEY = re.compile(r"`(x-[a-z-]+)(: true)?`")

PLACES: Final = {name: jsonschema_rs.Draft202012Validator(schema) for name, schema in beside(__file__).items()}


def table_of(readme: Path = SPEC / "README.md") -> dict[str, tuple[list[str], bool]]:
    """Return key → (the places where it may be, whether `true` is its only value)."""
    table: dict[str, tuple[list[str], bool]] = {}
    for line in readme.read_text(encoding="utf-8").splitlines():
        if row := ROW.match(line):
            places = [place.strip() for place in row[2].split(",")]
            table |= {key: (places, bool(only_true)) for key, only_true in KEY.findall(row[1])}
    return table


def known_extensions(spec: Spec, readme: Path = SPEC / "README.md") -> Iterator[str]:
    """Find keys that the README does not list, and keys in other places than it says."""
    table = table_of(readme)
    for key, (places, _) in table.items():
        yield from (f"README.md: {key}: there is no place called {place}" for place in places if place not in PLACES)
    for place, seen in spec.seen:
        for key, value in place.node.items():
            if not key.startswith("x-"):
                continue
            if key not in table:
                yield f"{place.where}: {key} is not in the table of spec/README.md"
                continue
            places, only_true = table[key]
            if not any(PLACES[name].is_valid(seen) for name in places if name in PLACES):
                yield f"{place.where}: {key} may only stand at {' or '.join(places)}"
            if only_true and value is not True:
                yield f"{place.where}: {key} can only be true"
    known = {id(place.node) for place in spec.places}
    for where, node in objects(spec.raw):  # bodies, media types, path items
        if id(node) not in known:
            yield from (f"{where}: {key} may not stand there" for key in node if key.startswith("x-"))


def argument_rules(spec: Spec) -> Iterator[str]:
    """Find x-rules, x-report-missing, x-refusal and x-discriminate-by-fields with unknown arguments or fields."""
    for operation in spec.operations:
        body, node = spec.resolve(operation.body), operation.node
        schemas = {one["name"]: one["schema"] for one in spec.parameters(operation)} | spec.fields(body)
        pages = node.get("x-pagination", {})
        window = pages.get("window", {})
        named = [wire for holder in (body, node) for wire in _named(holder)]
        named += [*node.get("x-report-missing", {}), *pages.get("fixed", {})]
        named += [window[key] for key in ("from", "to") if window]
        yield from (f"{operation.id}: it has no argument {name}" for name in named if name not in schemas)
        wanted = [{name: [value]} for name, value in pages.get("fixed", {}).items()]
        wanted += [rule["when"] for holder in (body, node) for rule in holder.get("x-required-if", ())]
        for name, values in (pair for one in wanted for pair in one.items()):
            known = values_of(spec.resolve(schemas.get(name, {})))
            yield from (f"{operation.id}: {name} is never {value}" for value in values if known and value not in known)
    yield from _second_methods(spec)
    for place in spec.places:
        for name, marks in place.node.get("x-discriminate-by-fields", {}).items():
            target = {"$ref": f"#/components/schemas/{name}"}
            if target not in place.node.get("anyOf", []):
                yield f"{place.where}: x-discriminate-by-fields names {name}, which is no branch"
                continue
            fields = spec.resolve(target).get("properties", {})
            yield from (f"{place.where}: {name} has no field {mark}" for mark in marks if mark not in fields)


def _second_methods(spec: Spec) -> Iterator[str]:
    """Find iterators and look-ups of many ids whose name is taken, or that lack an argument which they need."""
    taken = {operation.id for operation in spec.operations}
    for operation in spec.operations:
        names, node = {one.get("name") for one in spec.parameters(operation)}, operation.node
        for key in ("x-pagination", "x-batch"):
            if key in node:
                method = f"{operation.tag}_{node[key]['name']}"
                if method in taken:
                    yield f"{operation.id}: {key}: {method} is there already"
                taken.add(method)
        if "x-pagination" in node and "page" not in names:
            yield f"{operation.id}: x-pagination needs an argument page"


def _named(holder: dict[str, Any]) -> Iterator[str]:
    for key in ("x-exactly-one", "x-at-least-one"):
        yield from holder.get(key, [])
    for rule in holder.get("x-required-if", []):
        yield from rule["when"]
        yield from rule["need"]


def pg_advice(spec: Spec) -> Iterator[str]:
    """Find x-pg advice about unknown PGs."""
    codes = spec.schemas.get("PgProvider", {}).get("x-open-enum")
    for place in spec.places if codes is not None else ():
        for key, listed in place.node.get("x-pg", {}).items():
            yield from (f"{place.where}: x-pg {key}: there is no PG {code}" for code in listed if code not in codes)
