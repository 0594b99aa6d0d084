"""A package index of one's own on this machine, with a password: what is tried here behaves as on a team's index."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

__all__ = ["Index", "serve"]


@dataclass(frozen=True)
class Index:
    """Where it is, and who may use it."""

    url: str
    username: str
    password: str

    @property
    def simple(self) -> str:
        """What `--default-index` takes."""
        return f"{self.url}simple/"

    @property
    def publishing(self) -> dict[str, str]:
        return {
            "UV_PUBLISH_URL": self.url,
            "UV_PUBLISH_USERNAME": self.username,
            "UV_PUBLISH_PASSWORD": self.password,
        }

    @property
    def reading(self) -> dict[str, str]:
        """For uv, where the index is named `internal`."""
        return {"UV_INDEX_INTERNAL_USERNAME": self.username, "UV_INDEX_INTERNAL_PASSWORD": self.password}


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 64


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        logging.getLogger(__name__).debug(format, *args)


@contextmanager
def serve(folder: Path, username: str, password: str) -> Iterator[Index]:
    """pypiserver over `folder`. Reading and uploading need the password, and nothing is looked up elsewhere."""
    import pypiserver  # type: ignore[import-untyped]

    logging.getLogger("pypiserver").addHandler(logging.NullHandler())
    application = pypiserver.app(
        roots=[folder],
        authenticate=["download", "list", "update"],
        auther=lambda name, word: (name, word) == (username, password),
        password_file=None,
        disable_fallback=True,
        overwrite=False,
        hash_algo="sha256",
    )
    server = make_server("127.0.0.1", 0, application, server_class=_Server, handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield Index(f"http://127.0.0.1:{server.server_port}/", username, password)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
