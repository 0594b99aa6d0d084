"""The facts of an API document, and the lock file that keeps the last reviewed ones.

Facts are plain JSON: names, types, values, bounds, requiredness, PG lists, and no sentence of the
vendor's prose. Of each text only a digest is kept, so that a rule which is rewritten in words is seen.

    document     what holds for the whole (version of the format, hosts, base path, schemes, security, texts)
    operations   "METHOD /path" -> id, tags, consumes, statuses, headers, security, deprecated, texts, pg, rules,
                 others, parameters
    definitions  name -> extends, fields, ghosts (required names that no field has), texts, pg, rules

A parameter or a field is `{in, type, required, null, values, default, bounds, format, deprecated, texts, pg,
spelling, rules, others}`, whatever of it the document says. An inline object is a definition of its own, named after
its place.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from ..steps import StepError
from ..yaml_files import beside

Fact = dict[str, Any]
Facts = dict[str, Any]

TABLES: Final[dict[str, Any]] = beside(__file__)
MEMBERS: Final[dict[str, str]] = TABLES["members"]
SINGLES: Final[dict[str, str]] = TABLES["singles"]
"""Fact with one value → name of a difference in it."""
LISTS: Final[dict[str, str]] = TABLES["lists"]
"""The same for facts that are lists, or are compared as lists."""
BOUNDS: Final[list[str]] = TABLES["bounds"]
READ: Final[frozenset[str]] = frozenset(key for keys in TABLES["read"] for key in keys) | {*BOUNDS}
FORMAT: Final = 1


def empty() -> Facts:
    return {"document": {}, "operations": {}, "definitions": {}}


def entries(node: Fact, key: str) -> list[Any]:
    """Return a fact as the list to compare: `supported kcp` for `pg`, `200 X-Rate-Limit integer` for `headers`."""
    found = node.get(key, [])
    if key == "pg":
        return [f"{mark} {code}" for mark, codes in sorted(found.items()) for code in codes] if found else []
    return [f"{name} {kind}" for name, kind in found.items()] if isinstance(found, dict) else found


def dump_lock(facts: Facts, dated: str) -> str:
    """Return the lock as text: sorted, with one value per line, so that a review can read a diff of two locks."""
    lock = {"format": FORMAT, "dated": dated, **facts}
    return json.dumps(lock, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def load_lock(path: Path) -> Facts:
    try:
        lock = json.loads(path.read_text(encoding="utf-8"))
    except RecursionError as error:
        raise StepError(f"{path}: not a lock file: it is nested too deeply") from error
    except ValueError as error:
        raise StepError(f"{path}: not a lock file: {error}") from error
    if not isinstance(lock, dict) or lock.get("format") != FORMAT:
        raise StepError(f"{path}: not a lock file of format {FORMAT}")
    if not all(isinstance(lock.get(key), dict) for key in empty()):
        raise StepError(f"{path}: the lock file lacks one of {', '.join(empty())}")
    return lock
