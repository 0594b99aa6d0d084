"""The proxy on a socket."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

import h11

from ..server import listen
from ..wire.hosts import is_loopback
from ..wire.real_time import run
from .client import Client
from .errors import ProxyError
from .names import is_of_vendor
from .policy import Policy
from .setup import Setup
from .targets import Target, host_and_port

if TYPE_CHECKING:
    from .certificate import Certificate

__all__ = ["ProxyServer", "reachable", "sandbox_target"]

PATIENCE: Final = 20
"""Seconds to wait for the thread to start and to end."""
HEAD_PATIENCE: Final = 10.0
"""Seconds for the head of a request, and for a TLS handshake."""
MOST_CLIENTS: Final = 512


def reachable(host: str) -> str:
    """Return the host of a URL for a server that is bound to `host`, on this machine."""
    named = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - where it is bound to every address
    return f"[{named}]" if ":" in named else named


def sandbox_target(url: str) -> Target:
    """Return where a sandbox listens. Raises ProxyError for anything but `http://host:port`."""
    scheme, _, place = url.partition("://")
    target = host_and_port(place.removesuffix("/"), 80)
    if scheme != "http" or target is None:
        raise ProxyError(f"the sandbox's address must be http://host:port, not {url!a:.100}")
    if is_of_vendor(target.host):
        raise ProxyError("the sandbox's address is the vendor's own")
    return target


class ProxyServer:
    """A context manager around a proxy in a thread. Port 0 picks a free one; see `url`.

    The sandbox at `sandbox` answers requests to the vendor's two names, which never leave the machine. The proxy
    listens on this machine only: another host needs `expose_to_network=True`.
    """

    def __init__(
        self,
        sandbox: str,
        certificate: Certificate,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        only: bool = False,
        expose_to_network: bool = False,
        allowed_hosts: Iterable[str] = (),
        on_refusal: Callable[[str], None] | None = None,
        is_local: Callable[[str], bool] = is_loopback,
        patience: float = HEAD_PATIENCE,
        most_clients: int = MOST_CLIENTS,
    ) -> None:
        if not expose_to_network and not is_loopback(host):
            raise ProxyError(
                f"refusing to bind {host}:{port}: other machines could send their traffic through the proxy. "
                "Pass expose_to_network=True (--expose-to-network) to allow it"
            )
        self.certificate = certificate
        allowed = frozenset(name.lower() for name in allowed_hosts)
        self._setup = Setup(
            certificate=certificate,
            tls=_tls(certificate),
            sandbox=sandbox_target(sandbox),
            host=host,
            allowed_hosts=allowed,
            policy=Policy(only, allowed),
            is_local=is_local,
            on_refusal=on_refusal or _say_nothing,
            patience=patience,
        )
        self._port = port
        self._most = most_clients
        self._serving: dict[asyncio.Task[None] | None, Client] = {}
        self._url: str | None = None
        self._thread: Thread | None = None
        self._settled = Event()
        self._end: Callable[[], object] = _do_nothing

    @property
    def url(self) -> str:
        """The address for a client. Raises ProxyError if the proxy does not run."""
        if self._url is None:
            raise ProxyError("the proxy is not running")
        return self._url

    def start(self) -> Self:
        """Start to listen. Raises ProxyError, SandboxServerError."""
        if self._thread is not None:
            raise ProxyError("the proxy is already running")
        host = self._setup.host
        listener = listen(host, self._port)
        shown = reachable(host)
        self._url = f"http://{shown}:{listener.getsockname()[1]}"
        self._settled.clear()
        thread = Thread(target=lambda: run(self._serve(listener)), name="portone-sandbox-proxy", daemon=True)
        thread.start()
        self._thread = thread
        if not self._settled.wait(PATIENCE):
            raise ProxyError(f"the proxy did not start within {PATIENCE} seconds")
        return self

    def stop(self) -> None:
        """Close the socket and every connection."""
        thread, self._thread, self._url = self._thread, None, None
        if thread is not None:
            self._end()
            thread.join(PATIENCE)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.stop()

    async def _serve(self, listener: socket.socket) -> None:
        loop, over = asyncio.get_running_loop(), asyncio.Event()
        self._end = lambda: loop.call_soon_threadsafe(over.set)
        server = await asyncio.start_server(self._connected, sock=listener)
        self._settled.set()
        await over.wait()
        server.close()
        serving = dict(self._serving)
        for task, client in serving.items():
            client.abort()
            if task is not None:
                task.cancel()
        await asyncio.gather(*filter(None, serving), return_exceptions=True)
        await asyncio.sleep(0)  # lets the transports close their sockets, which the end of the loop would leave open

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        client = Client(self._setup, (reader, writer))
        task: asyncio.Task[None] | None = asyncio.current_task()
        self._serving[task] = client
        try:
            if len(self._serving) > self._most:
                await client.turn_away()
            else:
                await client.serve()
        except (OSError, TimeoutError, h11.ProtocolError):
            pass  # The other side disconnected, or does not use TLS.
        except asyncio.CancelledError:
            pass  # The proxy stops. Python 3.11 writes a traceback for a handler that ends cancelled.
        finally:
            del self._serving[task]
            client.close()


def _tls(certificate: Certificate) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    # Python loads a chain from files only.
    descriptor, name = tempfile.mkstemp(prefix="portone-v1-sandbox-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(certificate.leaf)
        context.load_cert_chain(name)
    finally:
        Path(name).unlink()
    return context


def _say_nothing(_line: str) -> None: ...


def _do_nothing() -> None: ...
