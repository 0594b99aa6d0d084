"""Real servers on real sockets, in threads: what a shop runs behind."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any
from wsgiref.simple_server import WSGIServer

import uvicorn
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler  # type: ignore[import-untyped]
from werkzeug.serving import make_server


class _Uvicorn(uvicorn.Server):
    """Says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.settled = Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self.settled.set()


@contextmanager
def uvicorn_server(application: Any) -> Iterator[str]:
    config = uvicorn.Config(
        application,
        lifespan="auto",
        loop="asyncio",
        http="h11",
        ws="none",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        timeout_graceful_shutdown=1,
    )
    server, listener = _Uvicorn(config), socket.create_server(("127.0.0.1", 0), backlog=128)

    def serve() -> None:
        with listener:
            asyncio.run(server.serve(sockets=[listener]))

    thread = Thread(target=serve)
    thread.start()
    assert server.settled.wait(20)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def werkzeug_server(application: Any) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, application, threaded=True)
    with _serving(server):
        yield f"http://127.0.0.1:{server.port}"


class _DjangoServer(ThreadedWSGIServer):  # type: ignore[misc]
    request_queue_size = 128
    daemon_threads = False
    block_on_close = True


@contextmanager
def django_server(application: Any) -> Iterator[str]:
    """Run the server of `runserver`."""
    server = _DjangoServer(("127.0.0.1", 0), WSGIRequestHandler)
    server.set_app(application)
    with _serving(server):
        yield f"http://127.0.0.1:{server.server_port}"


@contextmanager
def _serving(server: WSGIServer | Any) -> Iterator[None]:
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
