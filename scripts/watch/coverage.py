"""Check that our bundle covers the vendor's document, or that spec/deviations.yaml says why not.

The head of that file documents its form. An entry explains the differences of its `kinds` at its `pointers`; a pointer
that explains nothing (any more) is an error, so the file cannot outlive what it explains.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ..steps import StepError
from ..yaml_files import misfits, read_yaml
from .bundled import read_bundle
from .compare import Difference, compare
from .facts import Facts

FORM: Final = Path(__file__).with_suffix(".yaml")


Deviation = dict[str, Any]
"""An entry of spec/deviations.yaml, with the keys that coverage.yaml requires."""


def _matcher(pointer: str) -> re.Pattern[str]:
    """Return the pattern of a pointer, in which `*` stands for any name without a dot."""
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
    found: list[Deviation] = raw
    return found


def explain(differences: list[Difference], entries: list[Deviation]) -> tuple[set[Difference], list[str]]:
    """Return the differences that an entry explains, and each pointer that explains none."""
    explained: set[Difference] = set()
    stale: list[str] = []
    for entry in entries:
        name, kinds = entry["id"], {*entry["kinds"]}
        mine = [difference for difference in differences if difference.kind in kinds]
        for pointer in entry["pointers"]:
            matcher = _matcher(pointer)
            found = [difference for difference in mine if matcher.fullmatch(difference.pointer)]
            explained.update(found)
            if not found:
                stale.append(f"{name}: {pointer} explains no difference of kind {', '.join(sorted(kinds))}")
        for kind in sorted(kinds - {difference.kind for difference in mine}):
            stale.append(f"{name}: there is no difference of kind {kind} at all")
    return explained, stale


@dataclass(frozen=True)
class Coverage:
    differences: int
    unexplained: list[Difference]
    problems: list[str]
    entries: list[Deviation]

    def similar(self, difference: Difference) -> list[str]:
        """Return the entries that explain differences of this kind elsewhere, those with the most pointers first."""
        entries = [entry for entry in self.entries if difference.kind in entry["kinds"]]
        return [entry["id"] for entry in sorted(entries, key=lambda entry: -len(entry["pointers"]))]

    @property
    def complete(self) -> bool:
        return not self.unexplained and not self.problems


def cover(lock: Facts, document: dict[str, Any], names: dict[str, str], entries: list[Deviation]) -> Coverage:
    differences = compare(lock, read_bundle(document), names)
    explained, problems = explain(differences, entries)
    gone = sorted(names.keys() - lock["definitions"].keys())
    problems += [f"names.yaml: the vendor has no type {name}" for name in gone]
    unexplained = [difference for difference in differences if difference not in explained]
    return Coverage(len(differences), unexplained, problems, entries)
