"""Read the same facts out of this project's bundle, so that the two can be compared."""

from __future__ import annotations

from typing import Any

from ..shapes import METHODS
from .facts import BOUNDS, Fact, Facts, empty

RULES = ("x-exactly-one", "x-at-least-one", "x-required-if", "x-full", "x-all", "x-optional-segment")


def _name(reference: str) -> str:
    return reference.rsplit("/", 1)[-1]


def _pgs(node: dict[str, Any]) -> Fact:
    advice = node.get("x-pg") or {}
    lists = {key: sorted(advice[key]) for key in ("required", "supported", "unsupported") if advice.get(key)}
    if noted := sorted(advice.get("notes") or {}):
        lists["noted"] = noted
    return {"pg": lists} if lists else {}


def _rules(node: dict[str, Any]) -> Fact:
    rules = sorted(key for key in RULES if key in node)
    return {"rules": rules} if rules else {}


class _Reader:
    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.schemas: dict[str, Any] = document["components"]["schemas"]
        self.facts = empty()

    def scalar(self, name: str) -> bool:
        """A named type that has no fields (an enum) is a fact of its uses, not a definition."""
        schema = self.schemas[name]
        return "properties" not in schema and "allOf" not in schema and schema.get("type") != "object"

    def resolve(self, node: dict[str, Any], section: str) -> dict[str, Any]:
        if "$ref" not in node:
            return node
        target: dict[str, Any] = self.document["components"][section][_name(node["$ref"])]
        return target

    def shape(self, schema: dict[str, Any], place: str) -> Fact:
        """Type, null, values, bounds and format of a schema."""
        if "$ref" in schema:
            name = _name(schema["$ref"])
            return self.shape(self.schemas[name], place) if self.scalar(name) else {"type": name}
        choices = schema.get("anyOf") or schema.get("oneOf")
        if choices and "properties" not in schema:
            return self.choice(choices, place)
        kinds = schema.get("type", "")
        kinds = [kinds] if isinstance(kinds, str) else list(kinds)
        fact: Fact = {"null": True} if "null" in kinds else {}
        kind = " or ".join(part for part in kinds if part != "null")
        if "properties" in schema or "allOf" in schema:
            self.definition(schema, place)
            kind = place
        values = schema.get("enum") or schema.get("x-open-enum")
        if bounds := {key: schema[key] for key in BOUNDS if key in schema}:
            fact["bounds"] = bounds
        if "format" in schema:
            fact["format"] = schema["format"]
        if kind == "array" and isinstance(schema.get("items"), dict):
            inner = self.shape(schema["items"], f"{place}[]")
            kind = f"array of {inner['type']}"
            values = values or inner.get("values")
            for key, value in inner.get("bounds", {}).items():
                fact.setdefault("bounds", {})[f"items.{key}"] = value
        if values:
            fact["values"] = sorted((value for value in values if value is not None), key=str)
        return {"type": kind, **fact}

    def choice(self, choices: list[dict[str, Any]], place: str) -> Fact:
        shapes = [self.shape(part, place) for part in choices]
        rest = [shape for shape in shapes if shape["type"] != "" or "null" not in shape]
        fact: Fact = {}
        for shape in rest:
            fact = (
                shape | {"bounds": {**shape.get("bounds", {}), **fact["bounds"]}} if "bounds" in fact else fact | shape
            )
        fact["type"] = " or ".join(shape["type"] for shape in rest)
        if any(shape.get("null") for shape in shapes):
            fact["null"] = True
        return fact

    def fact(self, schema: dict[str, Any], place: str, beside: dict[str, Any], *, required: bool) -> Fact:
        fact = self.shape(schema, place)
        if required:
            fact["required"] = True
        near = self.schemas[_name(schema["$ref"])] if "$ref" in schema and self.scalar(_name(schema["$ref"])) else {}
        merged = near | schema | beside
        if "default" in merged:
            fact["default"] = merged["default"]
        if merged.get("deprecated"):
            fact["deprecated"] = True
        return fact | _pgs(merged) | _rules(merged)

    def definition(self, schema: dict[str, Any], name: str) -> None:
        found: Fact = {"fields": {}}
        self.facts["definitions"][name] = found  # taken before the walk: a schema may refer to itself
        for part in (schema, *schema.get("allOf", ())):
            if "$ref" in part:
                found.setdefault("extends", []).append(_name(part["$ref"]))
            for field, node in (part.get("properties") or {}).items():
                required = field in part.get("required", ())
                found["fields"][field] = self.fact(node, f"{name}.{field}", {}, required=required)
        found.update(_pgs(schema) | _rules(schema))

    def operation(self, node: dict[str, Any], key: str, shared: list[Any]) -> None:
        name = node["operationId"]
        found: Fact = {
            "id": name,
            "vendor_id": node.get("x-vendor-operation-id", ""),
            "tags": list(node["tags"]),
            "consumes": [],
            "statuses": {},
            "parameters": {},
            **_pgs(node),
        }
        rules = set(_rules(node).get("rules", ()))
        for reference in (*shared, *node.get("parameters", ())):
            parameter = self.resolve(reference, "parameters")
            place, wire = parameter["in"], parameter["name"]
            fact = self.fact(
                parameter["schema"], f"{name}.{wire}", parameter, required=parameter.get("required", False)
            )
            found["parameters"][wire] = {"in": place, **fact}
        if "requestBody" in node:
            content = self.resolve(node["requestBody"], "requestBodies")["content"]
            found["consumes"] = sorted(content)
            for media in content.values():
                body = self.resolve(media["schema"], "schemas")
                rules.update(_rules(body).get("rules", ()))
                for field, schema in body.get("properties", {}).items():
                    fact = self.fact(schema, f"{name}.{field}", {}, required=field in body.get("required", ()))
                    found["parameters"][field] = {"in": "body", **fact}
        if rules:
            found["rules"] = sorted(rules)
        for status, reference in node["responses"].items():
            answer = self.resolve(reference, "responses")
            content = list(answer.get("content", {}).values())
            schema = content[0].get("schema") if content else None
            found["statuses"][status] = self.shape(schema, f"{name}.{status}")["type"] if schema else ""
        self.facts["operations"][key] = found

    def read(self) -> Facts:
        document = self.document
        schemes = document["components"].get("securitySchemes", {})
        self.facts["document"] = {
            "format": f"OpenAPI {document['openapi']}",
            "hosts": sorted(server["url"].split("//", 1)[-1] for server in document.get("servers", ())),
            "security": sorted(schemes),
        }
        for name, schema in self.schemas.items():
            if not self.scalar(name):
                self.definition(schema, name)
        for path, item in document["paths"].items():
            for method in METHODS:
                if method in item:
                    self.operation(item[method], f"{method.upper()} {path}", item.get("parameters", []))
        return self.facts


def read_bundle(document: dict[str, Any]) -> Facts:
    """The facts of our bundle. The lint has already held that it is well formed."""
    return _Reader(document).read()
