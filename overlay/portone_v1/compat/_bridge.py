"""Types and errors of an old client, for its bridge."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from portone_v1_runtime.models.fields import mask
from portone_v1_runtime.secret import Secret

from .._http.tracebacks import without_frames
from ..errors import PortOneError

__all__ = ["Failure", "concealed", "each", "exact", "old_types", "text"]

P = ParamSpec("P")
T = TypeVar("T")


class Failure(PortOneError):
    """Base class of the old client's two exceptions."""

    shown: str | None = None
    """`message` without the secrets that the call sent."""

    def __init__(self, code: Any, response: Any, message: Any) -> None:
        super().__init__(*((code, response) if response == message else (code, response, message)))
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return f"({self.code}) {self.shown if self.shown is not None else mask(str(self.message))}"

    def __repr__(self) -> str:
        return f"{type(self).__name__}{self}"


def concealed(method: Callable[P, T]) -> Callable[P, T]:
    """Keep what the method was called with (a card, a person, an account) out of the frames of an error."""

    @wraps(method)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        given: Secret[Any] = Secret((args, kwargs))
        del args, kwargs
        try:
            return cast("T", cast("Any", method)(*given.reveal()[0], **given.reveal()[1]))
        except BaseException as error:
            raise without_frames(error)  # noqa: B904 - it is the same error

    return call


def text(value: Any) -> Any:
    """Return an argument as text for a URL. None stays None, so that it is left out or refused."""
    if isinstance(value, list | tuple):
        return [str(item) for item in cast("list[Any]", value)]
    return value if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def exact(number: Any) -> Any:
    """Return a float, which the old client accepts, as a Decimal with the same digits."""
    return Decimal(repr(number)) if isinstance(number, float) else number


def old_types(payload: Any) -> Any:
    """Return JSON as the old client returns it: a number with a fraction is a float."""
    return each(payload, Decimal, float)


def each(value: Any, kind: type, convert: Callable[[Any], Any]) -> Any:
    """Return the value with everything of this kind in it converted."""
    if isinstance(value, kind):
        return convert(value)
    if isinstance(value, Mapping):
        members = cast("Mapping[str, Any]", value)
        return {name: each(item, kind, convert) for name, item in members.items()}
    items = cast("list[Any]", value)
    return [each(item, kind, convert) for item in items] if isinstance(value, list | tuple) else value
