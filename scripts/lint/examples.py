"""Rules about examples: there are enough, they match the specification, and none has real personal data."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import jsonschema_rs

from ..codegen.document import Node, Operation
from ..yaml_files import nodes
from .places import Spec

TEST_CARDS = {
    "4242424242424242",
    "4111111111111111",
    "5555555555554444",
    "378282246310005",
    "4000000000000002",
}
MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*")
PHONE = re.compile(r"(?<![\w-])(?:\+?82-?|0)(?:1[016789]|2|[3-6]\d|70)-?\d{3,4}-?\d{4}(?![\w-])")
LONG_NUMBER = re.compile(r"(?<![\w-])\d(?:[ -]?\d){12,18}(?![\w-])")
CARD = re.compile(r"(?:3[47]\d{13}|(?:3[568]|[4569]\d|2[2-7])\d{14})$")
URI = "urn:spec"
RESIDENT = re.compile(r"(?<!\d)\d{6}-[1-8]\d{6}(?!\d)")


def all_examples(spec: Spec) -> Iterator[tuple[str, str, str, Any]]:
    """Iterate over (file name, operationId, case, example)."""
    for path in sorted((spec.folder / "examples").glob("*.json")):
        name, _, case = path.stem.partition(".")
        yield path.name, name, case, json.loads(path.read_text(encoding="utf-8"))


def _refused(operation: Node, answer: Node) -> bool:
    body = answer["body"]
    payload = body.get("response")
    marked = operation.get("x-refusal", {}).get("code")
    refused = isinstance(payload, dict) and bool(marked) and bool(payload.get(marked))
    return answer["status"] >= 400 or body.get("code") != 0 or refused


def enough_examples(spec: Spec) -> Iterator[str]:
    """Find operations without an `ok` or a refusal, and an `ok` that is a refusal."""
    cases: dict[str, set[str]] = {}
    refused: set[str] = set()
    operations = {operation.id: operation.node for operation in spec.operations}
    for file, name, case, example in all_examples(spec):
        cases.setdefault(name, set()).add(case)
        if _refused(operations.get(name, {}), example["answer"]):
            refused.add(name)
            if case == "ok":
                yield f"examples/{file}: the case ok is a refusal"
    for name in operations:
        if "ok" not in cases.get(name, ()):
            yield f"{name}: it has no example {name}.ok.json"
        if name not in refused:
            yield f"{name}: it has no example of a refusal"


def invented_people(spec: Spec) -> Iterator[str]:
    """Find card numbers, telephone numbers, mail addresses and resident numbers that could be real."""
    for file, _, _, example in all_examples(spec):
        for text in (str(one) for one in nodes(example) if isinstance(one, str | int) and not isinstance(one, bool)):
            if any(not mail.endswith(("@example.com", ".example.com")) for mail in MAIL.findall(text)):
                yield f"examples/{file}: mail addresses must end in example.com"
            if any(not re.match(r"(?:\+?82-?|0)10-?0000", phone) for phone in PHONE.findall(text)):
                yield f"examples/{file}: telephone numbers must be 010-0000-…"
            if RESIDENT.search(text):
                yield f"examples/{file}: it holds what looks like a resident number"
            for number in LONG_NUMBER.findall(text):
                digits = re.sub(r"\D", "", number)
                if digits not in TEST_CARDS and CARD.match(digits) and _is_card(digits):
                    yield f"examples/{file}: it holds what looks like a card number"


def _is_card(digits: str) -> bool:
    """Return whether a number has the check digit that every card number has (Luhn)."""
    doubled = [int(digit) * (2 if index % 2 else 1) for index, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def examples_validate(spec: Spec) -> Iterator[str]:
    """Find requests and answers that do not match the specification. Formats are only advice."""
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
            except jsonschema_rs.ValidationError as unfit:  # for example an invalid pattern
                yield f"{name}: {what}: its schema is none: {unfit.message.partition(chr(10))[0][:160]}"
                continue
            if errors:
                error = _plainest(errors)
                place = "".join(f".{step}" for step in error.instance_path)
                message = error.message.replace('"', "'")
                yield f"examples/{file}: {what}{place}: {message[:160]}"


def _plainest(errors: list[jsonschema_rs.ValidationError]) -> jsonschema_rs.ValidationError:
    """Return the outermost error. Within `anyOf`, the branch that fails deepest is the one that was meant."""
    error = min(errors, key=lambda one: len(one.instance_path))
    branches: list[list[jsonschema_rs.ValidationError]] = getattr(error.kind, "context", [])
    return max(map(_plainest, filter(None, branches)), key=lambda one: len(one.instance_path), default=error)


def _parts(spec: Spec, operation: Operation, example: Any) -> Iterator[tuple[str, Any, Node | None]]:
    """Iterate over (what, value, schema) of each part of an example. The schema is None if nothing is declared."""
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
        yield from ((f"request.body.{name}", None, None) for name in body if schema and name not in spec.fields(schema))
    elif operation.node.get("requestBody", {}).get("required"):
        yield "request.body", None, schema
    answer = example["answer"]
    response = operation.node.get("responses", {}).get(str(answer["status"]))
    content = spec.resolve(response).get("content", {}) if response else {}
    yield "answer.body", answer["body"], content.get("application/json", {}).get("schema")
