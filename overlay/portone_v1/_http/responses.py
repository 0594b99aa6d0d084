"""Turn an answer into its payload, or into the error that says what the caller should do next.

The envelope is checked before the payload is read: V1 answers 200 with `code != 0` and no payload.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import Any, NoReturn, TypeVar, cast

from portone_v1_runtime import exact_json
from portone_v1_runtime.operation import Call, RawResponse
from portone_v1_runtime.payload import UnreadablePayload

from ..errors import (
    AuthenticationError,
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
from .excerpts import excerpt
from .messages import HttpResponse
from .redaction import hide

__all__ = ["NOTHING", "call_error", "no_answer", "not_sent", "read_answer"]

T = TypeVar("T")

NOTHING = "V1 did not execute the request"
HIDES_TESTS = frozenset({"payments.get"})
"""Operations that find payments of test channels only with `include_sandbox`."""
MAYBE = "V1 may have executed the request; read the payment or order before repeating"


def call_error(
    kind: type[Any],
    call: Call[Any],
    reason: str,
    response: HttpResponse | None = None,
    envelope: Mapping[str, Any] | None = None,
) -> PortOneError:
    envelope = envelope or {}
    message = envelope.get("message")
    error = kind(
        reason,
        operation=call.operation.name,
        ids=call.ids(),
        status=None if response is None else response.status,
        code=_code(envelope),
        message=message if isinstance(message, str) else None,
        headers=None if response is None else response.headers,
    )
    error.shown_message = hide(error.message, call.secrets())
    return cast("PortOneError", error)


def no_answer(call: Call[Any], how: str, status: int | None = None) -> PortOneError:
    begun = None if status is None else HttpResponse(status, {}, b"")
    if call.operation.safe:
        return call_error(NoAnswerError, call, how, begun)
    return call_error(OutcomeUnknownError, call, f"{how}; {MAYBE}", begun)


def not_sent(call: Call[Any], how: str) -> PortOneError:
    return call_error(NotSentError, call, f"{how}; {NOTHING}")


def _code(envelope: Mapping[str, Any]) -> int | None:
    code = envelope.get("code")
    if code.__class__ is int:
        return code
    try:
        return int(str(code))
    except ValueError:
        return None


def _envelope(response: HttpResponse) -> Mapping[str, Any] | None:
    try:
        body = exact_json.loads(response.body)
    except (ValueError, RecursionError):
        return None
    return cast("Mapping[str, Any]", body) if isinstance(body, dict) and _code(body) is not None else None  # pyright: ignore[reportUnknownArgumentType]


@lru_cache(maxsize=1)
def _strict_reader() -> Callable[..., Any] | None:
    """Return the strict decoder of the `speed` extra, or None if msgspec is missing or does not fit."""
    try:
        from portone_v1_generated import strict
        from portone_v1_runtime.strict_decode import read_strictly
    except Exception:
        return None
    return partial(read_strictly, strict)


def read_answer(call: Call[T], response: HttpResponse) -> RawResponse[T]:
    """Return the payload of a success, and raise the right error for everything else."""
    status, strict = response.status, _strict_reader()
    if strict is not None and status == 200 and call.operation.refusal is None:
        answer = strict(call.operation.read, response.body)
        if answer is not None and not _is_of_another_payment(call, answer.data):
            return RawResponse(
                data=call.complete(answer.data), status=200, headers=response.headers, code=0, message=answer.message
            )
    envelope = _envelope(response)
    if not 200 <= status < 300 or envelope is None:
        _raise_for_status(call, response, envelope)
    code = cast("int", _code(envelope))
    if code != 0:
        raise call_error(RefusedError, call, "refused by PortOne or the PG", response, envelope)
    payload = envelope.get("response")
    if call.operation.refusal is not None and isinstance(payload, dict):
        _raise_for_refusal(call, response, cast("dict[str, Any]", payload), call.operation.refusal)
    try:
        data = call.read(payload)
    except UnreadablePayload:
        _raise_unreadable(call, response, "code 0 without the expected payload", envelope)
    if _is_of_another_payment(call, data):
        _raise_unreadable(call, response, "V1 returned another payment or order", envelope)
    message = envelope.get("message")
    return RawResponse(
        data=data,
        status=status,
        headers=response.headers,
        code=code,
        message=message if isinstance(message, str) else None,
    )


def _is_of_another_payment(call: Call[Any], data: object) -> bool:
    """Return whether a write was answered with another payment: such an answer proves nothing about the write."""
    if call.operation.safe:
        return False
    ids = call.ids()
    if "imp_uid" in ids:  # if both ids are passed, V1 uses this one
        shown = getattr(data, "imp_uid", None)
        return isinstance(shown, str) and shown != ids["imp_uid"]
    order: Any = getattr(data, "merchant_uid", None) or ids.get("merchant_uid")
    return isinstance(order, str) and order.strip() != ids.get("merchant_uid", order).strip()


def _raise_for_status(call: Call[Any], response: HttpResponse, envelope: Mapping[str, Any] | None) -> NoReturn:
    status = response.status
    if status == 401:
        raise call_error(
            AuthenticationError, call, "V1 rejected the access token or the API key and secret", response, envelope
        )
    if status == 429:
        raise call_error(RateLimitError, call, "too many requests; retry later", response, envelope)
    if status == 501 and envelope is not None:  # documented by V1: this PG has no such operation
        raise call_error(InvalidRequestError, call, "not supported by this PG", response, envelope)
    if status >= 500 or status == 408:
        if call.operation.safe:
            raise call_error(ServerError, call, "V1 server error", response, envelope)
        reason = f"V1 server error; {MAYBE}"
        raise call_error(OutcomeUnknownError, call, reason, response, envelope)
    contradicts = envelope is not None and _code(envelope) == 0 and not call.operation.safe
    if envelope is None or status < 400 or contradicts:
        _raise_unreadable(call, response, f"expected V1's envelope, received {_shape(response)}")
    if status == 404:
        raise _not_found(call, response, envelope)
    raise call_error(InvalidRequestError, call, "V1 rejected the request as invalid", response, envelope)


def _not_found(call: Call[Any], response: HttpResponse, envelope: Mapping[str, Any] | None) -> PortOneError:
    error = call_error(NotFoundError, call, "V1 rejected the request as invalid", response, envelope)
    if call.operation.name in HIDES_TESTS:
        asked = str((call.query or {}).get("include_sandbox", "")).lower()
        if asked not in {"true", "1"}:
            cast("NotFoundError", error).hint = "test payments are returned only with include_sandbox=True"
    return error


def _raise_unreadable(
    call: Call[Any], response: HttpResponse, what: str, envelope: Mapping[str, Any] | None = None
) -> NoReturn:
    safe = call.operation.safe
    kind, reason = (ResponseFormatError, what) if safe else (OutcomeUnknownError, f"{what}; {MAYBE}")
    error = call_error(kind, call, reason, response, envelope)
    cast("ResponseFormatError", error).excerpt = excerpt(response.body)
    raise error from None


def _raise_for_refusal(
    call: Call[Any], response: HttpResponse, payload: dict[str, Any], fields: tuple[str, str]
) -> None:
    """Raise RefusedError for a payload that refuses although `code` is 0 (Paymentwall)."""
    code, message = payload.get(fields[0]), payload.get(fields[1])
    if code not in (None, 0, "", "0"):
        raise call_error(RefusedError, call, "refused by the PG", response, {"code": code, "message": message})


def _shape(response: HttpResponse) -> str:
    """Return what kind of body came instead, without any of its content."""
    body = response.body.lstrip()
    if not body:
        return "an empty response body"
    if body[:1] == b"<":
        return "a page"
    return (
        "JSON that is not V1's envelope"
        if body[:1] in b"{[" and body[-1:] in b"}]"
        else "a truncated or malformed response body"
    )
