"""Does our bundle cover everything that the vendor's document says, or say why not?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from .bundled import read_bundle
from .compare import Difference, compare
from .deviations import Deviation, explain
from .facts import CATEGORIES, Facts, count_all


@dataclass
class Coverage:
    total: Counter[str]
    explained: Counter[str] = field(default_factory=Counter)
    missing: Counter[str] = field(default_factory=Counter)
    differences: int = 0
    unexplained: list[Difference] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    entries: list[Deviation] = field(default_factory=list)

    def similar(self, difference: Difference) -> list[str]:
        """Which entries explain differences of this kind elsewhere, those with the most pointers first."""
        entries = [entry for entry in self.entries if difference.kind in entry.kinds]
        return [entry.id for entry in sorted(entries, key=lambda entry: -len(entry.pointers))]

    @property
    def complete(self) -> bool:
        return not self.unexplained and not self.problems

    def rows(self) -> list[tuple[str, ...]]:
        rows: list[tuple[str, ...]] = [("", "vendor", "covered", "explained", "missing", "per cent")]
        for name in CATEGORIES:
            total, explained, missing = self.total[name], self.explained[name], self.missing[name]
            share = 1000 * (total - missing) // total / 10 if total else 100.0  # rounded down: 100 means all
            rows.append(
                (name, str(total), str(total - explained - missing), str(explained), str(missing), f"{share:.1f}")
            )
        return rows


def cover(lock: Facts, document: dict[str, Any], names: dict[str, str], entries: list[Deviation]) -> Coverage:
    differences = compare(lock, read_bundle(document), names)
    reasons, problems = explain(differences, entries)
    result = Coverage(count_all(lock), differences=len(differences), entries=entries)
    for difference in differences:
        if difference in reasons:
            result.explained.update(difference.weight)
        else:
            result.missing.update(difference.weight)
            result.unexplained.append(difference)
    named = names.keys() - lock["definitions"].keys()
    result.problems = problems + [f"names.yaml: the vendor has no type {name}" for name in sorted(named)]
    return result
