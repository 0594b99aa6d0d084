"""Answers decoded straight into their types by msgspec, where it is installed: `portone-v1[speed]`."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Any, Generic, Literal, NamedTuple, TypeVar

import msgspec

from .payload import BulkList, Reader

__all__ = ["StrictAnswer", "read_strictly"]

P = TypeVar("P")


class _Envelope(msgspec.Struct, Generic[P]):
    code: Literal[0]
    response: P
    message: str | None = None


class StrictAnswer(NamedTuple):
    data: Any
    message: str | None


def read_strictly(structs: object, reader: Reader[Any], body: bytes) -> StrictAnswer | None:
    """The payload of a success that is exactly as documented. None for every other body: what that is, or whether it
    is one at all, only the lenient way can tell, and it makes the same of whatever is read here.

    `structs` has a struct for every model that is a payload: the generated module `strict`.
    """
    try:
        decoder = _decoder(structs, reader)
        if decoder is None:
            return None
        envelope = decoder.decode(body)
        payload = envelope.response
        data: Any = BulkList([item.to_model() for item in payload]) if reader.listed else payload.to_model()
        if reader.listed:
            data.model = reader.model
    except Exception:
        return None
    return StrictAnswer(data, envelope.message)


@cache
def _decoder(structs: object, reader: Reader[Any]) -> msgspec.json.Decoder[Any] | None:
    if reader.model is None:
        return None
    struct: Any = getattr(structs, f"Strict{reader.model.__name__}")
    payload: Any = list[struct] if reader.listed else struct
    return msgspec.json.Decoder(_Envelope[payload], float_hook=Decimal)
