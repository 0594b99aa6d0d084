"""The sandbox, asked without a client: a look-up of a payment, and on a socket the same by http.client."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable

from portone_v1_sandbox import Request, Sandbox, SandboxServer

from benchmarks.worker import Cases

__all__ = ["cases"]


def cases(url: str) -> Cases:
    """Return the cases. `url` is that of `benchmarks.sandbox_server`."""
    return Cases(
        {
            "handle": _handle,
            "client": _client,
            "socket": lambda: _socket(url),
            "fixture": lambda: _fixture,
            "socket fixture": _socket_fixture,
        },
        {},
    )


def _handle() -> Callable[[], object]:
    sandbox = Sandbox()
    uid = sandbox.pay(merchant_uid="order-1", amount=12000).imp_uid
    keys = json.dumps({"imp_key": "sandbox_key", "imp_secret": "sandbox_secret"}).encode()
    answer = sandbox.handle(Request("POST", "/users/getToken", "", {"Content-Type": "application/json"}, keys))
    headers = {"Authorization": f"Bearer {answer.json()['response']['access_token']}"}
    request = Request("GET", f"/payments/{uid}", "", headers)
    if sandbox.handle(request).status != 200:
        raise ValueError("the sandbox does not know its payment")
    return lambda: sandbox.handle(request)


def _client() -> Callable[[], object]:
    sandbox = Sandbox()
    uid = sandbox.pay(merchant_uid="order-1", amount=12000).imp_uid
    client = sandbox.client()
    return lambda: client.payments.get(uid)


def _socket(url: str) -> Callable[[], object]:
    connection = http.client.HTTPConnection(url.removeprefix("http://"))

    def ask(method: str, path: str, body: str | None, headers: dict[str, str]) -> bytes:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise ValueError(f"the sandbox answers {answer.status}")
        return text

    keys = json.dumps({"imp_key": "sandbox_key", "imp_secret": "sandbox_secret"})
    token = json.loads(ask("POST", "/users/getToken", keys, {"Content-Type": "application/json"}))
    headers = {"Authorization": f"Bearer {token['response']['access_token']}"}
    found = json.loads(ask("GET", "/payments/status/all?limit=1&page=1", None, headers))
    path = f"/payments/{found['response']['list'][0]['imp_uid']}"
    return lambda: ask("GET", path, None, headers)


def _fixture() -> None:
    with Sandbox() as sandbox, sandbox.client():
        pass


def _socket_fixture() -> Callable[[], object]:
    server = SandboxServer().start()

    def run() -> None:
        with Sandbox() as sandbox, server.serving(sandbox):
            pass

    return run
