"""Report differences in words: one line each, and a Markdown report for a pull request."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, StrictUndefined

from ..yaml_files import beside
from .compare import Difference
from .coverage import Coverage
from .places import Places

WORDS: Final[dict[str, dict[str, str]]] = beside(__file__)
MEMBERS = ("parameter", "field", "operation", "definition")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
LONGEST = 160


def _plain(text: str) -> str:
    """Return the document's own words in one line."""
    text = CONTROL.sub(" ", text)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _value(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_value(item) for item in value)
    if isinstance(value, dict):
        words = [str(value[key]) for key in ("in", "type") if value.get(key)]
        return " ".join([*words, *(mark for mark in ("required", "deprecated") if value.get(mark))])
    return value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False)


def line(difference: Difference, added: str = "added", missing: str = "removed") -> str:
    """Return a difference as `POST /payments/cancel amount: type changed: number → string`."""
    name, _, change = difference.kind.partition("-")
    where = f"{difference.place} {difference.name}".strip()
    if mark := WORDS["marks"].get(difference.kind):
        return _plain(f"{where} {mark}")
    verb = {"added": added, "missing": missing, "shared": "not unique"}.get(change, "changed")
    if name in MEMBERS:
        value = _value(difference.after if change == "added" else difference.before)
        return _plain(f"{where}: {name} {verb}{f' ({value})' if value else ''}")
    if difference.kind == "text":  # no text is stored, so the old one cannot be shown
        return _plain(f"{where}: {difference.after} was rewritten")
    before, after = (None if side is None else _value(side) for side in (difference.before, difference.after))
    shown = " → ".join(side for side in (before, after) if side is not None)
    return _plain(f"{where}: {WORDS['nouns'].get(name, name)} {verb}: {shown}")


def gap_line(difference: Difference, coverage: Coverage) -> str:
    """Return a difference that spec/deviations.yaml does not explain, with its entries about similar ones."""
    text = line(difference, "only in ours", "only in the vendor document")
    similar = coverage.similar(difference)[:3]
    hint = f"  [of this kind in spec/deviations.yaml: {', '.join(similar)}]" if similar else ""
    return f"{difference.pointer} [{difference.kind}]: {text}{hint}"


def _code(text: str) -> str:
    return f"`{text.replace('`', chr(39))}`"


def markdown(changes: list[Difference], places: Places, **known: Any) -> str:
    """Return the report: what changed, where to change spec/ for it, and what is not covered yet."""
    groups: dict[str, list[Difference]] = {"Document": [], "Operations": [], "Types": []}
    for change in changes:
        kind = "Document" if change.place == "document" else "Types"
        groups["Operations" if re.match(r"[A-Z]+ /", change.place) else kind].append(change)
    environment = Environment(trim_blocks=True, undefined=StrictUndefined)  # noqa: S701, it is Markdown
    environment.filters |= {"line": line, "gap_line": gap_line, "plain": _plain, "code": _code}
    template = environment.from_string(Path(__file__).with_name("report.md.jinja").read_text(encoding="utf-8"))
    return template.render(changes=changes, groups=groups, places=places, **known).rstrip() + "\n"
