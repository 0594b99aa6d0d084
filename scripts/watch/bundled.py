"""Read the same facts out of this project's bundle, so that the two can be compared."""

from __future__ import annotations

from typing import Any

from ..codegen.document import Document, Node, Operation
from .facts import Fact, Facts
from .reader import Reader, name_of

RULES = ("x-exactly-one", "x-at-least-one", "x-required-if", "x-full", "x-all", "x-optional-segment")


class _Reader(Reader):
    def __init__(self, document: Document) -> None:
        super().__init__()
        self.document = document
        self.resolve = document.resolve

    def marks(self, node: Node) -> Fact:
        advice = node.get("x-pg") or {}
        lists = {key: sorted(advice[key]) for key in ("required", "supported", "unsupported") if advice.get(key)}
        if noted := sorted(advice.get("notes") or {}):
            lists["noted"] = noted
        rules = sorted(key for key in RULES if key in node)
        return ({"pg": lists} if lists else {}) | ({"rules": rules} if rules else {})

    def scalar(self, name: str) -> bool:
        """Return whether a type has no fields (an enum). It is then a fact of its uses, not a definition."""
        schema = self.document.schemas[name]
        return "properties" not in schema and "allOf" not in schema and schema.get("type") != "object"

    def whole(self, node: Node) -> Node:
        return self.resolve(node) if "$ref" in node and self.scalar(name_of(node["$ref"])) else node

    def operation(self, node: Node, key: str, shared: list[Any]) -> Fact:
        resolve = self.resolve
        parameters = [
            {**self.whole(one["schema"]), **one, "schema": None}
            for one in self.document.parameters(Operation("", key, node, {"parameters": shared}))
        ]
        content = resolve(node.get("requestBody", {})).get("content", {})
        rules: Node = {}
        for body in (resolve(media["schema"]) for media in content.values()):
            rules |= {rule: body[rule] for rule in RULES if rule in body}
            required = {
                name for one in (body, *map(resolve, body.get("allOf", ()))) for name in one.get("required", ())
            }
            parameters += [
                {**schema, "name": name, "in": "body", "required": name in required}
                for name, schema in self.document.fields(body).items()
            ]
        answers: Node = {
            status: next(iter(resolve(answer).get("content", {}).values()), {})
            for status, answer in node["responses"].items()
        }
        shaped = {**node, **rules, "consumes": content, "parameters": parameters, "responses": answers}
        found = super().operation(shaped, key, [])
        found["vendor_id"] = node.get("x-vendor-operation-id", "")
        return found

    def read(self, document: Node) -> Facts:
        self.facts["document"] = {
            "format": f"OpenAPI {document['openapi']}",
            "hosts": sorted(server["url"].split("//", 1)[-1] for server in document.get("servers", ())),
            "security": sorted(self.document.components("securitySchemes")),
        }
        types = {name: schema for name, schema in self.document.schemas.items() if not self.scalar(name)}
        return super().read({"definitions": types, "paths": document["paths"]})


def read_bundle(document: Node) -> Facts:
    """Return the facts of our bundle. The lint has checked before that it is well formed."""
    return _Reader(Document(document)).read(document)
