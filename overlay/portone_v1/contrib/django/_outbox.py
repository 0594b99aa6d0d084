"""`later`: work for after the commit, written down in the handler's transaction."""

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
    """커밋 뒤에 할 일: Run a function after the commit, at least once per `key`, in a worker.

    `transaction.on_commit` loses work: the process dies, or the callback raises, and the resend finds nothing new. This
    is a row in the same transaction. A task may run twice, after a crash: make it repeatable.

    Args:
        function: of a module, so that a worker finds it by its name.
        key: unique for what is done (`receipt:order-1`). The same key again enqueues nothing.
        arguments: JSON; ids, never personal data.

    Raises:
        RuntimeError: outside a transaction.
        ValueError: the function is not found under its name.
    """
    using = _settings.database()
    if not connections[using].in_atomic_block:
        raise RuntimeError(
            "later() belongs in the transaction whose aftermath it is: a handler, or transaction.atomic()"
        )
    name = f"{function.__module__}.{function.__qualname__}"
    try:
        found = import_string(name)
    except ImportError:
        found = None
    if found is not function:
        raise ValueError(f"{name} cannot be imported by name: pass later() a module-level function")
    enqueue(using, name, key, arguments)
