"""A package index of one's own on this machine, with a password: what is tried here behaves as on a team's index.

It runs in a process of its own: pypiserver brings an import hook of an old kind along, which nothing else should meet.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

HERE = Path(__file__).resolve().parents[2]


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


@contextmanager
def serve(folder: Path, username: str, password: str) -> Iterator[Index]:
    """Run pypiserver over `folder`. Reading and uploading need the password; it looks nothing up elsewhere."""
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "tests.release.loopback", str(folder)],
        cwd=HERE,
        env={**os.environ, "INDEX_USERNAME": username, "INDEX_PASSWORD": password},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with process:
        try:
            assert process.stdout is not None
            port = int(process.stdout.readline())
            yield Index(f"http://127.0.0.1:{port}/", username, password)
        finally:
            process.terminate()


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 64


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


def _run(folder: Path) -> None:
    import pypiserver  # type: ignore[import-untyped]

    known = (os.environ["INDEX_USERNAME"], os.environ["INDEX_PASSWORD"])
    application = pypiserver.app(
        roots=[folder],
        authenticate=["download", "list", "update"],
        auther=lambda name, word: (name, word) == known,
        password_file=None,
        disable_fallback=True,
        overwrite=False,
        hash_algo="sha256",
    )
    server = make_server("127.0.0.1", 0, application, server_class=_Server, handler_class=_Quiet)
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    _run(Path(sys.argv[1]))
