"""One run from its first process to its last number."""

from __future__ import annotations

import pickle
import subprocess
from collections.abc import Collection

from . import environments, generating, importing
from .bulk import measure as bulk
from .cases import CASES
from .driving import Bench, Side, bench, interleave
from .environments import run_json
from .load import measure as load
from .rows import Results
from .safe import measure as safe
from .scale import measure as scale

__all__ = ["SECTIONS", "last", "run"]

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


SECTIONS = (
    *CASES,
    *("requests", "walk", "pages", "load", "timeouts", "safe", "journal", "scale", "export", "reconcile"),
    *("imports", "first answer", "generation"),
)
SERVED = {*CASES, "requests", "walk", "first answer"}
"""What is measured beside the small server; the others start servers of their own."""
LAST = environments.BENCH / "measured.pickle"
"""What the last whole run measured, kept after every section: an interrupted run goes on from here."""


def run(got: Results, *, quick: bool, only: Collection[str] = SECTIONS, keep: bool = False) -> Results:
    """Measure sections, and put what they gave into `got`."""
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=environments.ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()

    def measured(section: str) -> None:
        got.commits[section] = commit
        if keep:
            LAST.write_bytes(pickle.dumps(got))

    served = [section for section in SECTIONS if section in only and section in SERVED]
    if served:
        with bench() as running:
            for section in served:
                _say(section)
                _served(section, running, got, quick=quick)
                measured(section)
    for section in SECTIONS:
        if section in only and section not in SERVED:
            _say(section)
            _alone(section, got, quick=quick)
            measured(section)
    return got


def last() -> Results:
    """Read what the last whole run measured, finished or not."""
    if not LAST.exists():
        raise SystemExit("bench: no whole run was begun here; `make bench` begins one")
    got: Results = pickle.loads(LAST.read_bytes())  # written above, by this program
    return got


def _served(section: str, running: Bench, got: Results, *, quick: bool) -> None:
    match section:
        case "requests":
            _count(running, got)
        case "walk":
            got.walk = bulk.walk()
        case "first answer":
            got.first_answers = importing.first_answers(running.url, 5 if quick else 15, got.missing)
        case _:
            repeats, cases = CASES[section]
            there = [(side, case) for side, case in cases if side.environment not in got.missing]
            got.series |= interleave(running, there, got.rounds, repeats)
            if section == "sandbox":
                _first_fixtures(got, 3 if quick else 11)


def _alone(section: str, got: Results, *, quick: bool) -> None:
    """Measure many callers, payments, commits and starts, with each side in a process of its own."""
    rounds = min(got.rounds, 3 if quick else 15)
    match section:
        case "pages":
            got.pages = bulk.pages(rounds, quick=quick)
        case "load":
            got.load = load.measure(rounds, quick=quick)
        case "timeouts":
            got.timeouts = load.timeouts(quick=quick)
        case "safe":
            got.cost = safe.cost(rounds)
        case "journal":
            got.journals = safe.journal(3 if quick else 5)
        case "scale":
            got.scale = scale.measure(rounds, quick=quick)
        case "imports":
            got.starts = importing.measure(5 if quick else 15, got.missing)
            got.loaded = importing.loaded_by_import()
        case "generation":
            _generate(got, 2 if quick else 3)
        case _:
            got.bulk[section] = bulk.bulk(section, quick=quick)


def _say(section: str) -> None:
    print(f"bench: {section}", flush=True)


def _first_fixtures(got: Results, times: int) -> None:
    got.first_fixture = {name: [] for name in FIRST_FIXTURES}
    for _ in range(times):
        for name, opened in FIRST_FIXTURES.items():
            got.first_fixture[name].append(run_json("sandbox", "-c", FIRST_FIXTURE.format(opened=opened)))


def _count(running: Bench, got: Results) -> None:
    """Return exact numbers, which do not depend on the machine."""
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
    got.warm, got.per_operation = [], {}
    for _ in range(rounds + 2):
        got.warm.append(generating.warm())
    for _ in range(rounds):
        for copies in (1, generating.TEN):
            seconds, operations = generating.times(copies)
            got.per_operation.setdefault(copies, []).append(seconds / operations)
