"""spec/deviations.yaml: why our document differs from the vendor's, difference by difference.

The head of that file documents its form. An entry explains the differences of its `kinds` at its `pointers`; a pointer
that explains nothing (any more) is an error, so the file cannot outlive what it explains.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from .compare import Difference
from .facts import UnreadableError

_SINGLE = ("place", "type", "required", "null", "default", "format", "deprecated", "bound", "answer", "document", "id")
_MEMBERS = ("operation", "parameter", "definition", "field", "status", "value", "pg", "rule", "tag", "consumes")
_REMARKS = ("extends", "ghost", "spelling")
KINDS = frozenset(
    [*_SINGLE, "id-shared"]
    + [f"{name}-{change}" for name in (*_SINGLE, *_MEMBERS, *_REMARKS) for change in ("missing", "added")]
)
TEXTS = ("what", "why", "evidence")
KEYS = {"id", "pointers", "kinds", *TEXTS}
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Deviation:
    id: str
    pointers: tuple[str, ...]
    kinds: frozenset[str]
    what: str
    why: str
    evidence: str


def _matcher(pointer: str) -> re.Pattern[str]:
    """`*` stands for any name, without a dot, in its place."""
    return re.compile("".join("[^.]*" if part == "*" else re.escape(part) for part in re.split(r"(\*)", pointer)))


def _entry(raw: Any, where: str) -> Deviation:
    if not isinstance(raw, dict) or set(raw) != KEYS:
        raise UnreadableError(f"{where}: an entry has exactly the keys {', '.join(sorted(KEYS))}")
    for key in ("pointers", "kinds"):
        if not isinstance(raw[key], list) or not raw[key] or not all(isinstance(item, str) for item in raw[key]):
            raise UnreadableError(f"{where}: `{key}` is a list of strings that is not empty")
        if len(set(raw[key])) != len(raw[key]):
            raise UnreadableError(f"{where}: one of its `{key}` stands twice")
    for key in TEXTS:
        if not isinstance(raw[key], str) or not raw[key].strip():
            raise UnreadableError(f"{where}: `{key}` is a text that is not empty")
    if not isinstance(raw["id"], str) or not SLUG.fullmatch(raw["id"]):
        raise UnreadableError(f"{where}: `id` is a short slug such as `channel-key-optional`")
    if unknown := sorted(set(raw["kinds"]) - KINDS):
        raise UnreadableError(f"{where}: there is no kind of difference called {', '.join(unknown)}")
    texts = {key: " ".join(raw[key].split()) for key in TEXTS}
    return Deviation(raw["id"], tuple(raw["pointers"]), frozenset(raw["kinds"]), **texts)


def read_deviations(path: Path) -> list[Deviation]:
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    except OSError as error:
        raise UnreadableError(f"{path}: {error.strerror or error}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UnreadableError(f"{path}: {' '.join(str(error).split())}") from error
    if not isinstance(raw, list):
        raise UnreadableError(f"{path}: a list of deviations is expected")
    entries: list[Deviation] = []
    for number, item in enumerate(raw, start=1):
        name = item.get("id", number) if isinstance(item, dict) else number
        entry = _entry(item, f"{path.name}: {name}")
        if any(entry.id == other.id for other in entries):
            raise UnreadableError(f"{path.name}: {entry.id} stands twice")
        entries.append(entry)
    return entries


def explain(
    differences: Iterable[Difference], entries: Iterable[Deviation]
) -> tuple[dict[Difference, Deviation], list[str]]:
    """Which entry explains which difference, and each pointer that explains none."""
    differences, entries = list(differences), list(entries)
    explained: dict[Difference, Deviation] = {}
    stale: list[str] = []
    for entry in entries:
        mine = [difference for difference in differences if difference.kind in entry.kinds]
        for pointer in entry.pointers:
            matcher = _matcher(pointer)
            found = [difference for difference in mine if matcher.fullmatch(difference.pointer)]
            for difference in found:
                explained.setdefault(difference, entry)
            if not found:
                stale.append(f"{entry.id}: {pointer} explains no difference of kind {', '.join(sorted(entry.kinds))}")
        for kind in sorted(entry.kinds - {difference.kind for difference in mine}):
            stale.append(f"{entry.id}: there is no difference of kind {kind} at all")
    return explained, stale
