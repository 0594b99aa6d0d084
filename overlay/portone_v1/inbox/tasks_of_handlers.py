"""The tasks that a handler enqueues. Without this, a task would be lost if `await work.later(…)` lacks its `await`."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from .stores import AsyncWork, Work

__all__ = ["AsyncHandlersTasks", "HandlersTasks"]


class AsyncHandlersTasks:
    """The work of one handler. When it ends, tasks that the handler did not await are enqueued all the same."""

    def __init__(self, work: AsyncWork) -> None:
        self._work = work
        self._asked: list[_Task] = []

    @property
    def session(self) -> Any:
        return self._work.session

    def later(self, name: str, *, key: str, **arguments: Any) -> _Task:
        task = _Task(self._work, name, key, arguments)
        self._asked.append(task)
        return task

    def __getattr__(self, name: str) -> Any:
        return getattr(self._work, name)

    async def __aenter__(self) -> AsyncWork:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        for task in self._asked if kind is None else ():
            if not task.begun:
                await task


class _Task:
    """One task, enqueued when it is awaited."""

    def __init__(self, work: AsyncWork, name: str, key: str, arguments: dict[str, Any]) -> None:
        self._work, self._name, self._key, self._arguments = work, name, key, arguments
        self.begun = False

    def __await__(self) -> Generator[Any, None, None]:
        self.begun = True
        return self._work.later(self._name, key=self._key, **self._arguments).__await__()


class HandlersTasks:
    """The work of one handler that does not await, unchanged."""

    def __init__(self, work: Work) -> None:
        self._work = work

    def __enter__(self) -> Work:
        return self._work

    def __exit__(self, *_: object) -> None: ...
