"""A small server that receives webhooks, prints them and forwards them."""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, Self
from urllib.parse import urlsplit

import httpx
import typer
from portone_v1.webhooks import WebhookEvent, WebhookFormatError, parse
from portone_v1_runtime import exact_json
from portone_v1_runtime.decode import KST

from ..exit_codes import usage_error
from ..formatting import text_of
from ..session import Output

__all__ = ["Listener", "subscribed"]

LONGEST: Final = 64 * 1024
TIMEOUT: Final = 30.0


@contextmanager
def subscribed(sandbox: str, address: str) -> Generator[str, None, None]:
    """Make the sandbox send its webhooks here until the context ends. Yields the problem, or an empty text."""
    settings = f"{sandbox.rstrip('/')}/_sandbox/webhooks/settings"

    def send_to(url: str) -> str:
        try:
            status = httpx.post(settings, json={"url": url}, timeout=5, trust_env=False).status_code
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return (
                f"샌드박스에 연결할 수 없습니다 · could not connect to a sandbox at {sandbox} ({type(error).__name__})"
            )
        return "" if status == 200 else f"샌드박스 응답: HTTP {status} · the sandbox at {sandbox} responded {status}"

    trouble = send_to(address)
    try:
        yield trouble
    finally:
        if not trouble:
            send_to("")  # stops sending


class Listener:
    """A context manager around a server in a thread."""

    def __init__(self, host: str, port: int, forward: str | None, output: Output) -> None:
        if forward is not None and (
            urlsplit(forward).scheme not in ("http", "https") or not urlsplit(forward).hostname
        ):
            usage_error(
                "--forward에는 URL을 지정하세요(예: http://localhost:8000/webhook)",
                "--forward must be a URL such as http://localhost:8000/webhook",
            )
        self._forward, self._output = forward, output
        self._client = httpx.Client(timeout=TIMEOUT, follow_redirects=False)
        self._printing = threading.Lock()
        try:
            self._server = ThreadingHTTPServer((host, port), self._handler())
        except (OSError, OverflowError) as error:
            usage_error(
                f"{host}:{port}에서 대기할 수 없습니다. 다른 --port를 지정하세요.",
                f"cannot listen on {host}:{port}: {getattr(error, 'strerror', None) or error}; choose another --port",
            )
        self._server.daemon_threads = True
        self.url = f"http://{host}:{self._server.server_address[1]}/"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, name="portone-v1-listen", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._client.close()

    def take(self, body: bytes, content_type: str | None) -> int:
        """Print and forward a webhook, and return the HTTP status for the sender."""
        try:
            notice = parse(body, content_type)
        except WebhookFormatError as error:
            self._print(None, 400, str(error))
            return 400
        status, trouble = 200, ""
        if self._forward is not None:
            try:
                headers = {"content-type": content_type or "application/json"}
                status = self._client.post(self._forward, content=body, headers=headers).status_code
            except httpx.HTTPError as error:
                status, trouble = 502, f"{self._forward} is not responding ({type(error).__name__})"
        self._print(notice, status, trouble)
        return status

    def _print(self, notice: WebhookEvent | None, status: int, trouble: str) -> None:
        at = datetime.now(KST)
        facts: dict[str, Any] = {"at": at.isoformat(timespec="seconds")}
        if notice is not None:
            names = ("imp_uid", "merchant_uid", "status", "cancellation_id")
            facts |= {name: value for name in names if (value := getattr(notice, name)) is not None}
        facts |= {"status_code": status} | ({"problem": trouble} if trouble else {})
        if self._output is Output.JSON:
            line = exact_json.dumps(facts)
        else:
            line = "  ".join([f"{at:%H:%M:%S}", *(text_of(value) for value in [*facts.values()][1:])])
        with self._printing:
            typer.echo(line)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        listener = self

        class Handler(BaseHTTPRequestHandler):
            server_version = "portone-v1"
            timeout = TIMEOUT

            def do_POST(self) -> None:
                length = self.headers.get("content-length", "")
                if not length.isascii() or not length.isdigit() or int(length) > LONGEST:
                    self._answer(413)
                    return
                self._answer(listener.take(self.rfile.read(int(length)), self.headers.get("content-type")))

            def _answer(self, status: int) -> None:
                self.send_response(status)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names them
                """Print nothing: the webhooks themselves are printed."""

        return Handler
