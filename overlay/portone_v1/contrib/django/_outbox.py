"""`later`: work for after the commit, stored in the handler's transaction."""

# pyright: reportPrivateUsage=false, reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connections  # type: ignore[import-untyped]
from django.utils.module_loading import import_string  # type: ignore[import-untyped]

from . import _settings
from ._inbox_store import enqueue

__all__ = ["later"]


def later(function: Callable[..., object], *, key: str, **arguments: Any) -> None:
    """커밋 뒤 작업: Run a function after the commit, at least once per `key`, in a worker.

    `transaction.on_commit` loses work if the process is killed or the callback raises, because a redelivery finds
    nothing new. This work is a row in the same transaction. It may run twice after a crash: make it safe to repeat.

    Args:
        function: module-level function, so that a worker finds it by its name.
        key: unique name of this work (`receipt:order-1`). The same key again enqueues nothing.
        arguments: JSON values: ids, never personal data.

    Raises:
        RuntimeError: called outside a transaction.
        ValueError: the function cannot be imported by its name.
    """
    using = _settings.database()
    if not connections[using].in_atomic_block:
        raise RuntimeError("later() must be called in a transaction: in a handler, or inside transaction.atomic()")
    name = f"{function.__module__}.{function.__qualname__}"
    try:
        found = import_string(name)
    except ImportError:
        found = None
    if found is not function:
        raise ValueError(f"{name} cannot be imported by name: pass later() a module-level function")
    enqueue(using, name, key, arguments)
