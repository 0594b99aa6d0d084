"""Cross out the secrets that a call sent in the message that V1 returned."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from portone_v1_runtime import exact_json
from portone_v1_runtime.models.fields import mask
from portone_v1_runtime.request_text import needs_no_quoting

__all__ = ["crossed_out", "hide"]


def hide(message: str | None, secrets: list[str]) -> str | None:
    """Return the message for display: without these secrets and without anything that could be a card number."""
    message = crossed_out(message, secrets)
    return None if message is None else mask(message)


def crossed_out(message: str | None, secrets: list[str]) -> str | None:
    """Return the message without these secrets. One of 2 or 3 digits is crossed out only as a number of its own."""
    if message is None:
        return None
    for secret in secrets:
        for form in _forms(secret):
            message = message.replace(form, "***") if len(form) > 3 else _alone(form).sub("***", message)
    return message


def _alone(digits: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![0-9A-Za-z]){re.escape(digits)}(?![0-9A-Za-z])")


def _forms(secret: str) -> list[str]:
    """Return the secret, its JSON escapes and, if it is JSON itself, the values in it: the longest first."""
    if needs_no_quoting(secret):  # a key or a token: JSON does not escape it
        return [secret]
    forms = {secret, exact_json.dumps(secret)[1:-1], exact_json.dumps(secret, ascii_only=True)[1:-1]}
    if secret.lstrip()[:1] in ("{", "["):
        with suppress(ValueError, RecursionError):
            forms.update(form for text in _texts(exact_json.loads(secret)) if len(text) > 3 for form in _forms(text))
    return sorted(forms, key=len, reverse=True)


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict | list):
        items: Any = node.values() if isinstance(node, dict) else node  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
        for item in items:
            yield from _texts(item)
