"""Handled changes in the shop's own database, in the transaction of its handler."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, cast

from django.db import IntegrityError, transaction  # type: ignore[import-untyped]

__all__ = ["ModelStates"]


class ModelStates:
    """`States` in a table: the mark and all that the handler writes are committed together, or not at all.

    Args:
        using: the database, which has to be the one of the orders.
    """

    def __init__(self, using: str = "default") -> None:
        self._using = using

    @contextmanager
    def claim(self, key: str, /) -> Generator[bool]:
        from .models import HandledChange

        atomic = cast("Any", transaction).atomic
        with atomic(using=self._using, durable=True):
            try:
                # Written before anything is read: a second delivery of the change waits here for the first one's end.
                with atomic(using=self._using):
                    HandledChange.objects.using(self._using).create(key=key)
            except IntegrityError:
                ours = False
            else:
                ours = True
            yield ours
