"""The facts of an API document, and the lock file that keeps the last reviewed ones.

Facts are plain JSON: names, types, values, bounds, requiredness, PG lists, and no sentence of the
vendor's prose. Of each text only a digest is kept, so that a rule which is rewritten in words is seen.

    document     what holds for the whole (version of the format, hosts, base path, schemes, security, texts)
    operations   "METHOD /path" -> id, tags, consumes, statuses, headers, security, deprecated, texts, pg, rules,
                 parameters
    definitions  name -> extends, fields, ghosts (required names that no field has), texts, pg, rules

A parameter or a field is `{in, type, required, null, values, default, bounds, format, deprecated, texts, pg,
spelling, rules}`, whatever of it the document says. An inline object is a definition of its own, named after its place.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

CATEGORIES = (
    "operations",
    "statuses",
    "parameters",
    "definitions",
    "fields",
    "types",
    "requiredness",
    "values",
    "bounds",
    "PG entries",
)


def pg_entries(node: Fact) -> list[str]:
    return [f"{mark} {code}" for mark, codes in sorted(node.get("pg", {}).items()) for code in codes]


def count_fact(fact: Fact, category: str) -> Counter[str]:
    """How many facts of each category one parameter or field holds."""
    extras = len(fact.get("bounds", {})) + sum(key in fact for key in ("default", "format", "deprecated"))
    return Counter(
        {
            category: 1,
            "types": 1,
            "requiredness": 1,
            "values": len(fact.get("values", ())),
            "bounds": extras,
            "PG entries": len(pg_entries(fact)),
        }
    )


def _count_members(members: dict[str, Fact], category: str) -> Counter[str]:
    return sum((count_fact(fact, category) for fact in members.values()), Counter())


def count_operation(node: Fact) -> Counter[str]:
    own = Counter({"operations": 1, "statuses": len(node["statuses"]), "PG entries": len(pg_entries(node))})
    return own + _count_members(node["parameters"], "parameters")


def count_definition(node: Fact) -> Counter[str]:
    return Counter({"definitions": 1, "PG entries": len(pg_entries(node))}) + _count_members(node["fields"], "fields")


def count(facts: Facts) -> Counter[str]:
    """How many facts of each category a document holds."""
    total = sum((count_operation(node) for node in facts["operations"].values()), Counter[str]())
    return total + sum((count_definition(node) for node in facts["definitions"].values()), Counter[str]())


Fact = dict[str, Any]
Facts = dict[str, Any]

BOUNDS = (
    "minLength",
    "maxLength",
    "minimum",
    "exclusiveMinimum",
    "maximum",
    "exclusiveMaximum",
    "minItems",
    "maxItems",
    "pattern",
)
FORMAT = 1


class UnreadableError(Exception):
    """An input that gives no facts; the message is one line that says why."""


def empty() -> Facts:
    return {"document": {}, "operations": {}, "definitions": {}}


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _block(name: str, entries: dict[str, str], margin: str) -> str:
    lines = ",\n".join(f"{margin}  {_line(key)}: {text}" for key, text in sorted(entries.items()))
    return f"{_line(name)}: {{\n{lines}\n{margin}}}" if entries else f"{_line(name)}: {{}}"


def _node(node: Fact, members: str, margin: str) -> str:
    """An operation or a definition: one line for each fact, parameter or field."""
    lines = [f"{margin}  {_line(key)}: {_line(value)}" for key, value in sorted(node.items()) if key != members]
    nested = {name: _line(fact) for name, fact in node.get(members, {}).items()}
    lines.append(f"{margin}  {_block(members, nested, f'{margin}  ')}")
    return "{\n" + ",\n".join(lines) + f"\n{margin}}}"


def dump_lock(facts: Facts, dated: str) -> str:
    """The lock as text: sorted, one fact a line, so that a review reads the difference of two of them."""
    operations = {key: _node(node, "parameters", "  " * 2) for key, node in facts["operations"].items()}
    definitions = {key: _node(node, "fields", "  " * 2) for key, node in facts["definitions"].items()}
    head = {key: _line(value) for key, value in facts["document"].items()}
    parts = [
        f'"format": {FORMAT}',
        f'"dated": {_line(dated)}',
        _block("document", head, "  "),
        _block("operations", operations, "  "),
        _block("definitions", definitions, "  "),
    ]
    return "{\n" + ",\n".join(f"  {part}" for part in parts) + "\n}\n"


def load_lock(path: Path) -> Facts:
    try:
        lock = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UnreadableError(f"{path}: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"{path}: not a lock file: {error}") from error
    if not isinstance(lock, dict) or lock.get("format") != FORMAT:
        raise UnreadableError(f"{path}: not a lock file of format {FORMAT}")
    if not all(isinstance(lock.get(key), dict) for key in empty()):
        raise UnreadableError(f"{path}: the lock file lacks one of {', '.join(empty())}")
    return lock
