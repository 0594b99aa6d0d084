"""One call from its arguments to its payload, without doing any input or output itself.

call → token → request → answer → payload or error; repeated only where that can not execute anything twice.
"""

from __future__ import annotations

import logging
import random
import re
import warnings
from collections.abc import Mapping
from copy import copy
from typing import Any, Final, TypeVar
from urllib.parse import quote, urlencode

from portone_v1_generated._calls import Call, CallOptions, Operation, RawResponse

from . import _json
from ._answers import NOTHING, no_answer, not_sent, read_answer
from ._settings import Settings, check_retries, check_tier, read_timeout
from ._tokens import TokenKeeper, is_token
from ._version import __version__
from ._wire import Flow, NoAnswer, NotSent, WireRequest, WireResponse
from .errors import (
    AuthenticationError,
    InvalidRequestError,
    NoAnswerError,
    NotFoundError,
    NotSentError,
    PortOneError,
    RateLimitError,
    RefusedError,
    ResponseFormatError,
    ServerError,
    recast,
)

__all__ = ["Engine"]

T = TypeVar("T")

log = logging.getLogger("portone_v1")

FIRST_PAUSE: Final = 0.25
LONGEST_PAUSE: Final = 8.0
LONGEST_WAIT_ASKED: Final = 60.0
CALL_OPTIONS: Final = frozenset(CallOptions.__annotations__)
HEADER: Final = r"[A-Za-z0-9!#$%&'*+.^_`|~-]+"


def _any_payload(payload: Any) -> Any:
    return payload


GET_TOKEN: Final = Operation[Any](
    "auth_get_token",
    "auth.get_token",
    "POST",
    "/users/getToken",
    _any_payload,
    safe=True,
    authorized=False,
    sensitive=("imp_key", "imp_secret"),
)


class Engine:
    """Everything that decides about a call. Copies share the token."""

    def __init__(self, settings: Settings, tokens: TokenKeeper) -> None:
        self.settings, self.tokens = settings, tokens
        self.tier, self.timeout, self.max_retries = settings.tier, settings.timeout, settings.max_retries
        self.pg: str | None = None
        self.pg_errors = False

    def with_options(self, changes: Mapping[str, Any]) -> Engine:
        engine = copy(self)
        if "tier" in changes:
            engine.tier = check_tier(changes["tier"])
        if "timeout" in changes:
            engine.timeout = read_timeout(changes["timeout"])
        if "max_retries" in changes:
            engine.max_retries = check_retries(changes["max_retries"])
        if "pg" in changes:
            engine.pg = getattr(changes["pg"], "pg_provider", changes["pg"])
        if "pg_errors" in changes:
            engine.pg_errors = bool(changes["pg_errors"])
        return engine

    def run(self, call: Call[T], options: CallOptions) -> Flow[RawResponse[T]]:
        if options:
            if unknown := options.keys() - CALL_OPTIONS:
                raise TypeError(f"{call.operation.name} has no argument {', '.join(sorted(unknown))}")
            engine = self.with_options(options)
        else:
            engine = self
        draft = engine.request(call, options)
        if engine.pg is not None:
            _advise(engine.pg, call, errors=engine.pg_errors)
        renewed, attempt = False, 0
        while True:
            token = (yield from self._token(call)) if call.operation.authorized else None
            request = draft if token is None else _authorize(draft, token)
            try:
                try:
                    response: WireResponse = yield lambda shell: shell.transmit(request)  # noqa: B023
                except NotSent as failure:
                    raise not_sent(call, str(failure)) from failure
                except NoAnswer as failure:
                    raise no_answer(call, str(failure), failure.status) from failure
                log.debug("%s: HTTP %d", call.operation.name, response.status)
                if response.status == 401 and token is not None and not renewed:
                    renewed = True  # a 401 proves that nothing was executed, so that even a write may be repeated
                    self.tokens.refuse(token)
                    continue
                return read_answer(call, response)
            except PortOneError as error:
                if attempt >= engine.max_retries or not _may_repeat(call, error):
                    raise
                pause = _pause(attempt, error)
                attempt += 1
                log.info("%s: %s; again in %.1f s", call.operation.name, type(error).__name__, pause)
            yield lambda shell: shell.sleep(pause)  # noqa: B023

    def request(self, call: Call[Any], options: CallOptions) -> WireRequest:
        """The request without its token."""
        headers = {"Accept": "application/json", "User-Agent": f"portone-v1-python/{__version__}"}
        if self.tier is not None and call.operation.authorized:
            headers["Tier"] = self.tier
        body = call.body
        if extra_body := options.get("extra_body"):
            body = {**(body or {}), **extra_body}
        content: bytes | None = None
        if body is not None:
            headers["Content-Type"] = "application/json; charset=UTF-8"
            content = _json.dumps(body).encode("utf-8")
        if extra_headers := options.get("extra_headers"):
            _lay_over(headers, extra_headers)
        path = call.path
        if call.query or options.get("extra_query"):
            path += _query(call.query or {}, options.get("extra_query") or {})
        return WireRequest(call.operation.method, path, headers, content, self.timeout)

    def _token(self, call: Call[Any]) -> Flow[str]:
        """The token; where none can be had, the call itself was certainly not sent."""
        try:
            return (yield from self.tokens.current())
        except (
            NoAnswerError,
            NotFoundError,
            NotSentError,
            RateLimitError,
            ResponseFormatError,
            ServerError,
        ) as error:
            failure = not_sent(call, f"no token could be had: {error.reason.removesuffix(f'; {NOTHING}')}")
            if isinstance(failure, NotSentError):
                failure.status = error.status
            raise failure from error

    def fetch_token(self) -> Flow[Mapping[str, Any]]:
        """Ask V1 for the token. Asking is harmless, so it is repeated like a read."""
        body = {"imp_key": self.settings.imp_key, "imp_secret": self.settings.imp_secret}
        call = Call(GET_TOKEN, GET_TOKEN.path, body=body)
        try:
            answer = yield from self.run(call, {})
        except (InvalidRequestError, RefusedError) as error:
            raise recast(error, AuthenticationError, "the key pair was not accepted") from error
        data = answer.data
        if not isinstance(data, Mapping) or not is_token(data.get("access_token")):  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
            raise no_answer(call, "the answer held no token")
        return data  # pyright: ignore[reportUnknownVariableType]


def _may_repeat(call: Call[Any], error: PortOneError) -> bool:
    if isinstance(error, NotSentError):
        return True
    return call.operation.safe and isinstance(error, NoAnswerError | ServerError | RateLimitError)


def _pause(attempt: int, error: PortOneError) -> float:
    """Seconds before the next try: what the server asks for, else doubling, with jitter."""
    headers: Mapping[str, str] = getattr(error, "headers", {})
    asked = headers.get("retry-after", "")
    if asked.isdecimal() and len(asked) < 4 and int(asked) <= LONGEST_WAIT_ASKED:
        return float(asked)
    longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(attempt, 16))
    return longest * (0.5 + random.random() / 2)  # noqa: S311 - jitter, not a secret


def _authorize(draft: WireRequest, token: str) -> WireRequest:
    if any(name.lower() == "authorization" for name in draft.headers):  # the caller's own, by extra_headers
        return draft
    headers = {"Authorization": f"Bearer {token}", **draft.headers}
    return WireRequest(draft.method, draft.path, headers, draft.content, draft.timeout)


def _lay_over(headers: dict[str, str], extra: Mapping[Any, Any]) -> None:
    """The caller's headers instead of the SDK's own. What no header can hold is said before anything is sent."""
    for name, value in extra.items():
        if not isinstance(name, str) or not isinstance(value, str):
            raise TypeError("extra_headers must hold str")
        if not re.fullmatch(HEADER, name) or not value.isascii() or not value.isprintable() or value != value.strip():
            raise ValueError("extra_headers must be names and printable ASCII texts")
        for own in [own for own in headers if own.lower() == name.lower()]:
            del headers[own]
        headers[name] = value


def _query(query: Mapping[str, str | list[str] | None], extra: Mapping[str, str]) -> str:
    pairs: list[tuple[str, str]] = []
    for name, value in {**query, **extra}.items():
        if isinstance(value, list):
            pairs += [(name, item) for item in value]
        elif value is not None:
            pairs.append((name, str(value)))
    return "?" + urlencode(pairs, quote_via=quote) if pairs else ""


def _advise(pg: str, call: Call[Any], *, errors: bool) -> None:
    from .pg_rules import PgRuleError, PgRuleWarning, advice

    found = advice(pg, call)
    if found and errors:
        raise PgRuleError(f"{call.operation.name}: {'; '.join(found)}")
    for sentence in found:
        warnings.warn(f"{call.operation.name}: {sentence}", PgRuleWarning, stacklevel=8)  # the line of the caller
