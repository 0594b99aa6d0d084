"""Does our bundle cover everything that the vendor's document says, or say why not?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from .bundled import read_bundle
from .compare import Difference, compare
from .deviations import Deviation, explain
from .facts import CATEGORIES, Facts, count_all


@dataclass(frozen=True)
class Coverage:
    total: Counter[str]
    explained: Counter[str]
    missing: Counter[str]
    differences: int
    unexplained: list[Difference]
    problems: list[str]
    entries: list[Deviation]

    def similar(self, difference: Difference) -> list[str]:
        """Which entries explain differences of this kind elsewhere, those with the most pointers first."""
        entries = [entry for entry in self.entries if difference.kind in entry.kinds]
        return [entry.id for entry in sorted(entries, key=lambda entry: -len(entry.pointers))]

    @property
    def complete(self) -> bool:
        return not self.unexplained and not self.problems

    def rows(self) -> list[tuple[object, ...]]:
        rows: list[tuple[object, ...]] = [("", "vendor", "covered", "explained", "missing", "per cent")]
        for name in CATEGORIES:
            total, explained, missing = self.total[name], self.explained[name], self.missing[name]
            share = 1000 * (total - missing) // total / 10 if total else 100.0  # rounded down: 100 means all
            rows.append((name, total, total - explained - missing, explained, missing, f"{share:.1f}"))
        return rows


def cover(lock: Facts, document: dict[str, Any], names: dict[str, str], entries: list[Deviation]) -> Coverage:
    differences = compare(lock, read_bundle(document), names)
    reasons, problems = explain(differences, entries)
    unexplained = [difference for difference in differences if difference not in reasons]
    problems += [
        f"names.yaml: the vendor has no type {name}" for name in sorted(names.keys() - lock["definitions"].keys())
    ]
    explained, missing = (sum((one.weight for one in some), Counter[str]()) for some in (reasons, unexplained))
    return Coverage(count_all(lock), explained, missing, len(differences), unexplained, problems, entries)
