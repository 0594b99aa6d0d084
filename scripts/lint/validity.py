"""Whether the document is OpenAPI, and whether its examples are what it says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import jsonschema_rs

from ..codegen.document import Node, Operation
from .examples import all_examples
from .places import Spec

URI = "urn:spec"


def is_openapi(spec: Spec) -> Iterator[str]:
    """The document is OpenAPI 3.1."""
    from openapi_spec_validator import OpenAPIV31SpecValidator  # takes a second to load

    for error in OpenAPIV31SpecValidator(spec.raw).iter_errors():
        where = "".join(f"/{step}" for step in error.absolute_path) or "openapi.yaml"
        message = error.message.partition("\n")[0].replace('"', "'")  # the validator's backends quote differently
        yield f"{where}: not OpenAPI 3.1: {message[:160]}"


def examples_validate(spec: Spec) -> Iterator[str]:
    """Requests and answers are what the specification says; formats are advice."""
    registry = jsonschema_rs.Registry([(URI, spec.raw)])
    found = {operation.id: operation for operation in spec.operations}
    for file, name, _, example in all_examples(spec):
        for what, value, schema in _parts(spec, found[name], example) if name in found else ():
            if schema is None:
                yield f"examples/{file}: {what}: the operation has none of this"
                continue
            absolute = json.loads(json.dumps(schema).replace('"$ref": "#/', f'"$ref": "{URI}#/'))
            try:
                errors = [*jsonschema_rs.Draft202012Validator(absolute, registry=registry).iter_errors(value)]
            except jsonschema_rs.ValidationError as unfit:  # of a pattern that is none, say
                yield f"{name}: {what}: its schema is none: {unfit.message.partition(chr(10))[0][:160]}"
                continue
            if errors:
                error = _plainest(errors)
                place = "".join(f".{step}" for step in error.instance_path)
                message = error.message.replace('"', "'")
                yield f"examples/{file}: {what}{place}: {message[:160]}"


def _plainest(errors: list[jsonschema_rs.ValidationError]) -> jsonschema_rs.ValidationError:
    """Of what fails, the outermost; within `anyOf`, the branch that fails deepest is the one that was meant."""
    error = min(errors, key=lambda one: len(one.instance_path))
    branches: list[list[jsonschema_rs.ValidationError]] = getattr(error.kind, "context", [])
    return max(map(_plainest, filter(None, branches)), key=lambda one: len(one.instance_path), default=error)


def _parts(spec: Spec, operation: Operation, example: Any) -> Iterator[tuple[str, Any, Node | None]]:
    """(what, value, schema) of each part of an example; no schema where nothing is declared."""
    request = example.get("request", {})
    parameters = {(node["in"], node["name"]): node for node in spec.parameters(operation)}
    for location in ("path", "query", "header"):
        given = request.get(location, {})
        for name, value in given.items():
            node = parameters.get((location, name))
            yield f"request.{location}.{name}", value, node["schema"] if node else None
        for (where, name), node in parameters.items():
            needed = where == location and node.get("required") and not node.get("x-optional-segment")
            if needed and name not in given:
                yield f"request.{location}", given, {"required": [name]}
    body = request.get("body")
    schema = operation.body
    if body is not None:
        yield "request.body", body, schema or None
        yield from (
            (f"request.body.{name}", None, None) for name in body if schema and name not in schema["properties"]
        )
    elif operation.node.get("requestBody", {}).get("required"):
        yield "request.body", None, schema
    answer = example["answer"]
    response = operation.node.get("responses", {}).get(str(answer["status"]))
    content = spec.resolve(response).get("content", {}) if response else {}
    yield "answer.body", answer["body"], content.get("application/json", {}).get("schema")
