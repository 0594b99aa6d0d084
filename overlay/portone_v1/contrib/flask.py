"""The webhook endpoint of a Flask shop.

app.post("/portone/webhook")(webhook(client, order_changed, states))
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

try:
    from flask import Response, request
except ImportError:
    raise ImportError("portone_v1.contrib.flask needs Flask: pip install flask") from None
from werkzeug.exceptions import ClientDisconnected

from ..results import PaymentChange
from ._states import MemoryStates, States
from ._sync.process_webhook import Shop, handle, respond
from ._webhook_rules import LONGEST, Incoming, Rules, UnknownOrderError, hasty

if TYPE_CHECKING:
    from ..client import PortOne

__all__ = ["MemoryStates", "PaymentChange", "States", "UnknownOrderError", "webhook"]


def webhook(
    client: PortOne,
    handler: Callable[[PaymentChange], object],
    states: States,
    *,
    allow_test: bool = False,
    trusted_proxies: Iterable[str] = (),
) -> Callable[[], Response]:
    """A view for PortOne's notices. Route POST to it.

    Args:
        handler: called once for each change of a payment, with the payment as V1 holds it. It compares the payment with
            the order. What it raises is answered 500, and the change comes again; `UnknownOrderError` is answered 404.
        states: which changes were handled.
        allow_test: hand on payments of test channels too. Never in production: nobody pays on those.
        trusted_proxies: your own proxies, so that the log tells notices from PortOne's addresses from others.
    """
    shop = Shop(hasty(client).webhooks.resolve, partial(handle, states, handler))
    rules = Rules.of(allow_test=allow_test, trusted_proxies=trusted_proxies)

    def portone_webhook() -> Response:
        try:
            body = _body()
        except ClientDisconnected:
            body = b""
        forwarded_for = request.headers.get("X-Forwarded-For")
        incoming = Incoming(body, request.content_type, request.remote_addr or "", forwarded_for)
        answer = respond(shop, rules, incoming)
        return Response(answer.text, answer.status, mimetype="text/plain")

    return portone_webhook


def _body() -> bytes | None:
    """The body, or None where it is too long; no more than that is read."""
    if request.content_length is not None:
        return request.get_data() if request.content_length <= LONGEST else None
    body = b""
    while len(body) <= LONGEST and (part := request.stream.read(LONGEST + 1 - len(body))):
        body += part
    return body if len(body) <= LONGEST else None
