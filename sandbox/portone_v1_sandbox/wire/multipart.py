"""Bodies as `FormData` sends them: `multipart/form-data`, which shops log in with (claim `forms-in-parts`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from email.message import Message

__all__ = ["MULTIPART", "fields_of"]

MULTIPART: Final = "multipart/form-data"


def fields_of(body: bytes, content_type: str) -> list[tuple[str, str]] | None:
    """Return names and values in their order, None if a part cannot be read: without one, more might be refunded.

    A part that is a file is left out: PHP, in which V1 is written, keeps files apart from the arguments.
    """
    from email.parser import BytesParser  # Few shops send parts.

    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1", "replace")
    try:
        message: Message = BytesParser().parsebytes(head + body)
        return list(_texts(message)) if message.is_multipart() else None
    except (TypeError, ValueError, RecursionError):
        return None


def _texts(message: Message) -> Iterator[tuple[str, str]]:
    for part in cast("list[Message]", message.get_payload()):
        if part.get_filename() is not None:
            continue
        name, value = part.get_param("name", header="content-disposition"), part.get_payload(decode=True)
        if not isinstance(name, str) or not isinstance(value, bytes):
            raise TypeError("neither a text nor a file")
        yield name, value.decode("utf-8")
