"""Many specifications in one run, and what became of them."""

from __future__ import annotations

import gc
import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from .documents import Slot, slots
from .trip import round_trip

__all__ = ["Report", "run"]


@dataclass
class Report:
    outcomes: Counter[str] = field(default_factory=Counter[str])
    combinations: Counter[str] = field(default_factory=Counter[str])
    """position, kind and list → how often its values went round."""
    refusals: Counter[str] = field(default_factory=Counter[str])

    def note(self, outcome: str, found: list[Slot]) -> None:
        self.outcomes[outcome.partition(":")[0]] += 1
        if outcome == "round trip":
            self.combinations.update(f"{one.position}: {one.sort.name}{' list' * bool(one.depth)}" for one in found)
        elif outcome.startswith("refused"):
            self.refusals[outcome.partition(": ")[2]] += 1


def run(examples: int, start: int) -> Report:
    """Make round trips. Raises AssertionError with the smallest specification found that fails."""
    report = Report()
    home = tempfile.TemporaryDirectory()
    folder = Path(home.name) / "closed_contract"  # one path for all of them: Hypothesis compares places

    @seed(start)
    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck),
              phases=[Phase.generate, Phase.shrink], print_blob=False, report_multiple_bugs=False)  # fmt: skip
    @given(slots(), st.data())
    def closed(found: list[Slot], data: Any) -> None:
        gc.collect()
        folder.mkdir()
        try:
            report.note(round_trip(found, data, folder), found)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    with home:
        closed()
    return report
