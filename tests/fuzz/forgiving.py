"""Which requests V1 may accept: those that fit the bundle once V1's known leniencies are taken off them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from portone_v1_generated.operations import OperationInfo

from tests.schemas import document, validator

__all__ = ["may_be_accepted"]

TRUTHS: Final = {"true": True, "1": True, "false": False, "0": False}
BIGGEST: Final = 10**18
"""An `int64` has few more, which schemathesis does not know."""
MOST_TOGETHER: Final = 100
"""V1's limit for both lists of ids in one look-up."""
ANY_ID: Final = "0"
REPLACED: Final = "reason"
"""An unknown reason becomes the default one."""
ADVISED: Final = "requester"
"""A text inside `extra` that only the vendor's list lacks."""

Schema = Mapping[str, Any]


def may_be_accepted(operation: OperationInfo, sent: Mapping[str, Any]) -> bool:
    """Return whether the request may succeed. `sent` has the values of `path`, `query` and `body`."""
    declared = document()["paths"][operation.path][operation.method.lower()]
    either = declared.get("x-at-least-one")
    if either:
        together = [item for name in either for item in (sent.get("query") or {}).get(name) or ()]
        if not _given(together) or len(together) > MOST_TOGETHER:
            return False
    advised = {each.name: each.values for each in operation.parameters if each.values and not each.refused}
    for parameter in map(_resolved, declared.get("parameters", ())):
        value = (sent.get(parameter["in"]) or {}).get(parameter["name"])
        schema = _looking_up(parameter) if operation.safe else parameter["schema"]
        if parameter["name"] in advised and isinstance(value, str):
            continue
        if isinstance(value, list) and "" in value:
            return False  # an empty text in a list of ids names nothing, and could be meant for everything
        if _is_nothing(_given(value)):
            if parameter.get("required"):
                return False
        elif parameter["in"] != "header" and not _fits(_forgiven(schema, value), schema):
            return False
    if "requestBody" not in declared:
        return True
    schema = declared["requestBody"]["content"]["application/json"]["schema"]
    body = {} if sent.get("body") is None else sent["body"]
    if isinstance(body, dict):
        # V1 was not seen refusing a text that only the vendor's list lacks.
        listed = {name: values[0] for name, values in advised.items() if body.get(name) and isinstance(body[name], str)}
        body = body | listed
    return _fits(_forgiven(schema, body), schema)


def _forgiven(schema: Schema, value: Any, name: str = "") -> Any:
    schema = _resolved(schema)
    kinds = schema.get("type", ())
    kind = kinds if isinstance(kinds, str) else next((one for one in kinds if one != "null"), None)
    if kind == "object" and isinstance(value, dict):
        inner = schema.get("properties", {})
        return {
            key: _forgiven(inner.get(key, {}), item, key)
            for key, item in value.items()
            if not _is_nothing(item)
            and not (key == REPLACED and "enum" in _resolved(inner.get(key, {})))
            and not (key == ADVISED and isinstance(item, str))
        }
    if kind == "array":
        items = value if isinstance(value, list) else [value]
        # A null among others is like an id that nothing has, and counts. An empty text is refused: it names nothing.
        items = [ANY_ID if item is None else item for item in items] if _given(items) else []
        return [_forgiven(schema.get("items", {}), item) for item in items]
    return _forgiven_scalar(schema, kind, value, name)


def _forgiven_scalar(schema: Schema, kind: str | None, value: Any, name: str) -> Any:
    if kind == "string":
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if isinstance(value, dict | list) and (name == "custom_data" or schema.get("x-json-string")):
            return ""
    if kind in ("number", "integer") and isinstance(value, str):
        text = value.strip()
        if re.fullmatch(r"-?[0-9]{1,18}", text):
            return int(text)
        if kind == "number" and re.fullmatch(r"-?[0-9]{1,15}\.[0-9]{1,10}", text):
            return float(text)
    if kind == "integer" and isinstance(value, int) and abs(value) >= BIGGEST:
        return str(value)
    if kind == "boolean" and not isinstance(value, bool):
        return TRUTHS.get(str(value).lower(), value)
    return value


def _looking_up(parameter: Schema) -> Schema:
    """Drop the lengths of ids: a too long id is one that nothing has."""
    schema: Schema = parameter["schema"]
    if parameter["in"] == "path":
        return {key: value for key, value in schema.items() if key != "maxLength"}
    if schema.get("type") == "array":
        return {**schema, "items": {key: value for key, value in schema["items"].items() if key != "maxLength"}}
    return schema


def _given(value: Any) -> Any:
    """Drop empty values from a list, and the list if nothing is left."""
    if not isinstance(value, list):
        return value
    return [item for item in value if not _is_nothing(item)] or None


def _is_nothing(value: Any) -> bool:
    # PHP's callers send empty strings for what they do not know.
    return value is None or value == ""


def _resolved(schema: Schema) -> Schema:
    node: Any = schema
    while "$ref" in node:
        found: Any = document()
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        node = found
    return node  # type: ignore[no-any-return]


def _fits(value: Any, schema: Schema) -> bool:
    return not isinstance(value, bytes) and validator(schema).is_valid(value)
