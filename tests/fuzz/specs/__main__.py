"""The long run: python -m tests.fuzz.specs [--examples N] [--seed N]."""

from __future__ import annotations

import argparse
import sys
import time
from random import SystemRandom

from .runs import run


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.specs", description="Fuzz the generator.")
    parser.add_argument("--examples", type=int, default=400, help="how many small specifications (400)")
    parser.add_argument("--seed", type=int, default=None, help="the same seed makes the same (made up when left out)")
    arguments = parser.parse_args()
    number = SystemRandom().randrange(10**6) if arguments.seed is None else arguments.seed
    sys.stdout.write(f"seed {number}, {arguments.examples} specifications\n")
    started = time.monotonic()
    report = run(arguments.examples, number)
    sys.stdout.write(f"{dict(report.outcomes)} in {time.monotonic() - started:.0f} s\n")
    sys.stdout.write(f"{len(report.combinations)} of position, kind and list went round\n")
    for text, count in report.refusals.most_common(25):
        sys.stdout.write(f"{count:5} {text}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
