"""Processes on a virtual clock: each is a thread, exactly one of them runs at a time, and none ever really waits."""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable
from contextlib import ExitStack

START = 1_800_000_000.0


class Killed(BaseException):
    """The process is gone: kill -9."""


def _closed_gate() -> threading.Lock:
    """Return a lock by which one thread lets one other go on.

    `release` releases the thread that waits in `acquire`, or that arrives there later.
    """
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
        self.left = ExitStack()
        """What ends with the process."""
        self.thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        self.go.acquire()
        try:
            with self.left:
                self.work(self)
        except Killed:
            pass
        except BaseException as error:
            self.error = error
        self.world.go_on()

    def step(self, what: str) -> None:
        """Mark a point at which the process may die. What it does afterwards has no effect."""
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
        self._events: list[tuple[float, int, Callable[[], object] | Process]] = []
        self._number = 0
        self._error: BaseException | None = None

    def note(self, text: str) -> None:
        self.story.append(f"{self.now - START:10.1f}  {text}")

    def at(self, when: float, event: Callable[[], object] | Process) -> None:
        """Let an event happen, or a process go on."""
        self._number += 1
        heapq.heappush(self._events, (max(when, self.now), self._number, event))

    def start(
        self, name: str, work: Callable[[Process], None], *, after: float = 0.0, dies_at: int | None = None
    ) -> Process:
        process = Process(self, name, work)
        process.dies_at = dies_at
        self.processes.append(process)
        process.thread.start()
        self.at(self.now + after, process)
        return process

    def go_on(self, this: Process | None = None) -> None:
        """Let everything happen until this process, whose thread calls it, is to go on; or wait until another has.

        Whoever sleeps or ends wakes the next one itself: to change threads costs more than most of what they do.
        """
        self.current = None
        try:
            while self._events:
                when, _, event = heapq.heappop(self._events)
                self.now = max(self.now, when)
                if isinstance(event, Process):
                    self.current = event
                    if event is not this:
                        event.go.release()
                        self._wait(this)
                    return
                event()
        except BaseException as error:
            self._error = error
        self.back.release()
        self._wait(this)

    @staticmethod
    def _wait(this: Process | None) -> None:
        if this is not None:
            this.go.acquire()

    def sleep(self, seconds: float) -> None:
        process = self.current
        assert process is not None, "only a process sleeps"
        when = self.now + max(0.0, seconds)
        if not self._events or when < self._events[0][0]:
            self.now = when  # nothing happens before it wakes, so that its thread goes on
            return
        self.at(when, process)
        self.go_on(process)

    def run(self) -> None:
        self.go_on()
        self.back.acquire()
        if self._error is not None:
            raise self._error
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
