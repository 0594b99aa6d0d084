"""`python -m benchmarks [--quick] [--only SECTION,…] [--again SECTION,…] [--rest] [--rounds N] [--pin]`"""

from __future__ import annotations

import argparse
from pathlib import Path

from . import environments
from .load.plot import curves
from .plot import svg
from .report import markdown
from .rows import Results, rows
from .running import SECTIONS, last, run
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
    parser.add_argument("--again", help="sections of the last whole run to measure anew")
    parser.add_argument("--rest", action="store_true", help="go on with a whole run that was interrupted")
    options = parser.parse_args()
    if options.pin:
        environments.pin()
        return
    listed = options.again or options.only
    only = listed.split(",") if listed else SECTIONS
    if unknown := {*only} - {*SECTIONS}:
        parser.error(f"no such section: {', '.join(sorted(unknown))}; there are {', '.join(SECTIONS)}")
    rounds = options.rounds or (7 if options.quick else 21)
    if options.again or options.rest:
        got = last()
        got.missing = environments.make()
        only = only if options.again else [section for section in SECTIONS if section not in got.commits]
    else:
        got = Results(rounds, environments.make())
    whole = not (options.quick or options.only)
    run(got, quick=options.quick, only=only, keep=whole)
    _write(got, quick=options.quick, to=HERE if whole and {*got.commits} == {*SECTIONS} else environments.BENCH)


def _write(got: Results, *, quick: bool, to: Path) -> None:
    table = rows(got)
    (to / "RESULTS.md").write_text(markdown(got, table, quick=quick), encoding="utf-8")
    (to / "results.svg").write_text(svg(table), encoding="utf-8")
    if got.load is not None:
        (to / "load.svg").write_text(curves(got.load), encoding="utf-8")
    if got.scale is not None:
        (to / "scale.svg").write_text(scale_curves(got.scale), encoding="utf-8")
    for row in table:
        print(f"{row.verdict.strip('*'):>12}  {row.what}: {row.measured} (target {row.target})")


if __name__ == "__main__":
    main()
