"""What can go wrong, by what the caller should do next.

    PortOneError
    ├─ ConfigurationError      the client can not be built like this
    ├─ ApiError                V1 answered, and the answer is not the one wished for; nothing was executed
    │  ├─ AuthenticationError  401: the key pair or the token is refused
    │  ├─ NotFoundError        404: no such record, or not yours
    │  ├─ InvalidRequestError  400, 405, 409, …: the request is wrong as it is
    │  ├─ RefusedError         200 with `code != 0`: PortOne or the PG said no
    │  ├─ RateLimitError       429: later
    │  └─ ServerError          5xx to a read: later
    ├─ VerificationError       the payment is not the one that was ordered
    ├─ ResponseFormatError     a read was answered with something that is not V1's envelope
    ├─ NoAnswerError           a read's answer never came
    ├─ NotSentError            certainly not executed: the request never left
    │  └─ DeadlineError        too little of the deadline was left for a write
    ├─ InProgressError         nothing was sent: an earlier write on this order is not decided
    ├─ KeyConflictError        nothing was sent: the key was used for another request
    ├─ DoublePaymentError      the order has more than one payment
    ├─ WrongShopError          nothing was read: the intent belongs to another merchant
    ├─ IntentStoreError        nothing was sent: the journal could not be written
    └─ OutcomeUnknownError     a write that may have been executed: money may have moved
       └─ UndecidedError       the same, and the intent is kept: settle decides it

No message, `repr` or attribute shown in one holds a key, token, card number or personal datum. Wrong arguments are
plain `TypeError` and `ValueError`, before anything is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

__all__ = [
    "ApiError",
    "AuthenticationError",
    "ConfigurationError",
    "DeadlineError",
    "DoublePaymentError",
    "InProgressError",
    "IntentStoreError",
    "InvalidRequestError",
    "KeyConflictError",
    "NoAnswerError",
    "NotFoundError",
    "NotSentError",
    "OutcomeUnknownError",
    "PortOneError",
    "RateLimitError",
    "RefusedError",
    "ResponseFormatError",
    "ServerError",
    "UndecidedError",
    "VerificationError",
    "WrongShopError",
]


T = TypeVar("T")


class PortOneError(Exception):
    """Everything that this package raises of its own."""


class ConfigurationError(PortOneError, ValueError):
    """The client can not be built like this; nothing was sent."""


class _CallError(PortOneError):
    """An error of one call."""

    saying = "failed"

    def __init__(
        self,
        reason: str = "",
        *,
        operation: str = "",
        ids: Mapping[str, str] | None = None,
        status: int | None = None,
        code: int | None = None,
        message: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        """What happened, in our words."""
        self.operation = operation
        """The operation, `payments.cancel`."""
        self.ids: dict[str, str] = dict(ids or {})
        """The ids that the call named."""
        self.status = status
        """HTTP status, where an answer came."""
        self.code = code
        """V1's `code`, where its envelope came."""
        self.message = message
        """V1's or the PG's own sentence, word for word: fit to be shown to the buyer, and not to be parsed."""
        self.headers: dict[str, str] = dict(headers or {})
        """The answer's headers."""

    @property
    def imp_uid(self) -> str | None:
        return self.ids.get("imp_uid")

    @property
    def merchant_uid(self) -> str | None:
        return self.ids.get("merchant_uid")

    @property
    def customer_uid(self) -> str | None:
        return self.ids.get("customer_uid")

    def __str__(self) -> str:
        facts = [f"HTTP {self.status}"] if self.status is not None else []
        facts += [f"code {self.code}"] if self.code is not None else []
        facts += [f"{name}={value}" for name, value in self.ids.items() if name.endswith("_uid")]
        told = self.shown_message or self.reason
        beside = f" ({', '.join(facts)})" if facts else ""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.operation or 'call'} {self.saying}{beside}: {told}{hint}"

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self}>"

    hint: str | None = None
    """What to try, where the call left out what often is the reason."""

    excerpt: str | None = None
    """What an unreadable answer looked like: a page's title, or field names and kinds; never a value."""

    shown_message: str | None = None
    """`message` with everything crossed out that the call itself sent as a secret, and with card numbers."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (type(self), dict(self.__dict__))


def _restore(kind: type[_CallError], state: dict[str, Any]) -> _CallError:
    """Errors travel between processes (task queues pickle them)."""
    error = kind(state["reason"])
    error.__dict__.update(state)
    return error


def recast(error: _CallError, kind: type[T], reason: str) -> T:
    """The same facts as an error of another kind."""
    return cast("T", _restore(cast("type[_CallError]", kind), {**error.__dict__, "reason": reason}))


class ApiError(_CallError):
    """V1 answered. Nothing was executed by this call."""

    status: int
    saying = "was not done"


class AuthenticationError(ApiError):
    """401: the key pair or the token is refused. Nothing was done; look at the key and the secret."""

    saying = "was not let in"


class NotFoundError(ApiError):
    """404: there is no such record, or it is not yours, or it is a test payment and `include_sandbox` was not said."""

    saying = "found nothing"


class InvalidRequestError(ApiError):
    """The request is wrong as it is (400, 405, 409, other 4xx; 501: this PG has no such operation)."""

    saying = "was found wrong"


class RefusedError(ApiError):
    """HTTP 200 with `code != 0`: PortOne or the PG said no. `message` says why; no money moved."""

    saying = "was refused"


class RateLimitError(ApiError):
    """429: too many requests; try later."""

    saying = "was put off"


class ServerError(ApiError):
    """5xx to a read. Asking again later is harmless."""

    saying = "met a failing server"


class ResponseFormatError(_CallError):
    """A read was answered with something that is not V1's envelope; `excerpt` tells what it looked like."""

    saying = "got an unreadable answer"


class NoAnswerError(_CallError):
    """The answer to a read never came. Asking again is harmless."""

    saying = "got no answer"


class NotSentError(_CallError):
    """Certainly not executed: the connection failed, or no token could be had. Repeating is safe."""

    saying = "was not sent"


class DeadlineError(NotSentError):
    """Too little of the deadline was left for a write. Nothing was sent; call again."""


class InProgressError(_CallError):
    """An earlier write on the same order, payment or key is not decided yet. Nothing was sent by this call.

    Offer no other card. The same call may be made again later, and `client.settle_all` decides the earlier write.
    """

    saying = "has to wait for an earlier write"

    intent: object = None
    """The earlier write."""
    payments: tuple[Any, ...] = ()
    """The attempts that are not decided, where V1 shows them."""


class KeyConflictError(_CallError, ValueError):
    """The order or key was used for another amount, currency or payment. Nothing was sent."""

    saying = "was given a key that belongs to another request"

    intent: object = None
    """What the key was used for before."""
    payments: tuple[Any, ...] = ()
    """The payment that the order has already."""


class DoublePaymentError(_CallError):
    """The order has more than one payment. Refund all but one of them by its `imp_uid`."""

    saying = "found two payments of one order"

    intent: object = None
    payments: tuple[Any, ...] = ()
    """The payments as V1 holds them."""


class WrongShopError(_CallError):
    """The intent belongs to another key pair, host or tier. Nothing was read."""

    saying = "was given another merchant's intent"

    intent: object = None


class IntentStoreError(PortOneError):
    """The journal could not be read or written. Raised before a write, nothing was sent."""


class OutcomeUnknownError(_CallError):
    """A write that may have been executed: the answer never came, was a 5xx, or could not be read.

    Money may have moved. Read the payment or the order back before repeating anything.
    """

    saying = "has an unknown outcome"

    recovery: Any = None
    """What `client.settle(error)` needs, where the call was one of the `…_once` methods."""


class UndecidedError(OutcomeUnknownError):
    """A `…_once` call that may have been executed. The intent is kept; `settle` or `settle_all` decides it.

    Show "checking", never "failed": offer no other card until it is decided.
    """

    intent: object = None
    """The recorded write."""


class VerificationError(_CallError):
    """The payment exists, but it is not the one that was ordered. Deliver nothing."""

    saying = "found another payment than the one ordered"

    payment: Any = None
    """The payment as V1 holds it."""
    mismatches: Mapping[str, tuple[Any, Any]] = {}
    """Every field that differs: what was expected, what was found."""
