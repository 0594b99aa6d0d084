"""Tables for notebooks, masked like `repr`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from html import escape
from typing import Any, Final

from .fields import ModelFields, field_labels, mask, unknown_fields

__all__ = ["list_table", "model_table"]

MOST_ROWS: Final = 20
CELL: Final = 'style="text-align:left;vertical-align:top"'


def model_table(model: ModelFields) -> str:
    """Return a table with a row for each field that has a value."""
    shown = _shown(model)
    rows = "".join(f"<tr><th {CELL}>{escape(name)}</th><td {CELL}>{_cell(value)}</td></tr>" for name, value in shown)
    return f"<table><caption>{escape(type(model).__name__)}</caption><tbody>{rows}</tbody></table>"


def list_table(items: Sequence[Any], caption: str) -> str:
    """Return a table with a row for each of the first items and a column for each field that one of them has."""
    models = [dict(_shown(item)) for item in items[:MOST_ROWS] if isinstance(item, ModelFields)]
    columns = list(dict.fromkeys(name for shown in models for name in shown))
    head = "".join(f"<th {CELL}>{escape(name)}</th>" for name in columns)
    rows = "".join(
        "<tr>" + "".join(f"<td {CELL}>{_cell(shown.get(name))}</td>" for name in columns) + "</tr>" for shown in models
    )
    table = f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody>"
    return f"<table><caption>{escape(caption)}: {len(items)}</caption>{table}</table>"


def _shown(model: ModelFields) -> list[tuple[str, Any]]:
    found = [*model._shown()]  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    extra = unknown_fields(model)
    return [*found, ("extra", field_labels(extra))] if extra else found


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, ModelFields):
        return model_table(value)
    if isinstance(value, list):
        items: list[Any] = value  # pyright: ignore[reportUnknownVariableType]
        if items and all(isinstance(item, ModelFields) for item in items):
            return list_table(items, type(items[0]).__name__)
        return "<br>".join(_cell(item) for item in items)
    if isinstance(value, datetime):
        return escape(value.isoformat(" "))
    return escape(mask(str(value.value if isinstance(value, Enum) else value)))
