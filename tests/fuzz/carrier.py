"""The in-process sandbox behind a session of requests, which is what schemathesis speaks through."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import requests
from portone_v1_sandbox import Request, Response, Sandbox
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse

__all__ = ["BASE_URL", "Carrier"]

BASE_URL = "http://sandbox.example.com"


class Carrier(BaseAdapter):
    """Hands requests to the sandbox, and keeps the last exchange as the sandbox saw it."""

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__()
        self.sandbox = sandbox
        self.request: Request | None = None
        self.answer: Response | None = None

    def session(self) -> requests.Session:
        session = requests.Session()
        session.trust_env = False
        session.adapters.clear()
        session.mount(BASE_URL, self)
        return session

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        url = urlsplit(request.url or "")
        body = request.body or b""
        assert isinstance(body, bytes | str)
        self.request = Request(
            request.method or "",
            url.path,
            url.query,
            {name: _text(value) for name, value in request.headers.items()},
            body.encode() if isinstance(body, str) else body,
        )
        self.answer = self.sandbox.handle(self.request)
        response = requests.Response()
        response.status_code = self.answer.status
        response.headers.update(self.answer.headers)
        response.raw = HTTPResponse(BytesIO(self.answer.body), self.answer.headers, preload_content=False)
        response.request = request
        response.url = request.url or ""
        return response

    def close(self) -> None:
        """Do nothing: it holds nothing open."""


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value
