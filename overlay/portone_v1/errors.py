"""Errors, by what the caller should do next.

    PortOneError
    ├─ ConfigurationError      the client configuration is invalid
    ├─ ApiError                V1 returned an error response; nothing was executed
    │  ├─ AuthenticationError  401: V1 rejected the token or the API key and secret
    │  ├─ NotFoundError        404: no such record for this merchant
    │  ├─ InvalidRequestError  400, 405, 409, …: the request is invalid
    │  ├─ RefusedError         200 with `code != 0`: PortOne or the PG refused
    │  ├─ RateLimitError       429: retry later
    │  └─ ServerError          5xx in response to a read: retry later
    ├─ VerificationError       the payment does not match the order
    ├─ ResponseFormatError     a read returned something other than V1's envelope
    ├─ NoAnswerError           a read got no response
    ├─ NotSentError            certainly not executed: the request was not sent
    │  └─ DeadlineError        too little of the deadline was left for a write
    ├─ InProgressError         nothing was sent: an earlier write on this order is not decided
    ├─ KeyConflictError        nothing was sent: the key was used for another request
    ├─ DoublePaymentError      the order has more than one payment
    ├─ WrongShopError          nothing was read: the intent belongs to another merchant
    ├─ IntentStoreError        nothing was sent: the journal could not be written
    └─ OutcomeUnknownError     a write that may have been executed: money may have moved
       └─ UndecidedError       the same, and the intent is kept: settle decides it

No message, `repr` or attribute shown in one contains a key, token, card number or personal data. Wrong arguments are
plain `TypeError` and `ValueError`, before anything is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from portone_v1_runtime.one_line import one_line

from ._elsewhere import loader

__all__ = [
    "ApiError", "AuthenticationError", "ConfigurationError", "DeadlineError", "DoublePaymentError", "InProgressError",
    "IntentStoreError", "InvalidRequestError", "KeyConflictError", "NoAnswerError", "NotFoundError", "NotSentError",
    "OutcomeUnknownError", "PortOneError", "RateLimitError", "RefusedError", "ResponseFormatError", "ServerError",
    "UndecidedError", "VerificationError", "WrongShopError",
]  # fmt: skip
if not TYPE_CHECKING:  # or a type checker would take every name
    __getattr__ = loader(__name__)
T = TypeVar("T")
DOCUMENTED: Final = frozenset({*__all__, "SubscriptionError", "WebhookFormatError"})
"""Classes with a section on the page of errors; those beside `__all__` belong to other modules."""
DOCS_URL: Final = "https://docs.example.com/portone-v1"
"""Where `make docs` is published: `Documentation` in pyproject.toml."""
_sections: dict[type[BaseException], str] = {}


class PortOneError(Exception):
    """Base class of all errors raised by this package. A traceback ends with the link to `docs_url`."""

    def __init__(self, *args: object) -> None:
        super().__init__(*args)
        self.add_note(f"See {self.docs_url}")  # a note: str(error), which goes to logs, stays one line

    @property
    def docs_url(self) -> str:
        """The section on this class in the documentation: what it means for the money, what to do."""
        kind = type(self)
        if kind not in _sections:
            name = next(each.__name__ for each in kind.__mro__ if each.__name__ in DOCUMENTED)
            _sections[kind] = f"{DOCS_URL}/errors/#{name.lower()}"
        return _sections[kind]

    request_id: str | None = None
    """The id of the failed call, the same as in log records and events. The client's own, never sent to V1."""


class ConfigurationError(PortOneError, ValueError):
    """The client configuration is invalid. Nothing was sent."""


class _CallError(PortOneError):
    """Base class of errors of a single API call."""

    summary = "failed"

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
        """What happened, in the SDK's words."""
        self.operation = operation
        """The operation, `payments.cancel`."""
        self.ids: dict[str, str] = {name: value for name, value in (ids or {}).items() if value}
        """Ids in the call."""
        self.status = status
        """HTTP status, if a response arrived."""
        self.code = code
        """V1's `code`, if the response had its envelope."""
        self.message = message
        """Text of PortOne or the PG, unchanged but for the client's own key pair and token, should they be in it. Show
        it to the buyer; do not parse it."""
        self.headers: Mapping[str, str] = {} if headers is None else headers
        """Response headers."""

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
        facts += [f"{name}={one_line(value)}" for name, value in self.ids.items() if name.endswith("_uid")]
        text = one_line(self.shown_message or self.reason)
        shown = f" ({', '.join(facts)})" if facts else ""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.operation or 'request'}: {self.summary}{shown}: {text}{hint}"

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self}>"

    hint: str | None = None
    """What to try, if the call left out an argument whose lack is often the cause."""

    excerpt: str | None = None
    """Outline of an unreadable response: the page's title, or field names and types; never a value."""

    shown_message: str | None = None
    """`message` with secrets of the call and card numbers masked."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (type(self), dict(self.__dict__))


def _restore(kind: type[_CallError], state: dict[str, Any]) -> _CallError:
    """Restore a pickled error: task queues send errors between processes."""
    error = kind(state["reason"])
    error.__dict__.update(state)
    return error


def convert_error(error: _CallError, kind: type[T], reason: str) -> T:
    """Return the same facts as an error of another class."""
    facts = {name: value for name, value in error.__dict__.items() if name != "__notes__"}
    return cast("T", _restore(cast("type[_CallError]", kind), {**facts, "reason": reason}))


class ApiError(_CallError):
    """V1 returned an error response. V1 executed nothing for this call."""

    status: int
    summary = "request failed"


class AuthenticationError(ApiError):
    """HTTP 401: V1 rejected the access token or the API key and secret. Nothing was executed."""

    summary = "authentication failed"


class NotFoundError(ApiError):
    """HTTP 404: no such record for this merchant, or a test payment read without `include_sandbox=True`."""

    summary = "not found"


class InvalidRequestError(ApiError):
    """HTTP 400, 405, 409 or another 4xx: the request is invalid. 501: the PG does not support the operation."""

    summary = "invalid request"


class RefusedError(ApiError):
    """HTTP 200 with `code != 0`: PortOne or the PG refused the request. `message` is their text, unchanged."""

    summary = "refused"


class RateLimitError(ApiError):
    """HTTP 429: too many requests. Retry later."""

    summary = "rate limited"


class ServerError(ApiError):
    """HTTP 5xx in response to a read. Safe to retry."""

    summary = "server error"


class ResponseFormatError(_CallError):
    """A read returned something other than V1's envelope; `excerpt` shows its beginning, masked."""

    summary = "unreadable response"


class NoAnswerError(_CallError):
    """A read got no response. Safe to retry."""

    summary = "no response"


class NotSentError(_CallError):
    """The request was certainly not executed: no connection, or no access token. Safe to retry."""

    summary = "not sent"


class DeadlineError(NotSentError):
    """Too little of the deadline was left for a write. Nothing was sent; call again."""


class InProgressError(_CallError):
    """An earlier write on the same order, payment or key is not decided yet. Nothing was sent by this call.

    Offer no other card. The same call may be made again later, and `client.settle_all` decides the earlier write.
    """

    summary = "an earlier request on this order is still open; nothing was sent"

    intent: object = None
    """The earlier write."""
    payments: tuple[Any, ...] = ()
    """The undecided attempts, if V1 shows them."""


class KeyConflictError(_CallError, ValueError):
    """The order or key was used for another amount, currency or payment. Nothing was sent."""

    summary = "the key was used with another amount or payment; nothing was sent"

    intent: object = None
    """What the key was used for before."""
    payments: tuple[Any, ...] = ()
    """The order's existing payment."""


class DoublePaymentError(_CallError):
    """The order has more than one payment. Refund all but one of them by its `imp_uid`."""

    summary = "the order has more than one payment"

    intent: object = None
    payments: tuple[Any, ...] = ()
    """The payments as V1 returned them."""


class WrongShopError(_CallError):
    """The intent belongs to another API key, host or tier. Nothing was read."""

    summary = "recorded by another merchant or tier; nothing was read"

    intent: object = None


class IntentStoreError(PortOneError):
    """The journal could not be read or written. Raised before a write, nothing was sent."""


class OutcomeUnknownError(_CallError):
    """A write may have been executed: no response, a 5xx, or an unreadable response.

    Money may have moved. Do not repeat it: `client.settle(error)` reads what became of it.
    """

    summary = "outcome unknown"

    intent: object = None
    """The write, for `client.settle`; recorded if the client has a journal."""


class UndecidedError(OutcomeUnknownError):
    """A `…_once` call that may have been executed. The intent is kept; `settle` or `settle_all` decides it.

    Show "checking", never "failed": offer no other card until it is decided.
    """


class VerificationError(_CallError):
    """The payment exists but does not match the order. Do not deliver."""

    summary = "payment does not match the order"

    payment: Any = None
    """The payment as V1 returned it."""
    mismatches: Mapping[str, tuple[Any, Any]] = {}
    """Each differing field: (expected, found)."""
