"""`python -m benchmarks [--quick] [--only SECTION,…] [--rounds N] [--pin]`"""

from __future__ import annotations

import argparse
from pathlib import Path

from . import environments
from .load.plot import curves
from .plot import svg
from .report import markdown
from .rows import rows
from .running import SECTIONS, run
from .scale.plot import curves as scale_curves

__all__ = ["main"]

HERE = Path(__file__).resolve().parent


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure this project beside its peers.")
    parser.add_argument("--quick", action="store_true", help="few rounds; the result goes to .bench/, not beside this")
    parser.add_argument("--rounds", type=int, help="default 21, or 7 with --quick")
    parser.add_argument("--pin", action="store_true", help="write benchmarks/constraints/ anew and stop")
    parser.add_argument(
        "--only", help=f"sections, with commas between: {', '.join(SECTIONS)}; the result goes to .bench/"
    )
    options = parser.parse_args()
    if options.pin:
        environments.pin()
        return
    only = options.only.split(",") if options.only else SECTIONS
    if unknown := {*only} - {*SECTIONS}:
        parser.error(f"no such section: {', '.join(sorted(unknown))}; there are {', '.join(SECTIONS)}")
    got = run(options.rounds or (7 if options.quick else 21), quick=options.quick, only=only)
    table = rows(got)
    target = environments.BENCH if options.quick or options.only else HERE
    (target / "RESULTS.md").write_text(markdown(got, table, quick=options.quick), encoding="utf-8")
    (target / "results.svg").write_text(svg(table), encoding="utf-8")
    if got.load is not None:
        (target / "load.svg").write_text(curves(got.load), encoding="utf-8")
    if got.scale is not None:
        (target / "scale.svg").write_text(scale_curves(got.scale), encoding="utf-8")
    for row in table:
        print(f"{row.verdict.strip('*'):>12}  {row.what}: {row.measured} (target {row.target})")


if __name__ == "__main__":
    main()
