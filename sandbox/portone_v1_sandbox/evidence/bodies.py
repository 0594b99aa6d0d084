"""Parse bodies so that people can read them: JSON, forms, or text."""

from __future__ import annotations

from typing import Any

from ..errors.base import Refusal
from ..wire.forms import form_values, query_values
from ..wire.json_body import read_json
from ..wire.json_types import is_list, is_object
from ..wire.multipart import MULTIPART

__all__ = ["parsed"]


def parsed(body: bytes, kind: str | None) -> Any:
    """Return the object or list of a JSON body, the fields of a form, or None."""
    media = (kind or "").partition(";")[0].strip().lower()
    if media != "application/x-www-form-urlencoded":
        try:
            value = read_json(body)
        except ValueError:
            value = None
        if is_object(value) or is_list(value):
            return value
        if media and media not in ("text/plain", MULTIPART):
            return None
        if b"=" not in body:  # such as OK, which PHP would read as a name in a form
            return None
    try:
        fields = form_values(body, kind or "") if media == MULTIPART else query_values(body.decode("utf-8"))
    except (UnicodeDecodeError, Refusal, RecursionError):
        return None
    return fields or None
