"""Values that no display of local variables can show: Sentry, rich, structlog, `pytest --showlocals`, IPython.

A `str` with a masked `repr` leaks (renderers slice long texts, and a slice is a plain `str`), and so does a `dict` with
one (Sentry expands mappings). An opaque object leaks nowhere.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, NoReturn, TypeVar

from .unset import UNSET

__all__ = ["Secret", "conceal", "hidden", "reveal"]

T = TypeVar("T")


class Secret(Generic[T]):
    """An opaque holder of a key, a token, a card number or personal data."""

    __slots__ = ("__value",)

    def __init__(self, value: T) -> None:
        self.__value = value

    def reveal(self) -> T:
        """Return the value. Call this in the frame that needs the value, and no earlier."""
        return self.__value

    def __repr__(self) -> str:
        return "Secret('***')"

    __str__ = __repr__
    __sentry_repr__ = __repr__

    def __format__(self, spec: str) -> str:
        return "***"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret is not pickled")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and bool(self.__value == other.reveal())  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]

    __hash__ = None  # type: ignore[assignment]


def conceal(value: T) -> T:
    """Hide a value from tools that show the frames of this call. Its type stays the same."""
    given: Any = value  # without `cast`, which is a call: every method conceals a few
    if given is None or given is UNSET or given == "" or isinstance(given, Secret):
        return value
    concealed: Any = Secret(value)
    return concealed  # type: ignore[no-any-return]


def reveal(value: Any) -> Any:
    """Return what `conceal` hid, or the value itself."""
    return value.reveal() if isinstance(value, Secret) else value  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]


def hidden(check: Callable[[str, Any], Any], name: str, value: Any) -> Any:
    """Check a concealed argument. An error that the check raises keeps no frame that holds the value."""
    try:
        return check(name, reveal(value))
    except (TypeError, ValueError) as error:
        failure = error.with_traceback(None)
    failure.__context__ = None
    raise failure
