"""One run from its first process to its last number."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from . import environments, generating, importing
from .cases import CASES
from .driving import Bench, Side, bench, interleave
from .rows import Results

__all__ = ["run"]

COUNTED = {
    "ours": (Side("ours", "ours"), "get", "threads", ""),
    "iamport-rest-client": (Side("iamport-rest-client", "peers"), "get", "threads", ""),
    "iamporter": (Side("iamporter", "peers"), "get", "threads", ""),
    "async-iamport": (Side("async-iamport", "peers"), "async get", "", "tasks"),
}
CALLS = 20

FIRST_FIXTURE = """
import time, pytest
began = time.process_time()
from portone_v1_sandbox import Sandbox, SandboxServer
with {opened}:
    print(time.process_time() - began)
"""
FIRST_FIXTURES = {
    "in the process": "Sandbox() as sandbox, sandbox.client()",
    "on a socket": "Sandbox() as sandbox, SandboxServer() as server, server.serving(sandbox)",
}
"""What the first fixture of a test run takes, importing the sandbox included: pytest itself is there by then."""


def run(rounds: int, *, quick: bool) -> Results:
    got = Results(rounds, environments.make())
    with bench() as running:
        for title, (repeats, cases) in CASES.items():
            print(f"bench: {title}, {rounds} rounds")
            there = [(side, case) for side, case in cases if side.environment not in got.missing]
            got.series |= interleave(running, there, rounds, repeats)
        print("bench: requests counted")
        _count(running, got)
        print("bench: walk")
        got.walk = _python("ours", "-m", "benchmarks.walking", running.url)
    print("bench: imports")
    got.starts = importing.measure(5 if quick else 21, got.missing)
    got.loaded = importing.loaded_by_import()
    for _ in range(3 if quick else 11):
        for name, opened in FIRST_FIXTURES.items():
            got.first_fixture.setdefault(name, []).append(_python("sandbox", "-c", FIRST_FIXTURE.format(opened=opened)))
    print("bench: generation")
    _generate(got, 2 if quick else 3)
    return got


def _python(environment: str, *arguments: str) -> Any:
    done = subprocess.run(
        [str(environments.python_of(environment)), *arguments],
        cwd=environments.ROOT,
        env=environments.child_environment(),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def _count(running: Bench, got: Results) -> None:
    """Exact numbers: they do not depend on the machine."""
    for name, (side, call, threads, tasks) in COUNTED.items():
        if side.environment in got.missing:
            continue
        worker = running.worker(side)
        worker.run(call, 1)
        running.counts(reset=True)
        worker.run(call, CALLS)
        numbers = [running.counts(reset=True)["requests"] / CALLS]
        for case in (threads, tasks if tasks else "tasks" if name == "ours" else ""):
            if case:
                worker.run(case, 1)
                numbers.append(running.counts(reset=True).get("tokens", 0))
            else:
                numbers.append(float("nan"))
        got.counts[name] = "; ".join("–" if number != number else f"{number:g}" for number in numbers)
        if name == "ours":
            got.ours_exact = numbers == [1, 1, 1]


def _generate(got: Results, rounds: int) -> None:
    generating.warm()
    for _ in range(rounds + 2):
        got.warm.append(generating.warm())
    for _ in range(rounds):
        for copies in (1, generating.TEN):
            seconds, operations = generating.times(copies)
            got.per_operation.setdefault(copies, []).append(seconds / operations)
