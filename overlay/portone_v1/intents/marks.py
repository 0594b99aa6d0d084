"""The mark of a write: text that is sent with it, and distinguishes its trace at V1 from all others.

Half of it is derived from shop and key, so that a process without the journal sees that a key was executed; half is
random, so that two tries of one key differ. Its absence proves nothing: V1 may not return it.
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
    """Return a random key, for one more write on purpose, whatever was written before."""
    return f"new-{uuid.uuid4().hex}"


def checked_key(key: object, what: str) -> str | None:
    """Return the key in one Unicode form: a file name on a Mac and a database may encode the same Hangul differently.

    Raises:
        ValueError: it is empty, too long or not printable, or a blank at its end would make it another key.
    """
    if key is None:
        return None
    if not isinstance(key, str) or not key.strip() or len(key) > LONGEST_KEY or not key.isprintable():
        raise ValueError(f"key must be a str of 1 to {LONGEST_KEY} printable characters: your id of this {what}")
    if key != key.strip():
        raise ValueError(f"key must not begin or end with a blank: it would be the id of another {what}")
    return key if key.isascii() else unicodedata.normalize("NFC", key)


def tag_of(shop: str, key: str) -> str:
    """Return the derived half of the mark: 8 hexadecimal digits."""
    return _digest(shop, key)


@lru_cache(maxsize=64)  # a shop has few reasons
def _digest(shop: str, text: str) -> str:
    digest = _begun(shop).copy()  # OpenSSL takes three times as long to begin a new one
    digest.update(text.encode())
    whole: str = digest.hexdigest()
    return whole[:8]


@lru_cache(maxsize=16)
def _begun(shop: str) -> Any:
    return hashlib.sha256(f"{shop}\x1f".encode())


def new_mark(shop: str, key: str) -> str:
    return f"{tag_of(shop, key)}-{os.urandom(4).hex()}"


def marked_data(custom_data: object, mark: str) -> tuple[str, str]:
    """Return `custom_data` with the mark, concealed, and the mark: empty if the caller's text is no JSON object."""
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
    """Return short digests of the beginning of a reason: a PG may cut off the rest, and the mark with it.

    A reason that is shorter itself has two: with the beginning of its mark, and without.
    """
    text = (reason or "").lstrip()
    starts = {text[:STARTS_WITH], (text.rpartition(" #")[0] or text)[:STARTS_WITH].rstrip(" #")} - {""}
    return sorted([_digest(shop, start) for start in starts])


def marked_reason(reason: str | None, mark: str) -> str:
    """Return the reason with the mark at its end, cut to the length that V1 keeps."""
    end = f" #{mark}"
    return (reason or "취소")[: LONGEST_REASON - len(end)] + end
