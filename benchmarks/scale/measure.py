"""The sandbox at several sizes, all of them at once and each in a process of its own, and its start from a file."""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.environments import BENCH, ROOT, child_environment, python_of, run_json
from benchmarks.table import Row, ratio_of, table_of

__all__ = ["Scale", "measure", "rows", "tables"]

SIZES = {True: (1000, 10_000, 100_000), False: (1000, 10_000, 100_000, 1_000_000)}
FLAT, START = 1.2, 5e-6
DASHBOARD = "dashboard: "


class Scale(NamedTuple):
    """CPU seconds of each operation at each size, what filling took, and starts from a file of the largest."""

    sizes: Sequence[int]
    cost: dict[str, dict[int, list[float]]]
    facts: dict[int, dict[str, Any]]
    starts: list[float]
    instructions: dict[str, dict[int, int]]
    """Of the smallest and the largest, counted once: those of Python, not those of what is written in C."""


class _Shop:
    def __init__(self, stack: ExitStack, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [str(python_of("sandbox")), "-m", "benchmarks.scale.costs", *arguments],
            cwd=ROOT,
            env=child_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        stack.callback(self._process.communicate)

    def read(self) -> Any:
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line:
            raise RuntimeError("a shop stopped")
        return json.loads(line)

    def cost(self, operation: str) -> float:
        return float(self._asked("cost", operation))

    def instructions(self, operation: str) -> int:
        return int(self._asked("count", operation))

    def _asked(self, what: str, operation: str) -> Any:
        if self._process.stdin is None:
            raise RuntimeError("a shop cannot be reached")
        self._process.stdin.write(json.dumps([what, operation]) + "\n")
        self._process.stdin.flush()
        return self.read()


def measure(rounds: int, *, quick: bool) -> Scale:
    sizes = SIZES[quick]
    cost: dict[str, dict[int, list[float]]] = {}
    with ExitStack() as stack:
        shops: dict[int, _Shop] = {}
        facts: dict[int, dict[str, Any]] = {}
        for size in sizes:
            shops[size] = _Shop(stack, str(size))
            facts[size] = shops[size].read()
        shuffle = random.Random(5)
        cases = [(operation, size) for operation in facts[sizes[0]]["operations"] for size in sizes]
        for number in range(rounds + 1):
            shuffle.shuffle(cases)
            for operation, size in cases:
                spent = shops[size].cost(operation)
                if number:  # The first round builds what is built once.
                    cost.setdefault(operation, {}).setdefault(size, []).append(spent)
        ends = (sizes[0], sizes[-1])
        counted = {name: {size: shops[size].instructions(name) for size in ends} for name in cost}
    return Scale(sizes, cost, facts, _starts(sizes[-1], rounds), counted)


def _starts(size: int, rounds: int) -> list[float]:
    BENCH.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BENCH) as folder:
        file = str(Path(folder) / "shop.sqlite3")
        with ExitStack() as stack:
            _Shop(stack, str(size), file).read()
        return [run_json("sandbox", "-m", "benchmarks.scale.start", file) for _ in range(rounds)]


def rows(got: Scale | None) -> list[Row]:
    if got is None:
        return []
    small, large = got.sizes[0], got.sizes[-1]
    of_v1 = {name: by_size for name, by_size in got.cost.items() if not name.startswith(DASHBOARD)}
    ratios = {name: ratio_of(by_size[large], by_size[small]) for name, by_size in of_v1.items()}
    worst = max(ratios, key=lambda name: ratios[name][0])
    ratio, spread = ratios[worst]
    over = sum(1 for found, _ in ratios.values() if found > FLAT)
    middle = statistics.median(found for found, _ in ratios.values())
    per_payment = [spent / large for spent in got.starts]
    each = statistics.median(per_payment)
    grown = {name: got.instructions[name][large] / got.instructions[name][small] for name in of_v1}
    most = max(grown, key=lambda name: grown[name])
    return [
        Row(
            f"sandbox: each operation at {large:,} payments over that at {small:,}, instructions of Python",
            f"≤ {FLAT} ×",
            f"{grown[most]:.2f} × ({most})",
            "exact",
            grown[most] / FLAT,
            f"the highest of {len(grown)}; median {statistics.median(grown.values()):.2f} ×",
        ),
        Row(
            f"sandbox: each operation at {large:,} payments over that at {small:,}, CPU",
            f"≤ {FLAT} ×",
            f"{ratio:.2f} × ({worst})",
            spread,
            ratio / FLAT,
            f"the highest of {len(ratios)}; {over} above the target, median {middle:.2f} ×; the dashboard stands apart",
        ),
        Row(
            f"sandbox: start from a file with {large:,} payments, CPU a payment",
            "≤ 5 µs",
            f"{each * 1e6:.2f} µs",
            f"{min(per_payment) * 1e6:.2f} to {max(per_payment) * 1e6:.2f} µs",
            each / START,
            f"{statistics.median(got.starts):.1f} s; {got.facts[large]['bytes']:,.0f} bytes a payment in memory, "
            f"{got.facts[large]['seed'] * 1e6:.0f} µs to seed one",
        ),
    ]


def tables(got: Scale) -> str:
    """Return the tables: every operation at every size."""
    large, small = got.sizes[-1], got.sizes[0]
    body = [
        (
            f"`{name}`" if not name.startswith(DASHBOARD) else name,
            *(f"{statistics.median(by_size[size]) * 1e6:,.0f}" for size in got.sizes),
            f"{ratio_of(by_size[large], by_size[small])[0]:.2f} ×",
            f"{got.instructions[name][large] / got.instructions[name][small]:.2f} ×",
        )
        for name, by_size in got.cost.items()
    ]
    head = ("operation", *(f"{size:,}" for size in got.sizes), "largest over smallest", "in instructions")
    return "### the sandbox over its size, CPU µs a call\n\n" + table_of(head, body)
