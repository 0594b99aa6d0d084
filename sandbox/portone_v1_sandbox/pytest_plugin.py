"""Fixtures for shops. pytest finds them by the entry point `pytest11`; `-p no:portone_v1_sandbox` switches them off.

Each test has its own sandbox and each process its own port, so tests may run in parallel.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from . import Sandbox, SandboxServer

if TYPE_CHECKING:
    from portone_v1 import AsyncPortOne, PortOne

__all__ = [
    "portone_async_client",
    "portone_client",
    "portone_sandbox",
    "portone_sandbox_options",
    "portone_server",
]


@pytest.fixture
def portone_sandbox_options() -> dict[str, Any]:
    """Arguments of `portone_sandbox`. Override it to set a clock, a webhook URL, channels …"""
    return {}


@pytest.fixture
def portone_sandbox(portone_sandbox_options: dict[str, Any]) -> Iterator[Sandbox]:
    """A new sandbox in this process."""
    with Sandbox(**portone_sandbox_options) as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def _portone_socket() -> Iterator[SandboxServer]:  # pyright: ignore[reportUnusedFunction] - pytest asks for it
    with SandboxServer() as server:
        yield server


@pytest.fixture
def portone_server(_portone_socket: SandboxServer, portone_sandbox: Sandbox) -> Iterator[SandboxServer]:
    """`portone_sandbox` on a socket, at `portone_server.url`. It sends the webhooks."""
    with _portone_socket.serving(portone_sandbox) as server:
        yield server


@pytest.fixture
def portone_client(portone_sandbox: Sandbox) -> Iterator[PortOne]:
    """A `PortOne` that calls `portone_sandbox` within the process."""
    with portone_sandbox.client() as client:
        yield client


@pytest.fixture
def portone_async_client(portone_sandbox: Sandbox) -> AsyncPortOne:
    """An `AsyncPortOne` that calls `portone_sandbox` within the process. It does not have to be closed."""
    return portone_sandbox.async_client()
