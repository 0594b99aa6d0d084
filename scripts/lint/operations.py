"""Rules about operations: names, tags, arguments, answers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from ..codegen.document import Node
from ..codegen.operations import RESERVED
from ..codegen.tool import python_name
from .places import Spec

# What a repeatable POST may be called: the generator repeats it after a lost answer.
READS = ("get", "find", "list", "search", "report", "count")
SNAKE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


def operation_ids(spec: Spec) -> Iterator[str]:
    """snake_case. That each is there, is the only one, and begins with its tag is held by scripts/shapes.py."""
    for where, _, _, _ in spec.operations:
        if not SNAKE.fullmatch(where):
            yield f"{where}: the operationId is not snake_case"


def path_parameters(spec: Spec) -> Iterator[str]:
    """The path and its parameters name the same."""
    for method, path, operation, item in spec.document.operations():
        where = operation.get("operationId") or f"{method.upper()} {path}"
        declared = [str(node["name"]) for node in spec.parameters(operation, item) if node.get("in") == "path"]
        wanted = re.findall(r"\{([^}]*)\}", path)
        for name in wanted:
            if name not in declared:
                yield f"{where}: the path has {{{name}}}, and no path parameter is called so"
        for name in declared:
            if name not in wanted:
                yield f"{where}: the path parameter {name} does not stand in the path {path}"


def declared_tags(spec: Spec) -> Iterator[str]:
    """Exactly one declared tag each, and no declared tag without operations."""
    declared = [tag.name for tag in spec.of("tag")]
    used: set[str] = set()
    for where, _, operation, _ in spec.operations:
        tags = operation.get("tags")
        if not isinstance(tags, list) or len(tags) != 1:
            yield f"{where}: it must have exactly one tag"
            continue
        used.add(str(tags[0]))
        if tags[0] not in declared:
            yield f"{where}: the tag {tags[0]} is not declared in openapi.yaml"
    yield from (f"tag {name}: no operation has it" for name in declared if name not in used)
    yield from (f"tag {name}: it is declared twice" for name, count in Counter(declared).items() if count > 1)


def argument_names(spec: Spec) -> Iterator[str]:
    """No two arguments of an operation, and no two fields of a model, with one Python name."""
    for where, _, operation, item in spec.operations:
        named = [
            (str(node.get("name")), str(node.get("x-python-name") or python_name(str(node.get("name")))))
            for node in spec.parameters(operation, item)
            if node.get("in") != "header"
        ]
        named += _field_names(spec.body(operation))
        yield from _clashes(where, named, "arguments")
        yield from (
            f"{where}.{wire}: the SDK needs the name {name} for itself" for wire, name in named if name in RESERVED
        )
    for place in spec.of("component"):
        yield from _clashes(place.where, _field_names(place.node), "fields")


def _field_names(schema: Node) -> list[tuple[str, str]]:
    return [
        (wire, str(node.get("x-python-name") or python_name(wire)))
        for wire, node in schema.get("properties", {}).items()
        if isinstance(node, dict)
    ]


def _clashes(where: str, named: list[tuple[str, str]], what: str) -> Iterator[str]:
    for name, count in Counter(name for _, name in named).items():
        if count > 1:
            wires = " and ".join(wire for wire, other in named if other == name)
            yield f"{where}: the {what} {wires} would both be called {name}"


def answers_are_envelopes(spec: Spec) -> Iterator[str]:
    """Every 200 and 207 is an `Envelope` with a `response` of its own."""
    for where, _, operation, _ in spec.operations:
        responses = operation.get("responses", {})
        if "200" not in responses:
            yield f"{where}: it has no answer 200"
        for status in ("200", "207"):
            if status in responses and not _is_envelope(spec, responses[status]):
                yield f"{where} {status}: it is not an Envelope with a response of its own"


def _is_envelope(spec: Spec, response: Node) -> bool:
    content = spec.resolve(response).get("content", {})
    schema = spec.resolve(content.get("application/json", {}).get("schema", {}))
    parts = schema.get("allOf", [])
    return {"$ref": "#/components/schemas/Envelope"} in parts and any(
        "response" in part.get("properties", {}) for part in parts
    )


def unauthorized_answers(spec: Spec) -> Iterator[str]:
    """401 wherever a token is asked for."""
    for where, _, operation, _ in spec.operations:
        needed = operation.get("security", spec.raw.get("security"))
        if needed and "401" not in operation.get("responses", {}):
            yield f"{where}: it asks for a token and has no answer 401"


def one_media_type(spec: Spec) -> Iterator[str]:
    """application/json, and nothing beside it, in both directions."""
    for where, _, operation, _ in spec.operations:
        bodies = {where: operation["requestBody"]} if "requestBody" in operation else {}
        bodies |= {f"{where} {status}": spec.resolve(node) for status, node in operation.get("responses", {}).items()}
        for place, body in bodies.items():
            if list(body.get("content", {})) != ["application/json"]:
                yield f"{place}: its one media type must be application/json"


def withdrawn_operations(spec: Spec) -> Iterator[str]:
    """`deprecated` and `x-history` go together: a warning needs its reason."""
    for where, _, operation, _ in spec.operations:
        history = operation.get("x-history")
        if bool(operation.get("deprecated")) != (history is not None):
            yield f"{where}: deprecated and x-history must stand together"
        elif history is not None and not (isinstance(history, dict) and {"last-seen", "note"} <= history.keys()):
            yield f"{where}: x-history must say last-seen and note"


def repeatable_operations(spec: Spec) -> Iterator[str]:
    """`x-safe` stands at reads alone: a write that is repeated moves money twice."""
    for where, _, operation, _ in spec.operations:
        tags = operation.get("tags") or [""]
        verb = str(operation.get("operationId")).removeprefix(f"{tags[0]}_").partition("_")[0]
        if operation.get("x-safe") and verb not in READS:
            yield f"{where}: x-safe would repeat a call that is named {verb}, which is no read"
