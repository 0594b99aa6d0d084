"""Arguments of a request, checked against the operation table."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from portone_v1_runtime.exact_json import dumps

from ..errors.base import missing, too_long, unsupported_status, wrong_value
from ..errors.control import unknown_names, unknown_value
from ..errors.pgs import payco_refuses_status
from ..wire.json_types import is_list, is_object
from ..wire.money import read_amount
from .given import Given, Source, given_values, names_of

if TYPE_CHECKING:
    from portone_v1_generated.operations import OperationInfo, ParameterInfo

__all__ = ["Arguments", "check_arguments", "require_known_names", "require_lengths", "unknown_fields"]

KEPT_AS_TEXT: Final = frozenset({"custom_data"})
"""Texts that V1 also accepts as an object, and stores as JSON."""

COUNTED_LATER: Final = frozenset({"subscribe_again"})
"""V1 refuses an unknown billing key before a long order number: the vendor's Go suite sends both."""
LONGEST_NAME: Final = 80
MOST_NAMES: Final = 20


class Arguments:
    """Checked arguments by wire name. Missing ones are None."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def text(self, name: str) -> str | None:
        value: str | None = self._values.get(name)
        return value

    def need_text(self, name: str) -> str:
        value: str = self._values[name]
        return value

    def texts(self, name: str) -> list[str]:
        value: list[str] = self._values.get(name) or []
        return value

    def money(self, name: str) -> Decimal | None:
        value: Decimal | None = self._values.get(name)
        return value

    def need_money(self, name: str) -> Decimal:
        value: Decimal = self._values[name]
        return value

    def integer(self, name: str) -> int | None:
        value: int | None = self._values.get(name)
        return value

    def need_integer(self, name: str) -> int:
        value: int = self._values[name]
        return value

    def boolean(self, name: str) -> bool:
        return bool(self._values.get(name))

    def mapping(self, name: str) -> dict[str, Any]:
        value = self._values.get(name)
        return value if is_object(value) else {}

    def nested(self, name: str) -> Any:
        """Return a list or an object as it was sent; its content is not checked yet."""
        return self._values.get(name)

    def given(self, name: str) -> bool:
        return name in self._values


def require_known_names(operation: OperationInfo, source: Source) -> None:
    """Refuse a name that the operation does not have. V1 ignores such names; control calls must not."""
    known = names_of(operation) - {"_token"}
    unknown = [name for name in source.get("body", {}) if name not in known]
    if unknown:
        raise unknown_names(unknown, known)


def unknown_fields(operation: OperationInfo, source: Source) -> list[str]:
    """Return the unknown names in query and body. V1 ignores them, so the journal shows them."""
    known = names_of(operation)
    names = [name for place in ("query", "body") for name in source.get(place, {}) if name not in known]
    if not names:
        return names
    return [name[:LONGEST_NAME] for name in names[:MOST_NAMES]]


def check_arguments(operation: OperationInfo, source: Source | Given, advice: list[str] | None = None) -> Arguments:
    """Return the checked arguments. Raises Refusal for missing or invalid ones; unknown fields are ignored, as V1 does.

    With `advice`, a value that only a list of the vendor lacks is noted there and passed on; in a query it is left out.
    """
    given = source if isinstance(source, Given) else given_values(operation, source)
    absent = [parameter.name for parameter in given.absent if parameter.required]
    if absent:
        raise missing(absent)
    _refuse_fractions(given)
    unlisted = () if advice is None else tuple(p for p, value in given.values if _is_unlisted(p, value))
    if advice is not None:
        advice += [f"{each.name} is none of {', '.join(each.values)}" for each in unlisted]
    kept = [(p, value) for p, value in given.values if not _is_replaced(p, value) and p not in unlisted]
    counted, ours = operation.id not in COUNTED_LATER, operation.path.startswith("/_sandbox/")
    checked = {p.name: _checked(p, value, looking_up=operation.safe, counted=counted, ours=ours) for p, value in kept}
    return Arguments(checked | {p.name: value for p, value in given.values if p in unlisted and p.location != "query"})


def require_lengths(operation: OperationInfo, arguments: Arguments) -> None:
    """Refuse a text that is too long. For the operations in which V1 checks the length after everything else."""
    for parameter in operation.parameters:
        if parameter.max_length and parameter.kind == "text":
            _require_length(parameter, arguments.text(parameter.name))


def _refuse_fractions(given: Given) -> None:
    """Raise Refusal for a fraction of a currency that has none."""
    codes = [(p.whole_units, value) for p, value in given.values if p.whole_units]
    codes += [(p.whole_units, None) for p in given.absent if p.whole_units]
    for whole_units, code in codes:
        if str(code or "KRW").upper() in whole_units:
            for parameter, value in given.values:
                if parameter.kind == "money" and read_amount(parameter.name, value) % 1:
                    raise wrong_value(parameter.name)


def _is_unlisted(parameter: ParameterInfo, value: Any) -> bool:
    """Return whether the vendor's list lacks a text that V1 was not seen refusing."""
    if not parameter.values or parameter.refused or not isinstance(value, str) or not value:
        return False
    return value not in parameter.values and not _is_replaced(parameter, value)


def _is_replaced(parameter: ParameterInfo, value: Any) -> bool:
    # The vendor's Go client allows `all` for `find` and `findAll`, where the segment may also be left off.
    if parameter.name == "payment_status" and value == "all" and "all" not in parameter.values:
        return True
    # Documented for Naver Pay: an unknown reason becomes the default one, without an error.
    return parameter.name == "reason" and bool(parameter.values) and value not in parameter.values


def _checked(parameter: ParameterInfo, value: Any, *, looking_up: bool, counted: bool, ours: bool) -> Any:
    checked = READERS[parameter.kind](parameter.name, value)
    if parameter.values and checked not in parameter.values:
        if parameter.name == "payment_status":
            raise unsupported_status()
        if "PAYMENT_WAITNG" in parameter.values:
            raise payco_refuses_status(str(checked), parameter.values)
        raise unknown_value(parameter.name, str(checked), parameter.values) if ours else wrong_value(parameter.name)
    if _means_everything_or_never(parameter, checked):
        raise wrong_value(parameter.name)
    # A look-up of an id that is too long finds nothing: 404, not 400.
    if parameter.max_length and counted and not (parameter.location == "path" and looking_up):
        _require_length(parameter, checked)
    return checked


def _require_length(parameter: ParameterInfo, value: Any) -> None:
    if parameter.max_length and isinstance(value, str) and len(value) > parameter.max_length:
        raise too_long(parameter.name, parameter.max_length)


def _means_everything_or_never(parameter: ParameterInfo, checked: Any) -> bool:
    """Return whether a value is an empty list, a time in another unit or a fraction of a won."""
    if parameter.filled:
        return not checked or "" in checked
    if parameter.minimum is not None and parameter.maximum is not None:
        return not parameter.minimum <= checked <= parameter.maximum
    return parameter.whole and bool(checked % 1)


def _text(name: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    if name in KEPT_AS_TEXT and (is_object(value) or is_list(value)):
        return dumps(value)
    # A form sends every value as text, so a JSON number is accepted as text.
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise wrong_value(name)


def _texts(name: str, value: Any) -> list[str]:
    return [_text(name, item) for item in (value if is_list(value) else [value])]


def _integer(name: str, value: Any) -> int:
    if isinstance(value, bool) or not re.fullmatch(r"-?[0-9]{1,18}", str(value).strip()):
        raise wrong_value(name)
    return int(str(value))


def _time(name: str, value: Any) -> int:
    seconds = _integer(name, value)
    if seconds < 0:
        raise wrong_value(name)
    return seconds


def _boolean(name: str, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    known = {"true": True, "1": True, "false": False, "0": False}
    try:
        return known[str(value).lower()]
    except KeyError:
        raise wrong_value(name) from None


def _nested(name: str, value: Any) -> Any:
    if is_object(value) or is_list(value):
        return value
    raise wrong_value(name)


def _json(name: str, value: Any) -> Any:
    return value if is_object(value) else _text(name, value)


READERS: Final[Mapping[str, Callable[[str, Any], Any]]] = {
    "text": _text,
    "choice": _text,
    "texts": _texts,
    "money": read_amount,
    "integer": _integer,
    "time": _time,
    "boolean": _boolean,
    "model": _nested,
    "models": _nested,
    "object": _nested,
    "json": _json,
}
