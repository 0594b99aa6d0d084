"""The OpenAPI document of the control calls, from the tables by which they are checked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from .answers import answer_of, schemas
from .view_answers import PARAMETERS, QUERY

if TYPE_CHECKING:
    from portone_v1_generated.operations import OperationInfo, ParameterInfo

    from ..views.router import View

__all__ = ["Body", "document_of"]

TITLE: Final = "Control calls and views of the PortOne V1 sandbox"
INTRODUCTION: Final = (
    "Calls that a test makes from outside: the buyer, the bank, the clock, faults and webhooks; what the dashboard "
    "shows, as JSON; and the calls of the payment window. They need no token. `X-Sandbox: <name>` addresses a shop of "
    "its own, which the first call makes; `/_sandbox/shops/{name}` before a path does the same. An unknown name gets "
    "a 400."
)
FORM: Final = "application/x-www-form-urlencoded"
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
BRACES: Final = re.compile(r"\{(\w+)\}")
SHOP: Final = {"$ref": "#/components/parameters/Shop"}
TIER: Final = {"$ref": "#/components/parameters/Tier"}
REFUSED: Final = {"$ref": "#/components/responses/Refused"}


class Body(NamedTuple):
    """The fields of a body."""

    fields: Mapping[str, Any] = {}
    required: tuple[str, ...] = ()

    @classmethod
    def of(cls, operation: OperationInfo) -> Body:
        fields = {one.name: _field(one) for one in operation.parameters}
        return cls(fields, tuple(one.name for one in operation.parameters if one.required))


def document_of(
    routes: Mapping[str, Iterable[str]], bodies: Mapping[str, Body], views: Mapping[str, View]
) -> dict[str, Any]:
    """Return the document: paths with their methods, the bodies of those that write, the queries of views."""
    paths = {
        path: {
            method.lower(): _operation(path, method, bodies.get(path, Body()), views.get(path)) for method in methods
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


def _operation(path: str, method: str, body: Body, view: View | None) -> dict[str, Any]:
    answer = answer_of(path, method)
    content: dict[str, Any] = _json(answer.schema if path.endswith(".json") else _envelope(answer.schema))
    if answer.kinds:
        content = {kind: {} for kind in answer.kinds}
    success: dict[str, Any] = {"description": "Done.", "content": content}
    if answer.status == "303":
        success = {"description": "Opened.", "headers": {"Location": {"schema": {"type": "string"}}}}
    named = path.removeprefix("/_sandbox/").translate(str.maketrans("/-.", "___", "{}"))
    variables = [{"in": "path", "name": name, "required": True, **PARAMETERS[name]} for name in BRACES.findall(path)]
    query = [{"in": "query", "name": name, **QUERY[name]} for name in (view.names if view is not None else ())]
    shown: dict[str, Any] = {
        "operationId": f"{method.lower()}_{named}",
        "summary": answer.summary,
        "parameters": [SHOP, TIER, *variables, *query],
        "responses": {answer.status: success, "400": REFUSED, "404": REFUSED},
    }
    if method == "POST":
        body = Body(*answer.takes) if answer.takes else body
        schema: dict[str, Any] = {"type": "object", "properties": {**body.fields}, "additionalProperties": False}
        if body.required:
            schema["required"] = list(body.required)
        shown["requestBody"] = {"content": {kind: {"schema": schema} for kind in ("application/json", FORM)}}
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
