"""Convert results for display: exact amounts, KST times, personal data masked unless requested."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, Final, cast

from portone_v1.models import Payment
from portone_v1.operations import OPERATIONS
from portone_v1_runtime.decode import KST, from_money
from portone_v1_runtime.models.fields import field_names, mask, sensitive_fields
from portone_v1_runtime.models.model import Model
from portone_v1_runtime.unset import UNSET

__all__ = ["HIDDEN", "holds_personal", "is_free_text", "is_hidden", "plain", "text_of"]

HIDDEN: Final = "***"
MASKED_BY_V1: Final = "card_number"
"""V1 sends it masked (`424242******4242`), enough to recognize the card."""
FREE_TEXT: Final = ("card_number", "custom_data", "memo", "message", "name", "reason")


def plain(value: Any, *, show_personal: bool = False) -> Any:
    """Convert a value to dicts, lists, texts, numbers, booleans and None."""
    if isinstance(value, Model):
        return _model(value, show_personal=show_personal)
    if isinstance(value, Mapping):
        table: Mapping[Any, Any] = cast("Any", value)
        return {str(name): _open(str(name), item, show_personal=show_personal) for name, item in table.items()}
    if isinstance(value, list | tuple):
        return [plain(item, show_personal=show_personal) for item in cast("list[Any]", value)]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(KST).isoformat()
    if isinstance(value, Decimal):
        return from_money(value)
    if value is UNSET:
        return None
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def is_hidden(model: type[Model], name: str) -> bool:
    """Return whether the field is personal or secret."""
    return name in sensitive_fields(model) and name != MASKED_BY_V1


@cache
def _personal() -> frozenset[str]:
    """Return the names that are personal in a response without a model: the sensitive ones of requests."""
    typed = {p.name for operation in OPERATIONS.values() for p in operation.parameters if p.sensitive}
    harmless = {name for name in field_names(Payment) if not is_hidden(Payment, name)}
    return frozenset(typed | {name for name in field_names(Payment) if is_hidden(Payment, name)}) - harmless


def holds_personal(value: Any) -> bool:
    """Return whether a structure has a field with personal data at any depth."""
    if isinstance(value, Mapping):
        fields = cast("Mapping[str, Any]", value).items()
        return any((name in _personal() and item not in (None, "")) or holds_personal(item) for name, item in fields)
    return isinstance(value, list) and any(map(holds_personal, cast("Any", value)))


def _open(name: str, value: Any, *, show_personal: bool) -> Any:
    if name in _personal() and not show_personal and value not in (None, "", [], HIDDEN):
        return HIDDEN
    return plain(value, show_personal=show_personal)


def is_free_text(name: str) -> bool:
    """Return whether people type into the field, perhaps a card number. Order numbers are long, too, and stay."""
    return name.endswith(FREE_TEXT)


def _value_of(model: Model, name: str, *, show_personal: bool) -> Any:
    value = getattr(model, name)
    if is_hidden(type(model), name) and not show_personal:
        return None if value in (None, "", []) else HIDDEN
    if isinstance(value, str) and not isinstance(value, Enum) and is_free_text(name):
        return mask(value)
    return plain(value, show_personal=show_personal)


def _model(model: Model, *, show_personal: bool) -> dict[str, Any]:
    names = field_names(type(model))
    shown = {name.rstrip("_"): _value_of(model, name, show_personal=show_personal) for name in names}
    extra: Mapping[str, Any] = getattr(model, "extra", {})
    # A field that the specification does not know could hold personal data.
    shown.update({name: plain(extra[name]) if show_personal else HIDDEN for name in extra})
    return shown


def text_of(value: Any) -> str:
    """Return the text of a cell. Control characters of a response must not reach the terminal."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    text = str(value)
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else "\ufffd" for character in text)
