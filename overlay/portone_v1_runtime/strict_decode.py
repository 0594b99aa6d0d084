"""Decode answers straight into their types with msgspec, if it is installed: `portone-v1[speed]`."""

from __future__ import annotations

import os
from functools import cache
from threading import Lock
from typing import Any, Generic, Literal, NamedTuple, TypeVar

import msgspec

from . import exact_json
from .learned_fields import extended, learn
from .payload import BulkList, Reader, is_counted

__all__ = ["StrictAnswer", "read_strictly"]

P = TypeVar("P")

_building = Lock()
"""Decoders are made one at a time: msgspec lets other threads see its description of a struct before it is complete,
and a thread that decodes with that crashes the process."""
if hasattr(os, "register_at_fork"):  # no child starts while another thread holds the lock
    os.register_at_fork(before=_building.acquire, after_in_parent=_building.release, after_in_child=_building.release)


class _Envelope(msgspec.Struct, Generic[P]):
    code: Literal[0]
    response: P
    message: str | None = None


class StrictAnswer(NamedTuple):
    data: Any
    message: str | None


def read_strictly(structs: object, reader: Reader[Any], body: bytes) -> StrictAnswer | None:
    """Return the payload of a success that is as documented, except for unknown fields and odd items of a list.

    None for every other body: only the lenient reader can decide what that is, or whether it is an answer at all. Of a
    body that is read here, the lenient reader would make the same.

    `structs` has a struct for every model of an answer: the generated module `strict`.
    """
    try:
        if reader.model is None:
            return None
        struct: Any = getattr(structs, f"Strict{reader.model.__name__}")
        envelope = _decode(struct, listed=reader.listed, body=body)
        payload = envelope.response
        if not reader.listed and getattr(payload, "items", True) is None and is_counted(payload.total):
            return None
        if not reader.listed:
            return StrictAnswer(payload.to_model(), envelope.message)
        data: Any = BulkList([item.to_model() for item in payload])
        data.model = reader.model
    except Exception:
        return None
    return StrictAnswer(data, envelope.message)


def _decode(struct: Any, *, listed: bool, body: bytes) -> Any:
    """Decode an envelope. An unknown field is learned, and the body decoded again."""
    for _ in range(8):
        try:
            return _decoder(extended(struct), listed=listed).decode(body)
        except msgspec.ValidationError as error:
            if not learn(struct, str(error), "$.response"):
                return _item_by_item(struct, listed=listed, body=body)
    return _item_by_item(struct, listed=listed, body=body)


def _item_by_item(struct: Any, *, listed: bool, body: bytes) -> Any:
    """Decode each item of a list or a page by itself, so that only the odd ones are read leniently."""
    if listed:
        envelope = _decoder(msgspec.Raw, listed=True).decode(body)
        envelope.response = _items(struct, envelope.response)
        return envelope
    page = _raw_page(extended(struct))
    item = _item_of(struct)
    if page is None or item is None:
        raise ValueError("not a page")
    envelope = _decoder(page, listed=False).decode(body)
    raws = envelope.response.items
    envelope.response.items = None if raws is None else _items(item, raws)
    return envelope


def _items(struct: Any, raws: list[msgspec.Raw]) -> list[Any]:
    return [found for raw in raws if (found := _item(struct, raw)) is not None]


def _item(struct: Any, raw: msgspec.Raw) -> Any:
    for _ in range(8):
        try:
            return _item_decoder(extended(struct)).decode(raw)
        except msgspec.ValidationError as error:
            if not learn(struct, str(error)):
                break
    value = exact_json.loads(bytes(raw))
    return _Lenient(struct.__model__.from_dict(value)) if value.__class__ is dict else None


class _Lenient:
    """An item that was read leniently, in the place of a struct."""

    __slots__ = ("_model",)

    def __init__(self, model: Any) -> None:
        self._model = model

    def to_model(self) -> Any:
        return self._model


@cache
def _decoder(struct: Any, *, listed: bool) -> msgspec.json.Decoder[Any]:
    payload: Any = list[struct] if listed else struct
    with _building:
        return msgspec.json.Decoder(_Envelope[payload], float_hook=exact_json.exact)


@cache
def _item_decoder(struct: Any) -> msgspec.json.Decoder[Any]:
    with _building:
        return msgspec.json.Decoder(struct, float_hook=exact_json.exact)


@cache  # evaluating the annotations takes up to a millisecond
def _item_of(struct: Any) -> Any | None:
    """Return the struct of a page's items."""
    from typing import get_args, get_type_hints

    kind = get_type_hints(struct).get("items")
    for one in get_args(kind):
        if one is not type(None):
            return next(iter(get_args(one)), None)
    return None


@cache
def _raw_page(struct: Any) -> Any | None:
    """Return the struct of the same page with its items as undecoded bytes."""
    from msgspec.structs import fields

    for each in fields(struct):
        if each.name == "items":
            kind = list[msgspec.Raw] | None
            return msgspec.defstruct(
                struct.__name__,
                [("items", kind, msgspec.field(name=each.encode_name, default=None))],
                bases=(struct,),
                forbid_unknown_fields=True,
                gc=False,
            )
    return None
