"""Models as pydantic types: validation, serialization and JSON schema. Imported when pydantic asks for it."""

from __future__ import annotations

import typing
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from enum import Enum
from types import UnionType
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema
from pydantic_core import core_schema

from ..decode import KST, as_money, as_time
from ..unset import Unset
from .conversion import json_number, to_plain
from .fields import ModelFields, field_names, unknown_fields

__all__ = ["json_schema", "list_schema", "model_schema"]


def _money(value: Any) -> Any:
    """Convert a number or its text exactly. Other values are left for pydantic to refuse."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return value
    found = as_money(value)
    return value if found is None else found


def _time(value: Any) -> Any:
    """Convert the JSON form, or V1's own seconds where 0 means *never*, to a time in KST."""
    if value.__class__ is int:
        return as_time(value)
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return value
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("the time has no time zone")
        return value.astimezone(KST)
    return value


MONEY = Annotated[
    Decimal,
    BeforeValidator(_money),
    PlainSerializer(json_number, return_type=Any, when_used="json"),
    WithJsonSchema({"type": "number"}),
]
TIME = Annotated[datetime, BeforeValidator(_time), WithJsonSchema({"type": "string", "format": "date-time"})]


def fields(model: type[ModelFields]) -> dict[str, Any]:
    """Return the type of each field, as pydantic is to read it."""
    found = typing.get_type_hints(model)
    return {name: _readable(found[name]) for name in field_names(model)}


def _readable(hint: Any) -> Any:
    parts = _parts(hint)
    kinds = [part for part in parts if part is not type(None) and part is not Unset]
    # Known values first, then any other value: V1's enumerations are open.
    read = [_one(part) for part in sorted(kinds, key=lambda part: not _is_enum(part))]
    union: Any = typing.Union[tuple(read)]  # noqa: UP007
    if len(read) > 1:
        union = Annotated[union, Field(union_mode="left_to_right")]
    nullable: Any = typing.Optional[union]  # noqa: UP045
    # 0 means *never*: it becomes None before pydantic expects a time.
    return Annotated[nullable, BeforeValidator(_time)] if datetime in kinds else nullable


def _parts(hint: Any) -> tuple[Any, ...]:
    return typing.get_args(hint) if typing.get_origin(hint) in (typing.Union, UnionType) else (hint,)


def _one(kind: Any) -> Any:
    if kind is Decimal:
        return MONEY
    if kind is datetime:
        return TIME
    if typing.get_origin(kind) is list:
        return list[_one(typing.get_args(kind)[0])]  # type: ignore[misc]
    return kind


def _is_enum(part: Any) -> bool:
    return isinstance(part, type) and issubclass(part, Enum)


def model_schema(model: type[ModelFields], handler: Callable[[Any], Any]) -> Any:
    """Return a schema that keeps an instance, and reads a dict or a JSON object."""
    generate: Callable[[Any], Any] = getattr(handler, "generate_schema")  # noqa: B009
    known = {name: core_schema.typed_dict_field(generate(hint), required=False) for name, hint in fields(model).items()}
    table = core_schema.typed_dict_schema(known, extra_behavior="allow", cls_name=model.__name__)

    def build(data: dict[str, Any]) -> ModelFields:
        return _build(model, data)

    read = core_schema.chain_schema([table, core_schema.no_info_plain_validator_function(build)])
    either = core_schema.union_schema([core_schema.is_instance_schema(model), read], mode="left_to_right")
    return core_schema.json_or_python_schema(
        read,
        either,
        serialization=core_schema.plain_serializer_function_ser_schema(_dump, info_arg=True),
        ref=f"{model.__module__}.{model.__name__}",
    )


def _build(model: type[ModelFields], data: Mapping[str, Any]) -> ModelFields:
    made = model.from_dict({})
    names = field_names(model)
    for name in names:
        if name in data:
            setattr(made, name, data[name])
    unknown_fields(made).update({name: value for name, value in data.items() if name not in names})
    return made


def _dump(value: ModelFields, info: core_schema.SerializationInfo) -> dict[str, Any]:
    found = to_plain(value, "json" if info.mode == "json" else "python", personal=True)
    for name in [*found]:
        left_out = _names(info, name, "exclude") or (info.include is not None and not _names(info, name, "include"))
        if left_out or (info.exclude_none and found[name] is None):
            del found[name]
    return found


def _names(info: core_schema.SerializationInfo, name: str, rule: typing.Literal["include", "exclude"]) -> bool:
    """Return whether the caller's `include=` or `exclude=` names a field of this model as a whole."""
    named: Any = getattr(info, rule)
    if isinstance(named, Mapping):
        chosen = named.get(name)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        return chosen is not None and (rule == "include" or chosen is True or chosen is ...)
    return named is not None and name in named


def json_schema(model: type[ModelFields], schema: Any, handler: Any) -> Any:
    """Return the JSON schema. It requires fields that V1 documents as always present; reading does not."""
    reference = handler(schema["json_schema"]["steps"][0])
    found = handler.resolve_ref_schema(reference)
    found.pop("additionalProperties", None)
    found["title"] = model.__name__
    if model.__doc__:
        found["description"] = " ".join(model.__doc__.partition("\n\n")[0].split())
    hints = typing.get_type_hints(model)
    always = [name for name in field_names(model) if not {type(None), Unset} & {*_parts(hints[name])}]
    for name in always:
        shown = found["properties"][name]
        kinds = [kind for kind in shown.get("anyOf", []) if kind != {"type": "null"}]
        if kinds:
            rest = {key: value for key, value in shown.items() if key not in ("anyOf", "default")}
            found["properties"][name] = {**rest, **kinds[0]} if len(kinds) == 1 else {**rest, "anyOf": kinds}
    if always:
        found["required"] = always
    return reference


def list_schema(kind: type[list[Any]], source: Any, handler: Any) -> Any:
    """Return the schema of a list type of the SDK, such as `BulkList[Payment]`."""
    item = (typing.get_args(source) or (Any,))[0]
    items = core_schema.list_schema(handler.generate_schema(item))
    return core_schema.no_info_after_validator_function(kind, items)
