"""A uvicorn server, in a module that is loaded only if a server is started."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, MutableMapping
from threading import Event
from typing import Any

import uvicorn

from ..wire.real_time import run
from .connections import Connection

__all__ = ["Application", "Receive", "Scope", "Send", "WebServer"]

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class WebServer(uvicorn.Server):
    """A silent uvicorn server for one thread."""

    def __init__(self, application: Application) -> None:
        async def wired(scope: Scope, receive: Receive, send: Send) -> None:
            scope["sandbox.hang_up"] = lambda: self._disconnect(scope["client"])
            scope["sandbox.stopping"] = lambda: self.should_exit
            await application(scope, receive, send)

        super().__init__(
            uvicorn.Config(
                wired,
                lifespan="off",
                loop="asyncio",
                http=Connection,
                ws="none",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                date_header=False,  # the sandbox sends the time of its own clock
                timeout_graceful_shutdown=1,
            )
        )
        self.settled = Event()
        """Set when the server listens or has failed to."""
        self.failure: Exception | None = None
        """Why the server does not listen."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self.settled.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close also the connections that are busy after the grace: the loop ends, and would leave them open."""
        await super().shutdown(sockets=sockets)
        for connection in list(self.server_state.connections):
            transport: Any = getattr(connection, "transport", None)
            if transport is not None:
                transport.abort()
        await asyncio.sleep(0)  # lets the transports close their sockets

    def _disconnect(self, client: Any) -> None:
        # ASGI cannot close a connection; the peer's address identifies it.
        for connection in list(self.server_state.connections):
            transport: Any = getattr(connection, "transport", None)
            if transport is not None and getattr(connection, "client", None) == client:
                transport.close()

    def serve_on(self, listener: socket.socket) -> None:
        """Serve until `should_exit` is set."""
        try:
            with listener:
                run(self.serve(sockets=[listener]))
        except Exception as error:
            if self.started:
                raise
            self.failure = error
        finally:
            self.settled.set()
