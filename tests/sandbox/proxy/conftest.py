"""A proxy before a sandbox, both on sockets of this machine."""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
from portone_v1_sandbox import Sandbox, SandboxServer
from portone_v1_sandbox.proxy import ProxyServer, open_certificate
from portone_v1_sandbox.proxy.advice import environment
from portone_v1_sandbox.proxy.certificate import Certificate
from portone_v1_sandbox.proxy.store import Files, write_files


class Material(NamedTuple):
    folder: Path
    certificate: Certificate
    files: Files

    @property
    def trusting(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.files.authority)


@pytest.fixture(scope="session")
def material(tmp_path_factory: pytest.TempPathFactory) -> Material:
    folder = tmp_path_factory.mktemp("home") / "with space"
    certificate, is_new = open_certificate(folder, datetime.now(UTC))
    assert is_new
    return Material(folder, certificate, write_files(folder, certificate, {}))


@pytest.fixture(scope="module")
def server() -> Iterator[SandboxServer]:
    with SandboxServer() as running:
        yield running


@pytest.fixture
def sandbox(server: SandboxServer) -> Sandbox:
    """Provide an empty sandbox."""
    server.sandbox.reset()
    return server.sandbox


class Running(NamedTuple):
    server: ProxyServer
    refusals: list[str]

    @property
    def url(self) -> str:
        return self.server.url

    @property
    def place(self) -> tuple[str, int]:
        parts = urlsplit(self.url)
        return parts.hostname or "", parts.port or 0

    def connect(self, source: str = "127.0.0.1") -> socket.socket:
        return socket.create_connection(self.place, timeout=20, source_address=(source, 0))

    def send(self, text: str | bytes, source: str = "127.0.0.1") -> bytes:
        """Send bytes, and return all that comes back."""
        with self.connect(source) as connection:
            connection.sendall(text.encode() if isinstance(text, str) else text)
            return received(connection)


def received(connection: socket.socket) -> bytes:
    parts: list[bytes] = []
    try:
        while part := connection.recv(65536):
            parts.append(part)
    except ConnectionResetError:
        parts.append(b"RESET")
    return b"".join(parts)


@pytest.fixture
def start(server: SandboxServer, material: Material) -> Iterator[Callable[..., Running]]:
    with ExitStack() as stack:

        def one(sandbox: str | None = None, **options: Any) -> Running:
            refusals: list[str] = []
            place = server.url if sandbox is None else sandbox
            made = ProxyServer(place, material.certificate, on_refusal=refusals.append, **options)
            return Running(stack.enter_context(made), refusals)

        yield one


@pytest.fixture
def proxy(start: Callable[..., Running]) -> Running:
    return start()


@pytest.fixture
def variables(proxy: Running, material: Material) -> dict[str, str]:
    """Return the environment of a program that uses the proxy."""
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    return kept | environment(proxy.url, material.files)
