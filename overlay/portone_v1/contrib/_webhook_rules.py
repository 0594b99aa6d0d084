"""What a webhook endpoint answers, whatever framework it hangs in. No input or output of its own.

PortOne delivers once, and again on a network error or a 5xx only. So 5xx is said where a resend can help: our failure,
V1's, or one in doubt. What is forged or wrong gets a 4xx, after at most one read at V1 and without any of it repeated.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any, Final, TypeVar

from attrs import field, frozen

from .._http.settings import Timeout
from ..errors import InvalidRequestError, NotFoundError, PortOneError, VerificationError
from ..webhooks import LONGEST, WebhookEvent, WebhookFormatError, from_portone, parse

__all__ = [
    "LONGEST",
    "Answer",
    "Incoming",
    "Rules",
    "UnknownOrderError",
    "answer_to_unresolved",
    "check_handled",
    "hasty",
    "read_notice",
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

    def sender_of(self, incoming: Incoming) -> str:
        """Where it came from, for the log."""
        known = from_portone(
            incoming.remote, forwarded_for=incoming.forwarded_for, trusted_proxies=self.trusted_proxies
        )
        return "from a PortOne address" if known else "not from a PortOne address"


def hasty(client: C) -> C:
    """A copy of the client that has an answer, or none, before PortOne stops waiting."""
    copy: C = client.with_options(timeout=HASTE, max_retries=1)
    return copy


def check_handled(*, handled: bool | None) -> bool:
    if handled is None:  # it would be answered 200 otherwise, and never come again
        raise RuntimeError("the event store suppressed an exception raised by the handler")
    return handled


def read_notice(incoming: Incoming, sender: str) -> WebhookEvent | Answer:
    """What the webhook says; or the answer to what is none that this endpoint takes."""
    if incoming.body is None:
        log.info("webhook rejected (%s): request body too large", sender)
        return Answer(413, "request body too large")
    try:
        notice = parse(incoming.body, incoming.content_type)
    except WebhookFormatError as error:
        log.info("webhook rejected (%s): %s", sender, error)
        return Answer(400, str(error))
    if notice.extra.get("event") in APART:
        log.warning("webhook rejected (%s): this event needs its own endpoint", sender)
        return Answer(422, "this endpoint accepts payment events only")
    return notice


def answer_to_unresolved(error: Exception, sender: str) -> Answer:
    """The payment could not be read: because there is none, or because V1 could not be asked."""
    told = type(error).__name__
    if isinstance(error, NotFoundError):
        log.warning("webhook rejected (%s): V1 has no such payment", sender)
        return Answer(404, "payment not found")
    if isinstance(error, VerificationError):
        log.warning("webhook rejected (%s): merchant_uid does not match the payment", sender)
        return Answer(409, "merchant_uid does not match the payment")
    if isinstance(error, InvalidRequestError) and error.status in (400, 414):
        log.warning("webhook rejected (%s): invalid imp_uid", sender)
        return Answer(404, "payment not found")
    if isinstance(error, PortOneError):
        log.error("webhook deferred (%s): could not read the payment from V1 (%s)", sender, told)
        return Answer(503, "temporarily unavailable; please redeliver")
    log.error("webhook processing failed (%s)", sender, exc_info=error)
    return Answer(500, "processing failed; please redeliver")
