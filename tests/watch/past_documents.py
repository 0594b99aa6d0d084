"""Documents that the vendor published, as facts: the first one whole, the next ones by what came and what went.

Their source is the repository of the vendor's public documentation; a version is named after its commit there. Its date
is not known: the operations that it has place it between two days of `test_history.STEPS`. A line is a fact: an
operation or a definition, `| formData amount number required` a parameter, `| 200 $PaymentResponse` an answer,
`| amount number` a field, `| + $ResponseAnnotation` what a definition extends. Texts and notes on PGs are not in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data" / "history"
PLACES = {"path", "query", "formData", "body"}
BOUNDS = {"min": "minimum", "max": "maximum", "maxlen": "maxLength"}


@dataclass(frozen=True)
class Version:
    name: str
    since: str
    """The last day of `test_history.STEPS` whose changes it has."""
    facts: frozenset[str]


def versions() -> list[Version]:
    """Return the versions, from the first to the one that was reviewed last."""
    facts = set((DATA / "first.txt").read_text("utf-8").splitlines())
    found = [Version("6abda6e", "2023-08-31", frozenset(facts))]
    for part in (DATA / "changes.txt").read_text("utf-8").split("@ ")[1:]:
        head, *lines = part.splitlines()
        gone = {line[2:] for line in lines if line.startswith("- ")}
        come = {line[2:] for line in lines if line.startswith("+ ")}
        assert len(gone) + len(come) == len(lines), head
        assert gone <= facts, head
        assert not come & facts, head
        facts = facts - gone | come
        name, _, since = head.partition(" ")
        found.append(Version(name, since, frozenset(facts)))
    return found


def swagger(facts: Iterable[str]) -> dict[str, Any]:
    """Return a document that contains just these facts."""
    paths: dict[str, dict[str, Any]] = {}
    definitions: dict[str, Any] = {}
    for line in sorted(facts, key=lambda line: (line.partition(" | ")[0], line)):
        place, _, fact = line.partition(" | ")
        if not fact:
            continue
        if " " in place:
            method, path = place.split(" ", 1)
            _add_to_operation(paths.setdefault(path, {}).setdefault(method.lower(), _operation(place)), fact)
        else:
            _add_to_definition(definitions.setdefault(place, {}), fact)
    for line in facts:  # those without a fact
        if " | " not in line and " " not in line:
            definitions.setdefault(line, {})
    return {"swagger": "2.0", "paths": paths, "definitions": definitions}


def _operation(place: str) -> dict[str, Any]:
    return {"operationId": place, "parameters": [], "responses": {}}


def _add_to_operation(operation: dict[str, Any], fact: str) -> None:
    if fact == "opdeprecated":
        operation["deprecated"] = True
        return
    first, rest = fact.split(" ", 1)
    if first not in PLACES:
        operation["responses"][first] = {} if rest == "-" else {"schema": _typed(rest)}
        return
    name, node = _named(rest)
    operation["parameters"].append({"in": first, "name": name, **node})


def _add_to_definition(definition: dict[str, Any], fact: str) -> None:
    if fact.startswith("+ "):
        definition.setdefault("allOf", []).append(_typed(fact[2:]))
        return
    name, node = _named(fact)
    outer, _, inner = name.partition(".")
    required = node.pop("required", False)
    if inner:
        definition["properties"][outer].setdefault("properties", {})[inner] = node
        return
    definition.setdefault("properties", {})[name] = node
    if required:
        definition.setdefault("required", []).append(name)


def _named(fact: str) -> tuple[str, dict[str, Any]]:
    """Return name and schema of a fact such as `amount number required maxlen=40`."""
    name, kind, *marks = fact.split(" ")
    node = _typed(kind)
    for mark in marks:
        key, equals, value = mark.partition("=")
        if not equals:
            node[key] = True
        elif key == "enum":
            node["enum"] = value.split("|")
        elif key == "default":
            node["default"] = value if node.get("type") == "string" else _value(value)
        else:
            node[BOUNDS[key]] = int(value)
    return name, node


def _typed(kind: str) -> dict[str, Any]:
    if kind.startswith("$"):
        return {"$ref": f"#/definitions/{kind[1:]}"}
    kind, _, detail = kind.partition(":")
    if kind == "array":
        return {"type": kind, **({"items": _typed(detail)} if detail else {})}
    return {"type": kind, **({"format": detail} if detail else {})}


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
