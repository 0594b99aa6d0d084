"""The mark of a write: text that leaves with it, and by which its trace at V1 is distinguished from all others.

Half of it is derived from shop and key, so that a process without the journal sees that a key was executed; half is
random, so that two tries of one key differ. Its absence proves nothing: V1 may not give it back.
"""

from __future__ import annotations

import hashlib
import json
import os
import unicodedata
import uuid
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, cast

from portone_v1_runtime.secret import conceal, hidden

__all__ = ["MARK_FIELD", "checked_key", "marked_data", "marked_reason", "new_key", "new_mark", "starts_of", "tag_of"]

MARK_FIELD: Final = "portone_v1"
LONGEST_REASON: Final = 256
LONGEST_KEY: Final = 200
STARTS_WITH: Final = 8
"""Characters of a reason that are compared. A PG that keeps fewer keeps no reason."""


def new_key() -> str:
    """Return a random key: one more write on purpose, whatever was before."""
    return f"new-{uuid.uuid4().hex}"


def checked_key(key: object, what: str) -> str | None:
    """Return the key in one Unicode form: a file's name on a Mac and a database may spell the same Hangul differently.

    Raises:
        ValueError: it would name nothing, or too much, or another write than without the blank at its end.
    """
    if key is None:
        return None
    if not isinstance(key, str) or not key.strip() or len(key) > LONGEST_KEY or not key.isprintable():
        raise ValueError(f"key must be a str of 1 to {LONGEST_KEY} printable characters: your id of this {what}")
    if key != key.strip():
        raise ValueError(f"key must not begin or end with a blank: it would be the id of another {what}")
    return key if key.isascii() else unicodedata.normalize("NFC", key)


def tag_of(shop: str, key: str) -> str:
    """The derived half: 8 hexadecimal digits."""
    return _digest(shop, key)


@lru_cache(maxsize=64)  # a shop has few reasons
def _digest(shop: str, text: str) -> str:
    digest = _begun(shop).copy()  # OpenSSL takes three times as long to begin one
    digest.update(text.encode())
    whole: str = digest.hexdigest()
    return whole[:8]


@lru_cache(maxsize=16)
def _begun(shop: str) -> Any:
    return hashlib.sha256(f"{shop}\x1f".encode())


def new_mark(shop: str, key: str) -> str:
    return f"{tag_of(shop, key)}-{os.urandom(4).hex()}"


def marked_data(custom_data: object, mark: str) -> tuple[str, str]:
    """`custom_data` with the mark, concealed, and the mark; an empty mark where the caller's text is no JSON object."""
    text, used = hidden(_marked, mark, custom_data)
    return conceal(text), used


def _marked(mark: str, custom_data: Any) -> tuple[str, str]:
    data: dict[str, Any]
    if custom_data is None or custom_data == "":
        return f'{{"{MARK_FIELD}": "{mark}"}}', mark
    if isinstance(custom_data, Mapping):
        data = dict(cast("Mapping[str, Any]", custom_data))
    else:
        try:
            parsed = json.loads(str(custom_data))
        except ValueError:
            return str(custom_data), ""
        if not isinstance(parsed, dict):
            return str(custom_data), ""
        data = cast("dict[str, Any]", parsed)
    return json.dumps({**data, MARK_FIELD: mark}, ensure_ascii=False), mark


def starts_of(reason: str | None, shop: str) -> list[str]:
    """Short digests of how a reason begins: a PG may cut the rest off, and the mark with it.

    Of a reason that is shorter itself, there are two: with the beginning of its mark, and without.
    """
    text = (reason or "").lstrip()
    starts = {text[:STARTS_WITH], (text.rpartition(" #")[0] or text)[:STARTS_WITH].rstrip(" #")} - {""}
    return sorted([_digest(shop, start) for start in starts])


def marked_reason(reason: str | None, mark: str) -> str:
    """The reason with the mark at its end, in the length that V1 keeps."""
    end = f" #{mark}"
    return (reason or "취소")[: LONGEST_REASON - len(end)] + end
