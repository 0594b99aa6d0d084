"""The long fuzzing of the sandbox: its operations, and its control calls.

python -m tests.fuzz.long [--examples N] [--seed N]
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from random import SystemRandom

from portone_v1_generated.operations import OPERATIONS

from .controls import PATHS, run_controls
from .runs import MODES, Report, run


def _both(operation_id: str, examples: int, number: int) -> list[Report]:
    return [run(operation_id, mode, examples=examples, number=number) for mode in MODES]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.long", description="Fuzz the sandbox from the bundle.")
    parser.add_argument("--examples", type=int, default=300, help="for each operation, right and wrong ones (300)")
    parser.add_argument("--seed", type=int, default=None, help="the same seed asks the same (made up when left out)")
    arguments = parser.parse_args()
    number = SystemRandom().randrange(10**6) if arguments.seed is None else arguments.seed
    sys.stdout.write(f"seed {number}, {arguments.examples} right and wrong requests for each operation\n")
    started, answers, findings, examples = time.monotonic(), Counter[str](), list[str](), 0
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        asked = [pool.submit(_both, name, arguments.examples, number) for name in OPERATIONS]
        controls = [pool.submit(run_controls, path, examples=arguments.examples, number=number) for path in PATHS]
        for future in controls:
            examples += future.result().examples
            findings += future.result().findings
            answers += Counter({f"control {status}": n for status, n in future.result().answers.items()})
        for name, both in zip(OPERATIONS, asked, strict=True):
            for mode, report in zip(MODES, both.result(), strict=True):
                examples += report.examples
                answers += report.answers
                findings += [f"{name}, {mode}: {finding}" for finding in report.findings]
    for kind, count in sorted(answers.items()):
        sys.stdout.write(f"  {kind}: {count}\n")
    for finding in findings:
        sys.stdout.write(f"FOUND {finding}\n")
    sys.stdout.write(f"{examples} requests in {time.monotonic() - started:.0f} s, {len(findings)} findings\n")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
