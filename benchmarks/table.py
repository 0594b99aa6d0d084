"""A row of the result, and how a ratio is computed."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

__all__ = ["Row", "compared", "ratio_of", "table_of"]


@dataclass(frozen=True)
class Row:
    """One target beside what was measured. `fraction` is the measured value over the target's; at most 1 is met."""

    what: str
    target: str
    measured: str
    spread: str
    fraction: float | None
    note: str = ""

    @property
    def verdict(self) -> str:
        if self.fraction is None:
            return "not measured"
        return "met" if self.fraction <= 1 else "**not met**"


def ratio_of(ours: Sequence[float], theirs: Sequence[float]) -> tuple[float, str]:
    """Return the ratio of the medians, and the middle half of the ratios within each round."""
    ratio = statistics.median(ours) / statistics.median(theirs)
    each = [one / other for one, other in zip(ours, theirs, strict=True)]
    if len(each) == 1:
        return ratio, "one run"
    low, _, high = statistics.quantiles(each, n=4)
    return ratio, f"{low:.2f} to {high:.2f}"


def compared(
    what: str, limit: float, than: str, ours: Sequence[float], theirs: Sequence[float] | None, note: str = ""
) -> Row:
    target = f"≤ {limit:.2f} × {than}"
    if theirs is None:
        return Row(what, target, "the peer does not install", "", None, note)
    ratio, spread = ratio_of(ours, theirs)
    return Row(what, target, f"{ratio:.2f} ×", spread, ratio / limit, note)


def table_of(head: Sequence[str], body: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    rows = [head, ["---"] * len(head), *body]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"
