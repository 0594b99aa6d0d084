"""The OpenAPI document of the control calls, from the tables by which they are checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from .answers import answer_of, schemas

if TYPE_CHECKING:
    from portone_v1_generated.operations import OperationInfo, ParameterInfo

__all__ = ["control_document"]

TITLE: Final = "Control calls of the PortOne V1 sandbox"
INTRODUCTION: Final = (
    "Calls that a test makes from outside: the buyer, the bank, the clock, faults and webhooks. They need no token. "
    "`X-Sandbox: <name>` addresses a shop of its own, which the first call makes. An unknown name gets a 400."
)
KINDS: Final[Mapping[str, Mapping[str, Any]]] = {
    "text": {"type": ["string", "integer"]},
    "choice": {"type": "string"},
    "texts": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
    "money": {"type": ["number", "string"]},
    "integer": {"type": ["integer", "string"]},
    "time": {"type": ["integer", "string"]},
    "boolean": {"type": ["boolean", "string"]},
    "models": {"type": "array", "items": {"type": "object"}},
}
SHOP: Final = {"$ref": "#/components/parameters/Shop"}
TIER: Final = {"$ref": "#/components/parameters/Tier"}
REFUSED: Final = {"$ref": "#/components/responses/Refused"}


def control_document(
    routes: Mapping[str, Iterable[str]],
    operations: Mapping[str, OperationInfo],
    names: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any]:
    """Return the document. `names` are the fields of the bodies of calls that are not operations, by path."""
    paths = {
        path: {
            method.lower(): _operation(path, method, operations.get(path), names.get(path, {})) for method in methods
        }
        for path, methods in sorted(routes.items())
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": TITLE, "version": "1", "description": INTRODUCTION},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "parameters": {
                "Shop": _header(
                    "X-Sandbox", "Name of a shop", {"type": "string", "pattern": "^[A-Za-z0-9][\\w.-]{0,79}$"}
                ),
                "Tier": _header("Tier", "Code of a sub-merchant", {"type": "string", "pattern": "^[A-Z0-9]{3}$"}),
            },
            "responses": {"Refused": {"description": "Refused; nothing was done.", "content": _json(_envelope(None))}},
            "schemas": schemas(),
        },
    }


def _operation(path: str, method: str, operation: OperationInfo | None, fields: Mapping[str, Any]) -> dict[str, Any]:
    summary, answer = answer_of(path, method)
    success = {"description": "Done.", "content": _json(answer if path.endswith(".json") else _envelope(answer))}
    shown: dict[str, Any] = {
        "operationId": f"{method.lower()}_{path.removeprefix('/_sandbox/').translate(str.maketrans('/-.', '___'))}",
        "summary": summary,
        "parameters": [SHOP, TIER],
        "responses": {"200": success, "400": REFUSED, "404": REFUSED},
    }
    if method == "POST":
        body = {**fields} if operation is None else {p.name: _field(p) for p in operation.parameters}
        required = [p.name for p in operation.parameters if p.required] if operation is not None else []
        schema: dict[str, Any] = {"type": "object", "properties": body, "additionalProperties": False}
        if required:
            schema["required"] = required
        kinds = ("application/json", "application/x-www-form-urlencoded")
        shown["requestBody"] = {"content": {kind: {"schema": schema} for kind in kinds}}
    return shown


def _field(parameter: ParameterInfo) -> dict[str, Any]:
    schema = dict(KINDS.get(parameter.kind, {"type": "object"}))
    if parameter.values:
        schema["enum"] = list(parameter.values)
    if parameter.max_length:
        schema["maxLength"] = parameter.max_length
    return schema


def _envelope(answer: Mapping[str, Any] | None) -> dict[str, Any]:
    fields = {
        "code": {"type": "integer"},
        "message": {"type": ["string", "null"]},
        "response": answer or {"type": "null"},
    }
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def _json(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def _header(name: str, description: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "header", "description": description, "schema": schema}
