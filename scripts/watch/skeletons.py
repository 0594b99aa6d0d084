"""The pieces of a proposed patch: a fact of the vendor as it would be in spec/, with TODO where a person decides.

Bounds that the vendor writes as texts become numbers, answers become optional and nullable, and a new argument of a
known operation is optional, as spec/README.md requires.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from ..yaml_files import beside, nodes
from .facts import Fact

TODO: Final = "TODO"
RESPONSES: Final[dict[str, str]] = beside(__file__)
ENVELOPE: Final = {"code", "message", "response"}
Node = dict[str, Any]
Refer = Callable[[str], str]
"""The vendor's type → the `$ref` to it."""


def our_name(vendor: str) -> str:
    """Return our name for a type: `RefundAccountAnnotation` → `RefundAccount`, `…Response` → `…Envelope`."""
    if re.fullmatch(r"\w+", vendor):
        return re.sub(r"Response$", "Envelope", vendor.removesuffix("Annotation"))
    words = re.findall(r"[A-Za-z]+", vendor.replace("Annotation", ""))  # an inline object, named after its place
    return "".join(word[0].upper() + word[1:] for word in words)


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", re.sub(r"\W+", "_", name)).lower()


def is_envelope(name: str, definition: Fact) -> bool:
    return name.endswith("Response") and definition["fields"].keys() <= ENVELOPE


def _bound(value: Any) -> Any:
    return int(value) if isinstance(value, str) and re.fullmatch(r"-?\d+", value) else value


def _type(kind: str, refer: Refer) -> Node:
    if kind.startswith("array of "):
        return {"type": "array", "items": _type(kind.removeprefix("array of "), refer)}
    known = {"string", "integer", "number", "boolean", "object"}
    parts = [part for part in kind.split(" + ") if part]
    named = [part for part in parts if part not in known and not part.startswith("array of ")]
    if named:  # the vendor writes `type: string` beside a reference
        return {"$ref": refer(named[0])}
    return {"type": parts[0] if parts and parts[0] in known else TODO}


def schema(fact: Fact, refer: Refer, *, answer: bool = False) -> Node:
    made = _type(fact["type"], refer)
    made |= {key: bound if key == "pattern" else _bound(bound) for key, bound in fact.get("bounds", {}).items()}
    if fact.get("values"):
        target = made["items"] if made.get("type") == "array" else made
        target["x-open-enum"] = dict.fromkeys(map(str, fact["values"]), TODO)
    if fact.get("deprecated"):
        made["deprecated"] = True
    if answer and "$ref" in made:
        made = {"anyOf": [made, {"type": "null"}]}
    elif answer and made["type"] != TODO:
        made["type"] = [made["type"], "null"]
    return {**made, **_pg(fact), "x-name-ko": TODO, "description": TODO}


def _pg(fact: Fact) -> Node:
    lists = fact.get("pg", {})
    found: Node = {key: list(lists[key]) for key in ("supported", "unsupported", "required") if key in lists}
    if noted := lists.get("noted"):
        found["notes"] = dict.fromkeys(noted, TODO)
    return {"x-pg": found} if found else {}


def json_content(made: Node) -> Node:
    return {"application/json": {"schema": made}}


def place(operation: Any, name: str, fact: Fact, refer: Refer, *, required: bool) -> None:
    """Add a parameter to an operation, where the vendor has it."""
    made = schema(fact, refer)
    if fact["in"] not in {"body", "formData"}:
        entry: Node = {"name": name, "in": fact["in"], **({"required": True} if required else {})}
        entry |= {key: made.pop(key) for key in ("x-name-ko", "description", "x-pg") if key in made}
        operation.setdefault("parameters", []).append({**entry, "schema": made})
        return
    empty: Node = {"required": True, "content": json_content({"type": "object", "properties": {}})}
    body = operation.setdefault("requestBody", empty)
    for media in body.get("content", {}).values():
        if "$ref" not in media["schema"]:
            if required:
                media["schema"].setdefault("required", []).append(name)
            media["schema"].setdefault("properties", {})[name] = made


def operation(tag: str, fact: Fact, refer: Refer, shared: dict[tuple[str, str], str]) -> Node:
    """Return a whole operation. `shared` has the files of parameters that several operations use."""
    made: Node = {
        "operationId": f"{tag}_{TODO}_{snake(fact['id'])}",
        "tags": [tag],
        "summary": TODO,
        "x-name-ko": TODO,
        "x-vendor-operation-id": fact["id"],
        "description": TODO,
        **_pg(fact),
    }
    if fact.get("deprecated"):
        made["deprecated"] = True
    for name, parameter in fact["parameters"].items():
        if reference := shared.get((parameter["in"], name)):
            made.setdefault("parameters", []).append({"$ref": reference})
        else:
            place(made, name, parameter, refer, required=bool(parameter.get("required")))
    made["responses"] = {}
    for status, kind in sorted((fact["statuses"] or {"200": ""}).items()):
        if status in RESPONSES and not kind:
            made["responses"][status] = {"$ref": f"../../responses/{RESPONSES[status]}.yaml"}
        else:
            content = {"content": json_content(_type(kind, refer) if kind else {"$ref": TODO})}
            made["responses"][status] = {"description": TODO, **content}
    return made


def definition(fact: Fact, refer: Refer) -> Node:
    fields = {name: schema(field, refer, answer=True) for name, field in fact["fields"].items()}
    return {"type": "object", "description": TODO, "properties": fields}


def envelope(fact: Fact, refer: Refer) -> Node:
    response = fact["fields"].get("response")
    inner: Node = {"type": "object"}
    if response is not None:
        inner["properties"] = {"response": schema(response, refer, answer=True)}
    return {"description": TODO, "allOf": [{"$ref": "../Envelope.yaml"}, inner]}


def named(node: Any, name: str) -> Any:
    """Return the schema of the parameter or field with this name, wherever it is."""
    for one in (inner for inner in nodes(node) if isinstance(inner, dict)):
        if one.get("name") == name and "schema" in one:
            return one["schema"]
        if name in (one.get("properties") or {}):
            return one["properties"][name]
    return None
