"""The PortOne (formerly iamport, 포트원·아임포트) REST API V1 for Python.

    from portone_v1 import PortOne

    with PortOne(imp_key="…", imp_secret="…") as client:
        payment = client.payments.get("imp_…")

`client.<area>.<operation>` for each of the 85 operations, `AsyncPortOne` with the same to await; models in
`portone_v1.models`, named values in `portone_v1.enums`, errors in `portone_v1.errors`, a V1 of your own on this
machine in `portone_v1.sandbox`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portone_v1_generated._calls import CallOptions, Many, RawResponse
    from portone_v1_generated._reading import KST
    from portone_v1_generated._unset import FULL, UNSET

    from . import enums, errors, models
    from ._settings import Timeout
    from ._tokens import AsyncTokenStore, TokenStore
    from ._version import __version__
    from .client import AsyncPortOne, PortOne
    from .errors import (
        ApiError,
        AuthenticationError,
        ConfigurationError,
        InvalidRequestError,
        NoAnswerError,
        NotFoundError,
        NotSentError,
        OutcomeUnknownError,
        PortOneError,
        RateLimitError,
        RefusedError,
        ResponseFormatError,
        ServerError,
    )

__all__ = [
    "FULL",
    "KST",
    "UNSET",
    "ApiError",
    "AsyncPortOne",
    "AsyncTokenStore",
    "AuthenticationError",
    "CallOptions",
    "ConfigurationError",
    "InvalidRequestError",
    "Many",
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
    "__version__",
    "enums",
    "errors",
    "models",
]

_GENERATED = {
    "CallOptions": "_calls",
    "FULL": "_unset",
    "KST": "_reading",
    "Many": "_calls",
    "RawResponse": "_calls",
    "UNSET": "_unset",
}
_OWN = {
    "AsyncPortOne": ".client",
    "AsyncTokenStore": "._tokens",
    "PortOne": ".client",
    "Timeout": "._settings",
    "TokenStore": "._tokens",
    "__version__": "._version",
}
_MODULES = frozenset({"enums", "errors", "models"})


def __getattr__(name: str) -> object:
    """Everything is loaded when it is first asked for: importing this package costs next to nothing."""
    value: object
    if name in _MODULES:
        value = import_module(f".{name}", __name__)
    elif name in _GENERATED:
        value = getattr(import_module(f"portone_v1_generated.{_GENERATED[name]}"), name)
    elif name in _OWN:
        value = getattr(import_module(_OWN[name], __name__), name)
    elif name.endswith("Error") and name in __all__:
        value = getattr(import_module(".errors", __name__), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
