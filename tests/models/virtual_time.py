"""Processes on a virtual clock: each is a thread, exactly one of them runs at a time, and none ever really waits."""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable

START = 1_800_000_000.0


class Killed(BaseException):
    """The process is gone: kill -9."""


def _closed_gate() -> threading.Lock:
    """What one thread opens for one other: `release` lets the thread go on that waits in `acquire`, or comes to it."""
    gate = threading.Lock()
    gate.acquire()
    return gate


class Process:
    """One operating-system process of a shop."""

    def __init__(self, world: World, name: str, work: Callable[[Process], None]) -> None:
        self.world, self.name, self.work = world, name, work
        self.go = _closed_gate()
        self.dead = False
        self.error: BaseException | None = None
        self.steps = 0
        self.dies_at: int | None = None
        self.doing = ""
        """Which order or refund the request on the wire is for."""
        self.thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        self.go.acquire()
        try:
            self.work(self)
        except Killed:
            pass
        except BaseException as error:
            self.error = error
        self.world.back.release()

    def step(self, what: str) -> None:
        """A point at which the process may die. Nothing that it does afterwards has an effect."""
        if self.dead:
            raise Killed
        self.steps += 1
        if self.steps == self.dies_at:
            self.dead = True
            self.world.note(f"{self.name}: kill -9 at step {self.steps} ({what})")
            raise Killed


class World:
    """The clock, and what happens at which time."""

    def __init__(self) -> None:
        self.now = START
        self.back = _closed_gate()
        self.current: Process | None = None
        self.story: list[str] = []
        self.processes: list[Process] = []
        self._events: list[tuple[float, int, Callable[[], object]]] = []
        self._number = 0

    def note(self, text: str) -> None:
        self.story.append(f"{self.now - START:10.1f}  {text}")

    def at(self, when: float, event: Callable[[], object]) -> None:
        self._number += 1
        heapq.heappush(self._events, (max(when, self.now), self._number, event))

    def start(
        self, name: str, work: Callable[[Process], None], *, after: float = 0.0, dies_at: int | None = None
    ) -> Process:
        process = Process(self, name, work)
        process.dies_at = dies_at
        self.processes.append(process)
        process.thread.start()
        self.at(self.now + after, lambda: self._resume(process))
        return process

    def _resume(self, process: Process) -> None:
        self.current = process
        process.go.release()
        self.back.acquire()
        self.current = None

    def sleep(self, seconds: float) -> None:
        process = self.current
        assert process is not None, "only a process sleeps"
        when = self.now + max(0.0, seconds)
        if not self._events or when < self._events[0][0]:
            self.now = when  # nothing happens before it wakes, so that its thread goes on
            return
        self.at(when, lambda: self._resume(process))
        self.back.release()
        process.go.acquire()

    def run(self) -> None:
        while self._events:
            when, _, event = heapq.heappop(self._events)
            self.now = max(self.now, when)
            event()
        for process in self.processes:
            process.thread.join(10)
            if process.error is not None:
                raise process.error


class VirtualClock:
    """`PortOne(clock=…)`.

    Args:
        wrong_by: seconds by which the host's clock is wrong.
    """

    def __init__(self, world: World, wrong_by: float = 0.0) -> None:
        self._world, self._wrong_by = world, wrong_by

    def time(self) -> float:
        return self._world.now + self._wrong_by

    def monotonic(self) -> float:
        return self._world.now

    def sleep(self, seconds: float) -> None:
        self._world.sleep(seconds)


class AsyncVirtualClock(VirtualClock):
    """`AsyncPortOne(clock=…)`: the process runs one event loop, and nothing else happens in it meanwhile."""

    async def sleep(self, seconds: float) -> None:  # type: ignore[override]
        self._world.sleep(seconds)
