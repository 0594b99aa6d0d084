"""The calls that move money once, the journal, and the rows that they make."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import Any

from benchmarks.environments import BENCH, run_json
from benchmarks.table import Row, compared

__all__ = ["cost", "journal", "rows"]

THREADS, EACH = 64, 20
PAIRS = (("again_once", "again"), ("cancel_once", "cancel"))


def cost(rounds: int) -> dict[str, Any]:
    found: dict[str, Any] = run_json("sandbox", "-m", "benchmarks.safe.cost", str(rounds))
    return found


def journal(rounds: int) -> list[dict[str, Any]]:
    """Measure the journal on the disk that has this project."""
    BENCH.mkdir(exist_ok=True)
    found: list[dict[str, Any]] = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory(dir=BENCH) as folder:
            found.append(run_json("sandbox", "-m", "benchmarks.safe.journal", folder, str(THREADS), str(EACH)))
    return found


def rows(costs: dict[str, Any] | None, journals: list[dict[str, Any]] | None) -> Iterator[Row]:
    if costs is not None:
        for once, _ in PAIRS:
            yield _exact(f"`{once}`: requests", 2, costs["requests"][once])
        for once, plain in PAIRS:
            cpu = costs["cpu"]
            yield compared(
                f"`{once}`, CPU, the journal's commits apart", 2.3, f"`{plain}`", cpu[once], cpu[plain],
                "the sandbox's own CPU is taken off both",
            )  # fmt: skip
    if journals is not None:
        yield _exact("journal: commits before a charge leaves", 1, max(one["before"] for one in journals))
        yield _median(f"journal: commits an operation, {THREADS} threads", 0.2, journals, "commits", 1, "")
        yield _median(f"journal: p99 of an operation, {THREADS} threads, wall", 0.25, journals, "p99", 1e3, " ms")


def _exact(what: str, limit: int, measured: float) -> Row:
    return Row(what, f"{limit}", f"{measured:g}", "exact", measured / limit)


def _median(what: str, limit: float, found: list[dict[str, Any]], name: str, scale: float, unit: str) -> Row:
    values = sorted(one[name] for one in found)
    median = values[len(values) // 2]
    shown = f"{values[0] * scale:.3g} to {values[-1] * scale:.3g}{unit}"
    rate = f"{sorted(one['rate'] for one in found)[len(found) // 2]:,.0f} operations a second"
    return Row(what, f"≤ {limit * scale:g}{unit}", f"{median * scale:.3g}{unit}", shown, median / limit, rate)
