"""The sandbox on a socket."""

from __future__ import annotations

import socket
from collections.abc import Generator, Iterable
from contextlib import ExitStack, contextmanager
from threading import Thread
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from .errors.control import wrong_host
from .errors.shops import two_shops
from .facade.arguments import check, texts_in
from .facade.sandbox import Sandbox
from .transports.application import application_of, body_of, headers_of
from .transports.responder import send_response
from .wire.hosts import is_accepted_host, is_loopback, split_target
from .wire.messages import envelope

if TYPE_CHECKING:
    from .transports.uvicorn import Application, Receive, Scope, Send, WebServer

__all__ = ["SandboxServer", "SandboxServerError", "listen"]

PATIENCE: Final = 20
"""Seconds to wait for the thread of the server to start and to end; it takes one at most."""


class SandboxServerError(Exception):
    """The server could not be started. The message is one line with the reason."""


class SandboxServer:
    """A context manager around a server in a thread. Port 0 picks a free one; see `url`.

    It sends the sandbox's webhooks while it runs. It listens on this machine only: another host needs
    `expose_to_network=True`, because anyone who reaches the sandbox may do everything. Requests whose `Host` is
    neither loopback nor `host` get a 403; `allowed_hosts` are other names of this machine.
    Raises TypeError for a wrong argument.
    """

    def __init__(
        self,
        sandbox: Sandbox | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        expose_to_network: bool = False,
        allowed_hosts: Iterable[str] = (),
    ) -> None:
        if sandbox is not None and not isinstance(sandbox, Sandbox):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(f"sandbox must be a Sandbox, not {type(sandbox).__name__}")
        check(host=host, port=port, expose_to_network=expose_to_network)
        self.sandbox: Sandbox = Sandbox() if sandbox is None else sandbox
        self._host = host
        self._exposed = expose_to_network
        self._allowed_hosts = texts_in("allowed_hosts", allowed_hosts)
        self._application = application_of(self.sandbox)
        self._running = ExitStack()
        self._port = port
        self._url: str | None = None
        self._thread: Thread | None = None
        self._server: WebServer | None = None

    @property
    def url(self) -> str:
        """The base URL for a client. Raises SandboxServerError if the server does not run."""
        if self._url is None:
            raise SandboxServerError("the sandbox server is not running")
        return self._url

    @property
    def is_running(self) -> bool:
        """Whether it listens: its thread may have ended, and does not exist in a process that was forked."""
        server, thread = self._server, self._thread
        return server is not None and thread is not None and thread.is_alive() and not server.should_exit

    def start(self) -> Self:
        """Start to listen. Raises SandboxServerError."""
        if self._thread is not None:
            raise SandboxServerError("the sandbox server is already running")
        server = _web_server(self._answer)
        if not self._exposed and not is_loopback(self._host):
            raise SandboxServerError(
                f"refusing to bind {self._host}:{self._port}: other machines could reach and control the sandbox. "
                "Pass expose_to_network=True (--expose-to-network) to allow it"
            )
        listener = listen(self._host, self._port)
        port = listener.getsockname()[1]
        thread = Thread(target=server.serve_on, args=(listener,), name="portone-sandbox", daemon=True)
        thread.start()
        if not server.settled.wait(PATIENCE):
            server.should_exit = True
            raise SandboxServerError(f"the sandbox server did not start within {PATIENCE} seconds")
        if not server.started:
            thread.join(PATIENCE)
            raise SandboxServerError(f"the sandbox server failed to start: {server.failure!r}") from server.failure
        self._server, self._thread = server, thread
        shown = f"[{self._host}]" if ":" in self._host else self._host
        self._url = f"http://{shown}:{port}"
        self._running.enter_context(self.sandbox.delivering())
        return self

    def stop(self) -> None:
        """Close the socket and wait for the thread. The sandbox keeps its state. Raises SandboxServerError."""
        server, thread = self._server, self._thread
        self._server = self._thread = self._url = None
        self._running.close()
        if server is not None and thread is not None:
            server.should_exit = True
            thread.join(PATIENCE)
            if thread.is_alive():
                raise SandboxServerError(
                    f"the sandbox server did not stop within {PATIENCE} seconds: a request is still being handled, "
                    "by a webhook or a confirm_url of the shop that does not end. Its thread ends with the process"
                )

    @contextmanager
    def serving(self, sandbox: Sandbox) -> Generator[Self, None, None]:
        """Serve another sandbox at the same URL until the block ends: faster than a new server."""
        before = self.sandbox, self._application
        self.sandbox, self._application = sandbox, application_of(sandbox)
        try:
            with sandbox.delivering():
                yield self
        finally:
            self.sandbox, self._application = before

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = scope["sandbox.headers"] = headers_of(scope)
        refusal = None if self._is_meant(scope, headers) else wrong_host()
        if "," in headers.get("x-sandbox", ""):
            refusal = two_shops()
        if refusal is not None:
            await body_of(receive)  # Its sender can read the response only after the whole body is sent.
            answer = envelope(refusal.status, refusal.code, refusal.message, None)
            await send_response(answer, scope, receive, send)
            return
        await self._application(scope, receive, send)

    def _is_meant(self, scope: Scope, headers: dict[str, str]) -> bool:
        named, scope["raw_path"] = split_target(scope.get("sandbox.target", scope["raw_path"]))
        if named is not None and not self._accepts(named):
            return False
        host = headers.get("host")
        if host is None:
            return bool(scope["http_version"] == "1.0")
        # Two Host headers arrive joined. A proxy and this server might each read another one of them.
        if "," in host or not self._accepts(host):
            return False
        if named is not None:
            headers["host"] = named
        return True

    def _accepts(self, host: str) -> bool:
        return is_accepted_host(host, self._host, self._allowed_hosts)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.stop()


def _web_server(application: Application) -> WebServer:
    try:
        from .transports.uvicorn import WebServer
    except ImportError as error:
        how = "pip install 'portone-v1[sandbox]'"
        raise SandboxServerError(f"the sandbox server needs uvicorn: {how} ({error})") from None
    return WebServer(application)


def listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio disables Nagle's algorithm for TCP only.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
    except (OSError, OverflowError, UnicodeError) as error:
        listener.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise SandboxServerError(f"cannot listen on {host}:{port}: {reason}") from None
    return listener
