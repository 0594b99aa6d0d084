"""spec/deviations.yaml: why our document differs from the vendor's, difference by difference.

The head of that file documents its form. An entry explains the differences of its `kinds` at its `pointers`; a pointer
that explains nothing (any more) is an error, so the file cannot outlive what it explains.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from ..shapes import misfits
from ..steps import StepError
from ..yaml_files import read_yaml
from .compare import Difference

FORM: Final = Path(__file__).with_suffix(".yaml")


@dataclass(frozen=True)
class Deviation:
    id: str
    pointers: tuple[str, ...]
    kinds: frozenset[str]


@cache  # there are more of them than `re` keeps, and each is asked about every difference
def _matcher(pointer: str) -> re.Pattern[str]:
    """`*` stands for any name, without a dot, in its place."""
    return re.compile("".join("[^.]*" if part == "*" else re.escape(part) for part in re.split(r"(\*)", pointer)))


def read_deviations(path: Path) -> list[Deviation]:
    raw = read_yaml(path, path.name)
    if not isinstance(raw, list):
        raise StepError(f"{path}: a list of deviations is expected")
    for number, entry in enumerate(raw, start=1):
        for _, fault in misfits(FORM, entry):
            name = entry.get("id", number) if isinstance(entry, dict) else number
            raise StepError(f"{path.name}: {name}: {fault}")
    ids = [entry["id"] for entry in raw]
    for twice in (name for name in ids if ids.count(name) > 1):
        raise StepError(f"{path.name}: {twice} stands twice")
    return [Deviation(entry["id"], tuple(entry["pointers"]), frozenset(entry["kinds"])) for entry in raw]


def explain(differences: list[Difference], entries: list[Deviation]) -> tuple[set[Difference], list[str]]:
    """The differences that an entry explains, and each pointer that explains none."""
    explained: set[Difference] = set()
    stale: list[str] = []
    for entry in entries:
        mine = [difference for difference in differences if difference.kind in entry.kinds]
        for pointer in entry.pointers:
            matcher = _matcher(pointer)
            found = [difference for difference in mine if matcher.fullmatch(difference.pointer)]
            explained.update(found)
            if not found:
                stale.append(f"{entry.id}: {pointer} explains no difference of kind {', '.join(sorted(entry.kinds))}")
        for kind in sorted(entry.kinds - {difference.kind for difference in mine}):
            stale.append(f"{entry.id}: there is no difference of kind {kind} at all")
    return explained, stale
