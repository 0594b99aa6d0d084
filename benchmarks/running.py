"""One run from its first process to its last number."""

from __future__ import annotations

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

__all__ = ["SECTIONS", "run"]

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


def run(rounds: int, *, quick: bool, only: Collection[str] = SECTIONS) -> Results:
    got = Results(rounds, environments.make())
    few = min(rounds, 3 if quick else 15)
    with bench() as running:
        for title, (repeats, cases) in CASES.items():
            if title in only:
                _say(f"{title}, {rounds} rounds")
                there = [(side, case) for side, case in cases if side.environment not in got.missing]
                got.series |= interleave(running, there, rounds, repeats)
        if "requests" in only:
            _say("requests counted")
            _count(running, got)
        if "walk" in only:
            _say("walk")
            got.walk = bulk.walk()
        if "first answer" in only:
            _say("first answers")
            got.first_answers = importing.first_answers(running.url, 5 if quick else 15, got.missing)
    _bulk(got, only, few, quick=quick)
    if "imports" in only:
        _say("imports")
        got.starts = importing.measure(5 if quick else 15, got.missing)
        got.loaded = importing.loaded_by_import()
    if "sandbox" in only:
        for _ in range(3 if quick else 11):
            for name, opened in FIRST_FIXTURES.items():
                program = FIRST_FIXTURE.format(opened=opened)
                got.first_fixture.setdefault(name, []).append(run_json("sandbox", "-c", program))
    if "generation" in only:
        _say("generation")
        _generate(got, 2 if quick else 3)
    return got


def _bulk(got: Results, only: Collection[str], rounds: int, *, quick: bool) -> None:
    """Many callers, many payments, many commits: each side in a process of its own."""
    if "pages" in only:
        _say("pages")
        got.pages = bulk.pages(rounds, quick=quick)
    if "load" in only:
        _say("many callers")
        got.load = load.measure(rounds, quick=quick)
    if "timeouts" in only:
        _say("timeouts")
        got.timeouts = load.timeouts(quick=quick)
    if "safe" in only:
        _say("calls that move money once")
        got.cost = safe.cost(rounds)
    if "journal" in only:
        _say("journal")
        got.journals = safe.journal(3 if quick else 5)
    if "scale" in only:
        _say("sandbox over its size")
        got.scale = scale.measure(rounds, quick=quick)
    for section in bulk.LARGE_WAYS:
        if section in only:
            _say(section)
            got.bulk[section] = bulk.bulk(section, quick=quick)


def _say(what: str) -> None:
    print(f"bench: {what}", flush=True)


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
