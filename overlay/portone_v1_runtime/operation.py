"""An operation, one call of it and its answer. No network here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, Generic, ParamSpec, Protocol, TypedDict, TypeVar, cast
from urllib.parse import unquote

from .unset import ALL, UNSET

__all__ = [
    "AsyncSender",
    "Call",
    "CallOptions",
    "Operation",
    "RawResponse",
    "Sender",
    "async_raw",
    "raw",
    "raw_sender",
]

T = TypeVar("T")
P = ParamSpec("P")
S = TypeVar("S")


class CallOptions(TypedDict, total=False):
    """Options that every call takes in addition to its own arguments."""

    tier: str | None
    """하위 상점: the sub-merchant this call is for; None for the agent itself."""
    timeout: float | None
    """Seconds for each of connect, read and write; None waits for ever."""
    max_retries: int
    """How often a call may be repeated that only reads, or that is known not to have been executed."""
    extra_headers: Mapping[str, str]
    """Headers that replace the SDK's own."""
    extra_query: Mapping[str, str]
    """Query parameters that the specification does not know yet."""
    extra_body: Mapping[str, Any]
    """Body fields that the specification does not know yet; they replace fields of the same name."""


class Operation(Generic[T]):
    """The fixed properties of an operation."""

    __slots__ = ("authorized", "id", "method", "name", "path", "read", "refusal", "safe", "sensitive")

    def __init__(
        self,
        id: str,  # noqa: A002
        name: str,
        method: str,
        path: str,
        read: Callable[[Any], T],
        *,
        safe: bool,
        authorized: bool = True,
        sensitive: tuple[str, ...] = (),
        refusal: tuple[str, str] | None = None,
    ) -> None:
        self.id: str = id
        self.name: str = name
        """The name that callers use: `payments.cancel`."""
        self.method: str = method
        self.path: str = path
        self.read: Callable[[Any], T] = read
        self.safe: bool = safe
        """It changes nothing, so it may be repeated."""
        self.authorized: bool = authorized
        self.sensitive: tuple[str, ...] = sensitive
        self.refusal: tuple[str, str] | None = refusal

    def __repr__(self) -> str:
        return f"<{self.name}: {self.method} {self.path}>"


class Call(Generic[T]):
    """One call: the operation and its arguments in wire form."""

    __slots__ = ("body", "cookies", "headers", "operation", "path", "query", "requested")

    def __init__(
        self,
        operation: Operation[T],
        path: str,
        *,
        query: Mapping[str, str | list[str] | None] | None = None,
        headers: Mapping[str, str | None] | None = None,
        cookies: Mapping[str, str | None] | None = None,
        body: Mapping[str, Any] | None = None,
        requested: Mapping[str, Any] | None = None,
    ) -> None:
        self.operation: Operation[T] = operation
        self.path: str = path
        self.query: Mapping[str, str | list[str] | None] | None = query
        self.headers: Mapping[str, str | None] | None = headers
        self.cookies: Mapping[str, str | None] | None = cookies
        self.body: dict[str, Any] | None = (
            None if body is None else {name: value for name, value in body.items() if value is not UNSET}
        )
        self.requested: Mapping[str, Any] | None = requested

    def __repr__(self) -> str:
        return f"<call of {self.operation.name}>"

    def read(self, payload: Any) -> T:
        return self.complete(self.operation.read(payload))

    def complete(self, value: T) -> T:
        """Return the value that was read, after noting in it which requested ids it lacks."""
        if self.requested is not None:
            _note_missing(value, self.requested)
        return value

    def ids(self) -> dict[str, str]:
        """Return the ids that the call names, for messages only."""
        found: dict[str, str] = {}
        actual = self.path.split("/")
        for place, name in _named_segments(self.operation.path):
            if place < len(actual) and actual[place]:
                found[name] = unquote(actual[place])
        for name in ("imp_uid", "merchant_uid", "customer_uid"):
            value = (self.body or {}).get(name)
            if isinstance(value, str):
                found.setdefault(name, value)
        return found

    def secrets(self) -> list[str]:
        """Return the values of this call that must not be shown anywhere, longest first."""
        if not self.operation.sensitive:
            return []
        wanted = frozenset(self.operation.sensitive)
        parts = (self.body, self.query, self.headers, self.cookies)
        found = {text for part in parts for name, text in _texts(part) if name in wanted and _is_telling(text)}
        return sorted(found, key=len, reverse=True)


def _is_telling(text: str) -> bool:
    """Return whether to cross it out: no single character or short word (`SKT`), but 2 or 3 digits of a password."""
    return len(text) > 3 or (len(text) > 1 and text.isdecimal())


@lru_cache(maxsize=256)  # a custom call has a path of its own
def _named_segments(template: str) -> tuple[tuple[int, str], ...]:
    parts = enumerate(template.split("/"))
    return tuple((place, part[1:-1]) for place, part in parts if part.startswith("{"))


def _texts(node: Any, name: str = "") -> Iterable[tuple[str, str]]:
    if isinstance(node, Mapping):
        for key, value in node.items():  # pyright: ignore[reportUnknownVariableType]
            yield from _texts(value, str(key))  # pyright: ignore[reportUnknownArgumentType]
    elif isinstance(node, list):
        for item in node:  # pyright: ignore[reportUnknownVariableType]
            yield from _texts(item, name)
    elif isinstance(node, str):
        yield name, node


def _note_missing(items: Any, requested: Mapping[str, Any]) -> None:
    missing: list[str] = []
    for field, ids in requested.items():
        if ids is None or ids is UNSET or ids is ALL:
            continue
        there = {getattr(item, field, None) for item in items}
        wanted: list[str] = [ids] if isinstance(ids, str) else list(ids)
        missing += [one_id for one_id in dict.fromkeys(wanted) if one_id not in there]
    items.missing = tuple(missing)


class RawResponse(Generic[T]):
    """An answer with its envelope: `data` is what the plain method returns."""

    __slots__ = ("code", "data", "headers", "message", "status")

    def __init__(self, *, data: T, status: int, headers: Mapping[str, str], code: int, message: str | None) -> None:
        self.data: T = data
        self.status: int = status
        self.headers: Mapping[str, str] = headers
        self.code: int = code
        self.message: str | None = message

    def __repr__(self) -> str:
        return f"<RawResponse {self.status} code={self.code}>"


class Sender(Protocol):
    """What a synchronous API needs from the client."""

    def send(self, call: Call[T], options: CallOptions) -> T: ...

    def send_raw(self, call: Call[T], options: CallOptions) -> RawResponse[T]: ...


class AsyncSender(Protocol):
    """What an asynchronous API needs from the client."""

    async def send(self, call: Call[T], options: CallOptions) -> T: ...

    async def send_raw(self, call: Call[T], options: CallOptions) -> RawResponse[T]: ...


class _Raw:
    """A sender that always sends raw."""

    def __init__(self, sender: Any) -> None:
        self.send = self.send_raw = sender.send_raw


def raw_sender(sender: S) -> S:
    return cast("S", _Raw(sender))


def raw(method: Callable[P, T]) -> Callable[P, RawResponse[T]]:
    """Return the method, typed as returning a `RawResponse`: its API was built with `raw_sender`."""
    return cast("Callable[P, RawResponse[T]]", method)


def async_raw(method: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[RawResponse[T]]]:
    return cast("Callable[P, Awaitable[RawResponse[T]]]", method)
