"""Tell from an error of the transport whether the request was never sent or may have been received."""

from __future__ import annotations

import ssl
from typing import NoReturn

from .messages import NoAnswer, NotSent

__all__ = ["raise_failure"]


def raise_failure(
    error: BaseException,
    status: int | None,
    *,
    not_sent: tuple[type[BaseException], ...],
    timeouts: tuple[type[BaseException], ...],
    quoting: tuple[type[BaseException], ...],
) -> NoReturn:
    """Turn an error of the transport into ours. Its text may contain a URL, so only its class is named.

    `quoting`: errors whose text contains bytes of the exchange. They are not shown as the cause either.
    """
    if status is None and isinstance(error, not_sent):
        cause = None if isinstance(error, timeouts) else error.__cause__ or error.__context__
        while cause is not None and not isinstance(cause, ssl.SSLError):
            cause = cause.__cause__ or cause.__context__
        why = f"TLS: {_tls_reason(cause)}" if isinstance(cause, ssl.SSLError) else type(error).__name__
        raise NotSent(f"could not connect ({why})") from error
    how = "no response" if status is None else "the response ended early"
    failure = NoAnswer(f"{how} ({type(error).__name__})", status)
    if isinstance(error, quoting):
        raise failure from None
    raise failure from error


def _tls_reason(error: ssl.SSLError) -> str:
    verify = getattr(error, "verify_message", None)
    return str(verify or error.reason or "TLS handshake failed").lower().replace("_", " ")
