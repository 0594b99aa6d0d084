"""Fixtures for shops. pytest finds them by the entry point `pytest11`; `-p no:portone_v1_sandbox` switches them off.

Each test has its own sandbox and each process its own port, so tests may run in parallel.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from . import Sandbox, SandboxServer

if TYPE_CHECKING:
    from portone_v1 import AsyncPortOne, PortOne

__all__ = [
    "Shop",
    "portone_async_client",
    "portone_client",
    "portone_sandbox",
    "portone_sandbox_options",
    "portone_server",
    "portone_shop",
]


@pytest.fixture
def portone_sandbox_options() -> dict[str, Any]:
    """Return the arguments of `portone_sandbox`. Override it to set a clock, a webhook URL, channels …"""
    return {}


@pytest.fixture
def portone_sandbox(portone_sandbox_options: dict[str, Any]) -> Iterator[Sandbox]:
    """Provide a new sandbox in this process."""
    if not isinstance(portone_sandbox_options, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
        kind = type(portone_sandbox_options).__name__
        raise TypeError(f"portone_sandbox_options must return a dict with arguments of Sandbox, not {kind}")
    with Sandbox(**portone_sandbox_options) as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def _portone_socket() -> Iterator[_Socket]:  # pyright: ignore[reportUnusedFunction] - pytest asks for it
    with _Socket() as socket:
        yield socket


class _Socket:
    """The server of this process. It starts when a test first needs it, and again after a test has stopped it."""

    def __init__(self) -> None:
        self._server = SandboxServer()

    def server(self) -> SandboxServer:
        if not self._server.is_running:
            self._server = SandboxServer().start()
        return self._server

    def __enter__(self) -> _Socket:
        return self

    def __exit__(self, *_: object) -> None:
        if self._server.is_running:
            self._server.stop()


@pytest.fixture
def portone_server(_portone_socket: _Socket, portone_sandbox: Sandbox) -> Iterator[SandboxServer]:
    """Serve `portone_sandbox` on a socket, at `portone_server.url`. The server sends the webhooks."""
    with _portone_socket.server().serving(portone_sandbox) as server:
        yield server


@pytest.fixture
def portone_client(portone_sandbox: Sandbox) -> Iterator[PortOne]:
    """Provide a `PortOne` that calls `portone_sandbox` within the process."""
    with portone_sandbox.client() as client:
        yield client


@pytest.fixture
def portone_async_client(portone_sandbox: Sandbox) -> AsyncPortOne:
    """Provide an `AsyncPortOne` that calls `portone_sandbox` within the process. It need not be closed."""
    return portone_sandbox.async_client()


@pytest.fixture
def portone_shop(_portone_socket: _Socket, request: pytest.FixtureRequest) -> Iterator[Shop]:
    """Provide a new shop on a server for all tests of this process: by `url`, or by `headers` at `server_url`.

    Tests that run at the same time each have their own, with its own clock, webhooks and journal.
    """
    server = _portone_socket.server()
    shops = server.sandbox.shops
    name = f"{re.sub(r'[^A-Za-z0-9]+', '-', request.node.name)[:40].strip('-') or 'test'}-{uuid4().hex[:12]}"
    sandbox = shops.open(name)
    try:
        yield Shop(name, server.url, sandbox)
    finally:
        shops.delete([name])


@dataclass(frozen=True, slots=True)
class Shop:
    """One shop of a server."""

    name: str
    server_url: str
    sandbox: Sandbox

    @property
    def url(self) -> str:
        """The base URL for a client that sends no header."""
        return f"{self.server_url}/_sandbox/shops/{self.name}"

    @property
    def headers(self) -> dict[str, str]:
        """The header for a client whose base URL is `server_url`."""
        return {"X-Sandbox": self.name}
