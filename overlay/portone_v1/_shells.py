"""The two thin shells that carry out what the flows ask for: one blocks, one awaits."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakSet

from ._drive import drive, drive_async
from ._settings import Settings
from ._tokens import AsyncTokenStore, TokenStore
from ._wire import Flow, WireFailure, WireRequest, WireResponse

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop, Lock

__all__ = ["AsyncShell", "Shell"]

T = TypeVar("T")

log = logging.getLogger("portone_v1")


class Shell:
    """Threads."""

    def __init__(self, settings: Settings, transport: Any, http_client: Any, store: TokenStore | None) -> None:
        from ._http import Wire

        self._wire = Wire(settings, transport, http_client)
        self._store = store
        self._lock = threading.Lock()
        _shells.add(self)

    def run(self, flow: Flow[T]) -> T:
        return drive(flow, self, WireFailure)

    def transmit(self, request: WireRequest) -> WireResponse:
        return self._wire.transmit(request)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def acquire(self) -> Callable[[], None]:
        self._lock.acquire()
        return self._lock.release

    def new_lock(self) -> None:
        self._lock = threading.Lock()

    def load_token(self) -> tuple[str, float] | None:
        try:
            return self._store.load() if self._store is not None else None
        except Exception as error:
            _store_failed(error)
            return None

    def save_token(self, token: str, seconds: float) -> None:
        try:
            if self._store is not None:
                self._store.save(token, seconds)
        except Exception as error:
            _store_failed(error)

    def close(self) -> None:
        self._wire.close()


class AsyncShell:
    """Tasks of one event loop at a time."""

    def __init__(self, settings: Settings, transport: Any, http_client: Any, store: AsyncTokenStore | None) -> None:
        from ._http import AsyncWire

        self._wire = AsyncWire(settings, transport, http_client)
        self._store = store
        self._lock: tuple[AbstractEventLoop, Lock] | None = None

    async def run(self, flow: Flow[T]) -> T:
        return await drive_async(flow, self, WireFailure)

    async def transmit(self, request: WireRequest) -> WireResponse:
        return await self._wire.transmit(request)

    async def sleep(self, seconds: float) -> None:
        from asyncio import sleep

        await sleep(seconds)

    async def acquire(self) -> Callable[[], None]:
        from asyncio import Lock, get_running_loop

        loop = get_running_loop()
        if self._lock is None or self._lock[0] is not loop:
            self._lock = loop, Lock()
        _, lock = self._lock
        await lock.acquire()
        return lock.release

    async def load_token(self) -> tuple[str, float] | None:
        try:
            return await self._store.load() if self._store is not None else None
        except Exception as error:
            _store_failed(error)
            return None

    async def save_token(self, token: str, seconds: float) -> None:
        try:
            if self._store is not None:
                await self._store.save(token, seconds)
        except Exception as error:
            _store_failed(error)

    async def close(self) -> None:
        await self._wire.close()


def _store_failed(error: Exception) -> None:
    log.warning("the token store failed (%s); going on without it", type(error).__name__)


_shells: WeakSet[Shell] = WeakSet()


def _new_locks() -> None:
    """A lock that another thread held at a fork would stay locked in the child for ever."""
    for shell in list(_shells):
        shell.new_lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_new_locks)
