"""What a webhook endpoint answers, whatever framework it hangs in. No input or output of its own.

PortOne delivers once, and again on a network error or a 5xx only. So 5xx is said where a resend can help: our failure,
V1's, or one in doubt. What is forged or wrong gets a 4xx, after at most one read at V1 and without any of it repeated.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Final, TypeVar

from attrs import field, frozen

from .._drive import drive, drive_async
from .._safe.resolving import Change
from .._settings import Timeout
from .._wire import Flow
from ..errors import InvalidRequestError, NotFoundError, PortOneError, VerificationError
from ..webhooks import LONGEST, WebhookFormatError, from_portone, parse
from ._states import AsyncStates, States

__all__ = [
    "LONGEST",
    "Answer",
    "Incoming",
    "Rules",
    "Shop",
    "UnknownOrderError",
    "handle",
    "handle_async",
    "hasty",
    "respond",
    "respond_async",
]

log = logging.getLogger("portone_v1.webhook")

C = TypeVar("C", bound=Any)

HASTE: Final = Timeout(connect=3.0, read=5.0, write=5.0, pool=3.0)
"""PortOne waits 30 seconds for the first delivery's answer and 15 for that of a repetition."""


APART: Final = ("Inicis.Escrow.Changed", "Galaxia.Cvs.Confirm")
"""Events that no change of a payment tells. 200 to the second one would let a shop take money that nobody agreed to."""


class UnknownOrderError(Exception):
    """For a handler to raise: the payment is of no order of this shop, so that no resend can help. Answered 404."""


@frozen
class Answer:
    """A status and a short text that PortOne's console shows."""

    status: int
    text: str


@frozen
class Incoming:
    """What came, as far as the endpoint looks at it."""

    body: bytes | None = field(repr=False)
    """None where it is longer than any webhook is."""
    content_type: str | None
    remote: str = field(repr=False)
    forwarded_for: str | None = field(repr=False)


@frozen
class Rules:
    allow_test: bool
    trusted_proxies: tuple[str, ...]

    @classmethod
    def of(cls, *, allow_test: bool, trusted_proxies: Iterable[str]) -> Rules:
        """Raises ValueError for proxies that are neither addresses nor networks."""
        proxies = tuple(trusted_proxies)
        from_portone("127.0.0.1", trusted_proxies=proxies)
        return cls(allow_test, proxies)


@frozen
class Shop:
    """The two things that are done outside: both blocking, or both to be awaited."""

    resolve: Callable[[Any], Any]
    """From the notice to the change, by a read at V1; outside every transaction."""
    handle: Callable[[Change], Any]
    """Whether it was handled now, not before."""


def hasty(client: C) -> C:
    """A copy of the client that has an answer, or none, before PortOne stops waiting."""
    copy: C = client.with_options(timeout=HASTE, max_retries=1)
    return copy


def handle(states: States, handler: Callable[[Change], object], change: Change) -> bool:
    handled: bool | None = None
    with states.claim(change.key) as ours:
        if ours:
            handler(change)
        handled = ours
    return _known(handled=handled)


async def handle_async(states: AsyncStates, handler: Callable[[Change], Awaitable[object]], change: Change) -> bool:
    handled: bool | None = None
    async with states.claim(change.key) as ours:
        if ours:
            await handler(change)
        handled = ours
    return _known(handled=handled)


def _known(*, handled: bool | None) -> bool:
    if handled is None:  # it would be answered 200 otherwise, and never come again
        raise RuntimeError("the store of handled changes swallowed an exception of the handler")
    return handled


def respond(shop: Shop, rules: Rules, incoming: Incoming) -> Answer:
    return drive(_answer(rules, incoming), shop, Exception)


async def respond_async(shop: Shop, rules: Rules, incoming: Incoming) -> Answer:
    return await drive_async(_answer(rules, incoming), shop, Exception)


def _answer(rules: Rules, incoming: Incoming) -> Flow[Answer]:
    known = from_portone(incoming.remote, forwarded_for=incoming.forwarded_for, trusted_proxies=rules.trusted_proxies)
    sender = "from PortOne's addresses" if known else "not from PortOne's addresses"
    if incoming.body is None:
        log.info("webhook refused, %s: the body is too long", sender)
        return Answer(413, "the body is too long for a webhook")
    try:
        notice = parse(incoming.body, incoming.content_type)
    except WebhookFormatError as error:
        log.info("webhook refused, %s: %s", sender, error)
        return Answer(400, str(error))
    if notice.extra.get("event") in APART:
        log.warning("webhook refused, %s: its event needs an endpoint of its own", sender)
        return Answer(422, "this endpoint takes changes of payments only")
    try:
        change: Change = yield lambda shop: shop.resolve(notice)
    except Exception as error:
        return _unresolved(error, sender)
    payment = change.payment
    if payment.sandbox and not rules.allow_test:
        log.warning("webhook for %s refused: a test payment, and allow_test=True was not said", payment.imp_uid)
        return Answer(403, "this endpoint takes no test payments")
    try:
        now = yield lambda shop: shop.handle(change)
    except UnknownOrderError:
        log.warning("webhook for %s refused, %s: the shop has no such order", payment.imp_uid, sender)
        return Answer(404, "no such order")
    except Exception:
        log.exception("webhook for %s failed: it is not marked as handled", payment.imp_uid)
        return Answer(500, "failed; send it again")
    log.info("webhook for %s: %s %s", payment.imp_uid, payment.status, "handled" if now else "had been handled before")
    return Answer(200, "handled" if now else "handled before")


def _unresolved(error: Exception, sender: str) -> Answer:
    """The payment could not be read: because there is none, or because V1 could not be asked."""
    told = type(error).__name__
    if isinstance(error, NotFoundError):
        log.warning("webhook refused, %s: V1 has no such payment", sender)
        return Answer(404, "no such payment")
    if isinstance(error, VerificationError):
        log.warning("webhook refused, %s: the payment is of another order than it says", sender)
        return Answer(409, "the payment is of another order")
    if isinstance(error, InvalidRequestError) and error.status in (400, 414):
        log.warning("webhook refused, %s: V1 takes its imp_uid for none", sender)
        return Answer(404, "no such payment")
    if isinstance(error, PortOneError):
        log.error("webhook put off, %s: V1 could not be asked (%s)", sender, told)
        return Answer(503, "not now; send it again")
    log.error("webhook failed, %s", sender, exc_info=error)
    return Answer(500, "failed; send it again")
