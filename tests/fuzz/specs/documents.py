"""Small specifications: some slots for values, each of a kind, in a position, under an odd name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from .kinds import ASCII, FLAT, REFUSED, SORTS, Sort

__all__ = ["Slot", "document", "slots"]

POSITIONS = ("path", "query", "header", "cookie", "body", "answer")
NAMES = (
    "amount", "class", "from", "import", "None", "print", "list", "id", "type", "text", "segment", "integer", "given",
    "choice", "money", "each", "query_text", "flag", "warn", "name", "value", "values", "timeout", "tier",
    "max_retries", "extra_body", "options", "query", "body", "self", "cls", "client", "url", "이름", "foo[]", "foo",
    "kebab-case",
    "camelCase", "with space", "1st", "_hidden", "a.b", "datetime", "date", "uuid", "extra", "to_dict", "from_dict",
    "from_list", "data", "get", "v", "later", "made", "quo'te", 'quo"te', "back\\slash", "Any", "UNSET", "Call", "KST",
)  # fmt: skip


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


COMPONENTS = {
    "Colour": {"type": "string", "enum": ["red", "dark-blue", "1", "None"], "description": "A colour."},
    "Size": {"type": "integer", "x-open-enum": {"0": "small", "1": "large", "-5": "odd"}, "description": "A size.",
             "x-enum-names": {"-5": "MINUS_FIVE"}},
    "Point": {"type": "object", "required": ["x"], "description": "A point.",
              "properties": {"x": {"type": "integer"}, "class": {"type": "string"}}},
    "Cat": {"type": "object", "required": ["kind"],
            "properties": {"kind": {"type": "string"}, "lives": {"type": "integer"}}},
    "Dog": {"allOf": [{"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}}},
                      {"type": "object", "properties": {"bark": {"type": "string"}}}]},
    "Envelope": {"type": "object", "required": ["code"], "properties": {
        "code": {"type": "integer"}, "message": {"type": ["string", "null"]}, "response": {}}},
}  # fmt: skip


@dataclass(frozen=True)
class Slot:
    sort: Sort
    depth: int
    null: bool
    null_items: bool
    required: bool
    position: str
    name: str

    @property
    def schema(self) -> dict[str, Any]:
        schema = self.sort.schema
        for _ in range(self.depth):
            schema = {"type": "array", "items": _nullable(schema) if self.null_items else schema}
        return _nullable(schema) if self.null else schema

    def draw(self, data: Any) -> Any:
        values = self.sort.values
        if self.position in {"header", "cookie"} and self.sort.name in {"text", "plain"}:
            values = ASCII
        for _ in range(self.depth):
            item = st.one_of(st.none(), values) if self.null_items else values
            values = st.lists(item, min_size=1, max_size=3)
        if self.null and self.position in {"body", "answer"}:
            values = st.one_of(st.none(), values)
        return data.draw(values)

    def wire(self, value: Any) -> Any:
        if isinstance(value, list) and self.depth:
            return [self.wire_at(item, self.depth - 1) for item in value]
        return None if value is None else self.sort.wire(value)

    def wire_at(self, value: Any, depth: int) -> Any:
        if value is None:
            return None
        return [self.wire_at(item, depth - 1) for item in value] if depth else self.sort.wire(value)


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    if isinstance(schema.get("type"), str) and not {"enum", "const"} & schema.keys():
        return {**schema, "type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]} if schema else schema


@st.composite
def slots(draw: Any) -> list[Slot]:
    found: list[Slot] = []
    for position in draw(st.lists(st.sampled_from((*POSITIONS, "path")), min_size=1, max_size=6)):
        name = (
            draw(st.sampled_from(NAMES))
            if position != "path"
            else draw(st.sampled_from(["id", "class", "text", "a-b"]))
        )
        if position == "header":
            name = draw(st.sampled_from(["X-Note", "timeout", "text", "class", "Tier2"]))
        if position == "cookie":
            name = draw(st.sampled_from(["session", "text", "from", "a-b"]))
        if any(one.name == name and one.position == position for one in found):
            continue
        flat = position in {"path", "query", "header", "cookie"} and draw(st.integers(0, 19)) < 19
        single = position != "query" and flat
        sorts = SORTS if not flat else FLAT[position]
        if draw(st.integers(0, 9)) < 9:
            sorts = [one for one in sorts if one.name not in REFUSED]
        depths = [0] if single else [0, 0, 0, 1] if flat else [0, 0, 0, 1, 2]
        found.append(Slot(
            draw(st.sampled_from(sorts)), draw(st.sampled_from(depths)),
            not single and draw(st.booleans()), draw(st.integers(0, 3)) == 0,
            position == "path" or draw(st.booleans()), position, name,
        ))  # fmt: skip
    return found


def document(found: list[Slot]) -> dict[str, Any]:
    path = "/things" + "".join(f"/{{{one.name}}}" for one in found if one.position == "path")
    parameters = [
        {"name": one.name, "in": one.position, "required": one.required, "schema": one.schema}
        for one in found
        if one.position in {"path", "query", "header", "cookie"}
    ]
    body = [one for one in found if one.position == "body"]
    answer = [one for one in found if one.position == "answer"]
    operation: dict[str, Any] = {
        "operationId": "shop_do", "tags": ["shop"], "summary": "Do it.", "parameters": parameters,
        "responses": {"200": {"description": "", "content": {"application/json": {"schema": _ref("AnswerEnvelope")}}}},
    }  # fmt: skip
    if body:
        schema = {"type": "object", "required": [one.name for one in body if one.required],
                  "properties": {one.name: one.schema for one in body}}  # fmt: skip
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    result = {"type": "object", "required": [one.name for one in answer if one.required],
              "properties": {"sign": {"type": "string"}} | {one.name: one.schema for one in answer}}  # fmt: skip
    envelope = {"allOf": [_ref("Envelope"), {"type": "object", "properties": {
        "response": {"anyOf": [_ref("Result"), {"type": "null"}]}}}]}  # fmt: skip
    return {
        "openapi": "3.1.0", "info": {"title": "Fuzz", "version": "1"}, "tags": [{"name": "shop", "description": "."}],
        "paths": {path: {"post": operation}},
        "components": {"schemas": {**COMPONENTS, "Result": result, "AnswerEnvelope": envelope}},
    }  # fmt: skip
