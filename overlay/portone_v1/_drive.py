"""Carrying out a flow: each step it yields is called with a target, at once or to be awaited.

The two loops below are the only place where the flavours of handwritten logic part.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import wraps
from inspect import isawaitable
from typing import Any, ParamSpec, TypeVar

from ._wire import Flow, Step
from .errors import PortOneError

__all__ = ["async_bound", "bound", "drive", "drive_async", "pause"]

P = ParamSpec("P")
T = TypeVar("T")


def drive(flow: Flow[T], target: Any, failures: type[Exception] = PortOneError) -> T:
    try:
        step: Step = next(flow)
        while True:
            try:
                result = step(target)
            except failures as failure:
                step = flow.throw(failure)
            else:
                step = flow.send(result)
    except StopIteration as stop:
        return stop.value  # type: ignore[no-any-return]
    finally:
        flow.close()


async def drive_async(flow: Flow[T], target: Any, failures: type[Exception] = PortOneError) -> T:
    try:
        step: Step = next(flow)
        while True:
            try:
                result = step(target)
                if isawaitable(result):
                    result = await result
            except failures as failure:
                step = flow.throw(failure)
            else:
                step = flow.send(result)
    except StopIteration as stop:
        return stop.value  # type: ignore[no-any-return]
    finally:
        flow.close()


def bound(flow: Callable[P, Flow[T]], client: Any) -> Callable[P, T]:
    """A flow as a method of a synchronous client."""

    @wraps(flow)
    def method(*args: P.args, **kwargs: P.kwargs) -> T:
        return drive(flow(*args, **kwargs), client)

    return method


def async_bound(flow: Callable[P, Flow[T]], client: Any) -> Callable[P, Coroutine[Any, Any, T]]:
    """A flow as a method of an asynchronous client."""

    @wraps(flow)
    async def method(*args: P.args, **kwargs: P.kwargs) -> T:
        return await drive_async(flow(*args, **kwargs), client)

    return method


def pause(seconds: float) -> Step:
    return lambda client: client._shell.sleep(seconds)  # noqa: SLF001
