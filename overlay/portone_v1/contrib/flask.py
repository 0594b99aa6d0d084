"""포트원 V1 as a Flask extension: client, webhook and commands.

portone = PortOneV1(lambda: SqlInboxStore(db.engine))
portone.init_app(app)                       # /portone/webhook, /portone/<tier>/webhook, `flask portone drain`

@portone.on_payment
def payment_changed(change: PaymentChanged, work: Work) -> None: ...
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from threading import Lock
from typing import Any, TypeVar, cast
from urllib.parse import urlencode

try:
    import click
    from flask import Blueprint, Flask, Response, current_app, request
except ImportError:
    raise ImportError("portone_v1.contrib.flask needs Flask: pip install flask") from None
from werkzeug.exceptions import ClientDisconnected

from ..client import PortOne
from ..inbox import Inbox, InboxStore
from ..webhooks import from_portone
from ._requests import LONGEST, TOO_LONG, too_long, with_webhook_timeouts

__all__ = ["PortOneV1"]

F = TypeVar("F", bound=Callable[..., Any])

STATE = "portone_v1"


class PortOneV1:
    """Client, webhook endpoint and commands of an application. The client is created on first use.

    `app.config["PORTONE_V1"]` holds arguments of `PortOne`. Default: the environment.

    Args:
        store: function that creates the store in the application's context. Use the database of the orders.
        app: application; or call `init_app` later.
        drained: True if `flask portone drain --watch 5` runs as a service. The response to a stored webhook is then 200
            at once.
        allow_test: process payments of test channels too. Never in production: the shop receives no money for them.
        trusted_proxies: addresses or networks of your own proxies.
        task_lease: seconds after which a task that has not ended runs again. Higher than your longest task takes.
    """

    def __init__(
        self,
        store: Callable[[], InboxStore],
        app: Flask | None = None,
        *,
        drained: bool = False,
        allow_test: bool = False,
        trusted_proxies: Iterable[str] = (),
        task_lease: float = 60.0,
    ) -> None:
        self._store = store
        self._options: dict[str, Any] = {"drained": drained, "allow_test": allow_test, "task_lease": task_lease}
        self._options["trusted_proxies"] = proxies = tuple(trusted_proxies)
        from_portone("127.0.0.1", trusted_proxies=proxies)  # raises ValueError if one is no address
        self._registered: list[tuple[str, Callable[..., Any]]] = []
        self._lock = Lock()
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Flask, *, url_prefix: str = "/portone") -> None:
        """Add the webhook routes and the commands to an application."""
        app.extensions[STATE] = {}
        views = Blueprint(STATE, __name__, cli_group="portone")
        views.post("/webhook", endpoint="webhook")(self._webhook)
        views.post("/<tier>/webhook", endpoint="webhook_of_tier")(self._webhook)
        add_commands(views, self)
        app.register_blueprint(views, url_prefix=url_prefix)

        def exempt_from_csrf() -> None:
            """Exempt the views at each request, so that it does not matter which extension was set up first."""
            if (csrf := current_app.extensions.get("csrf")) is not None:
                csrf.exempt(views)

        app.before_request_funcs.setdefault(None, []).insert(0, exempt_from_csrf)

    @property
    def client(self) -> PortOne:
        """The application's client. Needs the application's context. Do not close it."""
        state = current_app.extensions[STATE]
        with self._lock:
            if "client" not in state:
                state["client"] = PortOne(**cast("dict[str, Any]", current_app.config).get("PORTONE_V1", {}))
            found: PortOne = state["client"]
        return found

    def use(self, app: Flask, client: PortOne) -> None:
        """Replace the client, in a test."""
        app.extensions[STATE]["client"] = client

    @property
    def inbox(self) -> Inbox:
        """The inbox. Needs the application's context."""
        made = Inbox(self._client_of, self._store(), **self._options)
        for method, function in self._registered:
            getattr(made, method)(function)
        return made

    def _client_of(self, tier: str | None) -> PortOne:
        return with_webhook_timeouts(self.client, tier)

    def on_payment(self, handler: F) -> F:
        """결제 상태 변경: Register the handler, called as `handler(change, work)` in a transaction, `work.session`."""
        return self._register("on_payment", handler)

    def on_escrow(self, handler: F) -> F:
        """에스크로: Register the handler of `Inicis.Escrow.Changed`, called as `handler(event, work)`."""
        return self._register("on_escrow", handler)

    def on_cvs_confirm(self, handler: F) -> F:
        """편의점 결제 확인: Register the handler that returns True if the convenience store may accept the money."""
        return self._register("on_cvs_confirm", handler)

    def on_checkout_confirm(self, handler: F) -> F:
        """결제 승인 전 확인: Register the handler for `confirm_url`. None approves, a text is a reason to refuse."""
        return self._register("on_checkout_confirm", handler)

    def task(self, function: F) -> F:
        """커밋 뒤 작업: Register a task under the function's name, for `work.later("name", key=…)`."""
        return self._register("task", function)

    def drain(self) -> int:
        """인박스 처리: Process the payments that are due, then the tasks. Needs the application's context."""
        return self.inbox.drain()

    def replay(self, imp_uids: Iterable[str], *, tier: str | None = None) -> Mapping[str, str]:
        """웹훅 다시 처리: Process payments again as if PortOne had sent a webhook for each."""
        return self.inbox.replay(imp_uids, tier=tier)

    def _register(self, method: str, function: F) -> F:
        self._registered.append((method, function))
        return function

    def _webhook(self, tier: str | None = None) -> Response:
        try:
            body = _body()
        except ClientDisconnected:
            body = b""
        if body is None:
            return Response(TOO_LONG, 413, mimetype="text/plain")
        forwarded_for = request.headers.get("X-Forwarded-For")
        response = self.inbox.receive(
            body, request.content_type, request.remote_addr or "", tier=tier, forwarded_for=forwarded_for
        )
        return Response(response.text, response.status, content_type=response.content_type)


def add_commands(views: Blueprint, portone: PortOneV1) -> None:
    @views.cli.command("drain")
    @click.option(
        "--watch", type=click.FloatRange(min=0.01), metavar="SECONDS", help="keep running; seconds between two runs"
    )
    def drain(watch: float | None) -> None:
        """저장된 웹훅과 커밋 뒤 작업을 처리합니다."""
        count = portone.drain()
        if watch is None:
            click.echo(str(count))
            return
        while True:
            time.sleep(watch)
            try:
                portone.drain()
            except Exception:
                current_app.logger.exception("the inbox could not be processed; the worker tries again")

    @views.cli.command("replay")
    @click.argument("imp_uid", nargs=-1, required=True)
    @click.option("--tier", help="하위 상점 고유코드")
    def replay(imp_uid: tuple[str, ...], tier: str | None) -> None:
        """결제를 다시 읽어 처리합니다. 반복해도 안전합니다."""
        try:
            outcomes = portone.replay(imp_uid, tier=tier)
        except ValueError as error:
            raise click.UsageError(str(error)) from None
        for uid, outcome in outcomes.items():
            click.echo(f"{uid} {outcome}")

    del drain, replay


def _body() -> bytes | None:
    """Return the body, or None if it is too long. No more than the limit is read."""
    if too_long(request.headers.get("Content-Length")):
        return None
    if request.content_length is not None:
        body = request.get_data()
        if not body and request.form:  # a `before_request` has read the form, and the stream is empty
            body = urlencode(list(request.form.items(multi=True))).encode()
        return body
    body = b""
    while len(body) <= LONGEST and (part := request.stream.read(LONGEST + 1 - len(body))):
        body += part
    return body if len(body) <= LONGEST else None
