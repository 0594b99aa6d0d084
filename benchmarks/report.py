"""RESULTS.md: the machine, the targets, every side, and what bounds the rows."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Sequence
from pathlib import Path

from .bulk import measure as bulk
from .cases import CASES
from .driving import Series
from .environments import version_of
from .load import measure as load
from .rows import Results
from .scale import measure as scale
from .table import Row, table_of

__all__ = ["markdown"]

BOUNDS = Path(__file__).with_name("BOUNDS.md")

HEAD = """# Benchmarks

Written by `make bench`: all sides in one run, in an order that is shuffled in every round, each in a process and an
environment of its own. A ratio is one median over the other; the spread is the middle half of the ratios within each
round. Ratios count, absolute figures do not: the machine is shared. Calls go over loopback to a small server on the
other core and are counted in CPU time; imports are CPU time of fresh processes with byte code present.
"""


def markdown(got: Results, table: Sequence[Row], *, quick: bool) -> str:
    parts = [HEAD, _machine(got, quick=quick), "![measured over target](results.svg)\n", _targets(table)]
    parts += [_missing(got), _sides(got), _starts(got), _counts(got)]
    if got.load is not None:
        parts += ["![calls a second and p99 over the number of callers](load.svg)\n", load.tables(got.load)]
    if got.scale is not None:
        parts += ["![CPU of a call over the size of the sandbox](scale.svg)\n", scale.tables(got.scale)]
    if paged := [one for one in (got.pages, *got.bulk.values()) if one is not None]:
        parts.append(bulk.tables(*paged))
    parts.append(BOUNDS.read_text(encoding="utf-8"))
    return "\n".join(part for part in parts if part)


def _machine(got: Results, *, quick: bool) -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    by_commit: dict[str, list[str]] = {}
    for section, commit in got.commits.items():
        by_commit.setdefault(commit, []).append(section)
    at = "; ".join(
        f"commit {commit}" + (f" ({', '.join(sections)})" if len(by_commit) > 1 else "")
        for commit, sections in by_commit.items()
    )
    look = " A quick look: too few rounds to rely on." if quick else ""
    return (
        f"{platform.system()} on {platform.machine()} ({_processor()}), {os.cpu_count()} cores, {memory:.0f} GiB, "
        f"{platform.python_implementation()} {platform.python_version()}; {got.rounds} rounds; {at}.{look}\n"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "processor unknown"
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "processor unknown"
    )


def _targets(table: Sequence[Row]) -> str:
    body = [(row.what, row.target, row.measured, row.spread, row.verdict, row.note) for row in table]
    return "## Targets\n\n" + table_of(("what", "target", "measured", "spread", "", "note"), body)


def _missing(got: Results) -> str:
    if not got.missing:
        return "Every peer installed.\n"
    return "\n".join(f"* **{name}** does not install: {why}" for name, why in got.missing.items()) + "\n"


def _micro(seconds: Sequence[float]) -> tuple[str, str]:
    low, middle, high = (f"{value * 1e6:,.0f}" for value in statistics.quantiles(seconds, n=4))
    return middle, f"{low} to {high}"


def _named(environment: str, case: str) -> str:
    version = version_of(environment)
    name = {"ours": "**portone-v1**", "speed": "**portone-v1**, extras installed", "sandbox": "**sandbox**"}
    shown = name.get(environment, environment)
    return f"{shown} {version}: {case}".replace(" :", ":")


def _sides(got: Results) -> str:
    parts: list[str] = []
    for title, (_, cases) in CASES.items():
        found = [(side, case, got.series[side, case]) for side, case in cases if (side, case) in got.series]
        found.sort(key=_by_median)
        body = [(_named(side.environment, case), *_micro(s.cpu), *_micro(s.wall)) for side, case, s in found]
        parts.append(f"### {title}, µs\n\n" + table_of(("side", "CPU", "middle half", "wall", "middle half"), body))
    return "## Every side\n\nA decode reads 100 payments.\n\n" + "\n".join(parts)


def _by_median(entry: tuple[object, str, Series]) -> float:
    return entry[2].median


def _starts(got: Results) -> str:
    body = [
        (f"`{name}`" if " " in name and name.startswith("import") else name, *_micro(seconds))
        for name, seconds in sorted(got.starts.items(), key=lambda entry: statistics.median(entry[1]))
    ]
    return "### imports, CPU µs\n\n" + table_of(("what", "median", "middle half"), body)


def _counts(got: Results) -> str:
    body = [(name, *text.split("; ")) for name, text in got.counts.items()]
    head = ("side", "requests a call", "`getToken` for 64 threads", "`getToken` for 500 tasks")
    return "### requests, exact\n\n" + table_of(head, body)
