"""The server and the sides as processes, and rounds that go over all of them in turn."""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple

from .environments import BENCH, ROOT, child_environment, python_of

__all__ = ["Bench", "Series", "Side", "bench", "interleave", "served"]


class Side(NamedTuple):
    """A module of benchmarks/sides/ in one of the environments."""

    environment: str
    module: str


class Series(NamedTuple):
    """What one case cost in each round, in seconds a call."""

    cpu: list[float]
    wall: list[float]

    @property
    def median(self) -> float:
        return statistics.median(self.cpu)

    @property
    def wall_median(self) -> float:
        return statistics.median(self.wall)


class Worker:
    def __init__(self, side: Side, url: str) -> None:
        self._log = BENCH / f"{side.environment}-{side.module}.log"
        command = [str(python_of(side.environment)), "-m", "benchmarks.worker", side.module, url]
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=child_environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self.cases: list[str] = self._read()

    def _read(self) -> Any:
        if self._process.stdout is None or not (line := self._process.stdout.readline()):
            raise RuntimeError(f"a side stopped; see {self._log.relative_to(ROOT)}")
        return json.loads(line)

    def run(self, case: str, repeats: int, warm: int = 0) -> tuple[float, float]:
        if self._process.stdin is None:
            raise RuntimeError("a side cannot be reached")
        self._process.stdin.write(json.dumps({"case": case, "repeats": repeats, "warm": warm}) + "\n")
        self._process.stdin.flush()
        answer = self._read()
        return answer["cpu"], answer["wall"]

    def stop(self) -> None:
        self._process.communicate()


class Bench:
    """What is running during a run."""

    def __init__(self, stack: ExitStack, url: str, sandbox_url: str) -> None:
        self._stack, self.url, self._sandbox_url = stack, url, sandbox_url
        self._workers: dict[Side, Worker] = {}

    def worker(self, side: Side) -> Worker:
        if side not in self._workers:
            url = self._sandbox_url if side.module == "sandbox" else self.url
            worker = self._workers[side] = Worker(side, url)
            self._stack.callback(worker.stop)
        return self._workers[side]

    def counts(self, *, reset: bool = False) -> dict[str, int]:
        with urllib.request.urlopen(f"{self.url}/_counts{'?reset' if reset else ''}") as answer:
            found: dict[str, int] = json.loads(answer.read())
        return found


@contextmanager
def bench() -> Iterator[Bench]:
    with ExitStack() as stack:
        port = served(stack, sys.executable, "benchmarks.server")
        sandbox = served(stack, str(python_of("sandbox")), "benchmarks.sandbox_server")
        yield Bench(stack, f"http://127.0.0.1:{port}", sandbox)


def served(stack: ExitStack, python: str, module: str, *arguments: str) -> str:
    """Start a server and return what it prints when it is ready. It ends with its standard input."""
    server = subprocess.Popen(
        [python, "-m", module, *arguments],
        cwd=ROOT,
        env=child_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    stack.callback(server.communicate)
    return server.stdout.readline().strip() if server.stdout else ""


def interleave(
    running: Bench, cases: Sequence[tuple[Side, str]], rounds: int, repeats: int
) -> dict[tuple[Side, str], Series]:
    """Run every case for a short burst in every round, each time in another order."""
    series = {case: Series([], []) for case in cases}
    order = list(cases)
    shuffle = random.Random(1)
    for number in range(rounds):
        shuffle.shuffle(order)
        for side, case in order:
            cpu, wall = running.worker(side).run(case, repeats, repeats if number == 0 else 1 + repeats // 8)
            series[side, case].cpu.append(cpu)
            series[side, case].wall.append(wall)
    return series
