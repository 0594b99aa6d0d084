"""The PortOne (formerly iamport, 포트원·아임포트) REST API V1 for Python.

    from portone_v1 import PortOne

    with PortOne(imp_key="…", imp_secret="…") as client:
        payment = client.payments.get("imp_…")

`client.<area>.<operation>` for each of the 85 operations, `AsyncPortOne` with the same to await; models in
`portone_v1.models`, named values in `portone_v1.enums`, errors in `portone_v1.errors`, what the
money-safe operations return in `portone_v1.results`, a V1 of your own on this machine in `portone_v1_sandbox`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portone_v1_runtime.advice import AdviceWarning
    from portone_v1_runtime.decode import KST
    from portone_v1_runtime.operation import CallOptions, RawResponse
    from portone_v1_runtime.payload import BulkList
    from portone_v1_runtime.unset import ALL, FULL, UNSET

    from . import client as client
    from . import enums, errors, events, intents, models, operations, pg_rules, results, webhooks
    from ._http.settings import Timeout
    from ._http.tokens import AsyncTokenStore, TokenStore
    from ._version import __version__
    from .client import AsyncPortOne, PortOne
    from .clock import AsyncClock, Clock
    from .errors import (
        ApiError,
        AuthenticationError,
        ConfigurationError,
        DeadlineError,
        DoublePaymentError,
        InProgressError,
        IntentStoreError,
        InvalidRequestError,
        KeyConflictError,
        NoAnswerError,
        NotFoundError,
        NotSentError,
        OutcomeUnknownError,
        PortOneError,
        RateLimitError,
        RefusedError,
        ResponseFormatError,
        ServerError,
        UndecidedError,
        VerificationError,
        WrongShopError,
    )

# fmt: off
__all__ = [
    "ALL",
    "FULL",
    "KST",
    "UNSET",
    "AdviceWarning",
    "ApiError",
    "AsyncClock",
    "AsyncPortOne",
    "AsyncTokenStore",
    "AuthenticationError",
    "BulkList",
    "CallOptions",
    "Clock",
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
    "PortOne",
    "PortOneError",
    "RateLimitError",
    "RawResponse",
    "RefusedError",
    "ResponseFormatError",
    "ServerError",
    "Timeout",
    "TokenStore",
    "UndecidedError",
    "VerificationError",
    "WrongShopError",
    "__version__",
    "enums",
    "errors",
    "events",
    "intents",
    "models",
    "operations",
    "pg_rules",
    "results",
    "webhooks",
]
# fmt: on

_HOMES = {
    "portone_v1_runtime.advice": ("AdviceWarning",),
    "portone_v1_runtime.operation": ("CallOptions", "RawResponse"),
    "portone_v1_runtime.payload": ("BulkList",),
    "portone_v1_runtime.decode": ("KST",),
    "portone_v1_runtime.unset": ("ALL", "FULL", "UNSET"),
    "portone_v1._http.settings": ("Timeout",),
    "portone_v1._http.tokens": ("AsyncTokenStore", "TokenStore"),
    "portone_v1._version": ("__version__",),
    "portone_v1._async.client": ("AsyncPortOne",),
    "portone_v1._sync.client": ("PortOne",),
    "portone_v1.clock": ("AsyncClock", "Clock"),
    "portone_v1.errors": tuple(name for name in __all__ if name.endswith("Error")),
}


_MODULES = (
    *("client", "enums", "errors", "events", "intents", "models", "operations", "pg_rules"),
    *("results", "subscriptions", "webhooks"),
)
"""Loaded on first use. An annotation such as `portone_v1.results.Refund` loads nothing, and can be evaluated."""


if not TYPE_CHECKING:  # or a type checker would take every name

    def __getattr__(name: str) -> object:
        """Load public names on first use, so that importing this package stays fast."""
        if name in _MODULES:
            return import_module(f"portone_v1.{name}")
        for home, names in _HOMES.items():
            if name in names:
                value: object = getattr(import_module(home), name)
                globals()[name] = value
                return value
        if not name.startswith("_"):
            import_module("portone_v1._elsewhere").refuse_elsewhere(name, __name__)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
