"""pydantic and msgspec models of the same payment, made from the same bundle, with the same conversions:
`Decimal`, KST times with 0 as None, named values that may be unknown.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

from portone_v1_runtime.decode import KST

from benchmarks import payload
from benchmarks.reading import eight_fields, every_field
from benchmarks.worker import Cases

__all__ = ["cases"]

BUNDLE = Path(__file__).resolve().parents[2] / "generated" / "openapi.json"
PLAIN = {"string": str, "integer": int, "boolean": bool, "number": float, "object": dict[str, Any]}
Make = Callable[[str, dict[str, Any]], Any]


def cases(url: str) -> Cases:  # noqa: ARG001 - these never leave the process
    return Cases(
        {
            "json": lambda: _loads("json"),
            "orjson": lambda: _loads("orjson"),
            "pydantic bytes": _pydantic_bytes,
            "pydantic bytes, 8 fields": lambda: _pydantic_read(eight_fields(), payload.many()),
            "pydantic bytes, everything": lambda: _pydantic_read(every_field(), payload.many()),
            "pydantic bytes, unknown fields": lambda: _pydantic_read(eight_fields(), payload.many_of_a_later_day()),
            "pydantic dict": _pydantic_dict,
            "msgspec bytes": _msgspec_bytes,
        },
        {},
    )


def _loads(module: str) -> Callable[[], object]:
    body, loads = payload.many(), import_module(module).loads
    return lambda: loads(body)


def _kst(value: int | None) -> datetime | None:
    return datetime.fromtimestamp(value, KST) if value else None


def _fields(schema: str, special: Callable[[str, dict[str, Any]], Any], made: Make) -> dict[str, Any]:
    """Return each field's annotation. `special` knows the library's way for money, times and named values."""
    schemas = json.loads(BUNDLE.read_text(encoding="utf-8"))["components"]["schemas"]

    def annotation(node: dict[str, Any]) -> Any:
        for branch in node.get("anyOf", []):
            if "$ref" in branch:
                return annotation(branch) | None
        if reference := node.get("$ref"):
            name = reference.rpartition("/")[2]
            target = schemas[name]
            return special(name, target) if "x-open-enum" in target else made(name, target)
        if node.get("x-money") or node.get("x-unix-time"):
            return special("", node)
        kinds = node["type"] if isinstance(node["type"], list) else [node["type"]]
        if "array" in kinds:
            return list[annotation(node["items"])] | None  # type: ignore[misc]
        kind = PLAIN[next(kind for kind in kinds if kind != "null")]
        return kind | None

    return {name: annotation(node) for name, node in schemas[schema]["properties"].items()}


def _table(name: str) -> Any:
    return getattr(import_module("portone_v1_generated.enums"), name)


def _pydantic() -> Any:
    pydantic = import_module("pydantic")

    def special(name: str, node: dict[str, Any]) -> Any:
        if name:
            kind, plain = _table(name), PLAIN[node["type"]]
            return Annotated[kind | plain, pydantic.Field(union_mode="left_to_right")]
        if node.get("x-money"):
            return Decimal | None
        return Annotated[Any, pydantic.PlainValidator(_kst)]

    def made(name: str, _: dict[str, Any]) -> Any:
        fields = {field: (kind, None) for field, kind in _fields(name, special, made).items()}
        return pydantic.create_model(name, **fields)

    return pydantic.create_model("Envelope", code=(int, ...), response=(list[made("Payment", {})], ...))  # type: ignore[misc]


def _pydantic_bytes() -> Callable[[], object]:
    body, model = payload.many(), _pydantic()
    _check(model.model_validate_json(body).response[0])
    return lambda: model.model_validate_json(body)


def _pydantic_read(read: Callable[[Any], None], body: bytes) -> Callable[[], object]:
    model = _pydantic()
    return lambda: read(model.model_validate_json(body).response)


def _pydantic_dict() -> Callable[[], object]:
    body, model = json.loads(payload.many()), _pydantic()
    return lambda: model.model_validate(body)


def _msgspec_bytes() -> Callable[[], object]:
    """Read with msgspec, and convert enums with unknown values and times in KST afterwards: msgspec has neither."""
    msgspec = import_module("msgspec")

    def special(name: str, node: dict[str, Any]) -> Any:
        if name:
            return PLAIN[node["type"]]
        return Decimal | None if node.get("x-money") else int | None

    def made(name: str, _: dict[str, Any]) -> Any:
        fields = _fields(name, special, made)
        times, named = _after(name)

        def finish(self: Any) -> None:
            for field in times:
                setattr(self, field, _kst(getattr(self, field)))
            for field, table in named:
                value = getattr(self, field)
                setattr(self, field, table.get(value, value))

        space = {"__post_init__": finish} if times or named else {}
        return msgspec.defstruct(name, [(field, kind, None) for field, kind in fields.items()], namespace=space)

    envelope = msgspec.defstruct("Envelope", [("code", int), ("response", list[made("Payment", {})])])  # type: ignore[misc]
    body, decoder = payload.many(), msgspec.json.Decoder(envelope)
    _check(decoder.decode(body).response[0])
    return lambda: decoder.decode(body)


def _after(schema: str) -> tuple[list[str], list[tuple[str, dict[Any, Any]]]]:
    schemas = json.loads(BUNDLE.read_text(encoding="utf-8"))["components"]["schemas"]
    times: list[str] = []
    named: list[tuple[str, dict[Any, Any]]] = []
    for field, node in schemas[schema]["properties"].items():
        if node.get("x-unix-time"):
            times.append(field)
        for branch in [node, *node.get("anyOf", [])]:
            name = branch.get("$ref", "").rpartition("/")[2]
            if name and "x-open-enum" in schemas[name]:
                named.append((field, {member.value: member for member in _table(name)}))
    return times, named


def _check(read: Any) -> None:
    """Check that the peers convert what this project converts."""
    converted = isinstance(read.amount, Decimal), isinstance(read.paid_at, datetime), read.failed_at is None
    if not all(converted) or type(read.status) is str or read.paid_at.tzinfo is not KST:
        raise TypeError("a model does not convert what this project converts")
