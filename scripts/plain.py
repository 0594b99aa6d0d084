"""The specification without the extensions that only this repository understands.

`plain` is OpenAPI 3.1 with the shapes that other tools know: an open enumeration is `anyOf` of its known values and its
type, texts of values are lists in the order of the values, webhooks and the rules between arguments are left out.
`older` is the same in OpenAPI 3.0.
"""

from __future__ import annotations

from .codegen.document import Document, Node, changed, is_rule, types_of, values_of
from .codegen.supported import members_of

KEPT = {"x-name-ko", "x-sensitive"}
"""This project's extensions with a scalar value, which other tools ignore."""


def plain(document: Node) -> Node:
    """Return the document as OpenAPI 3.1 in standard shapes."""
    made: Node = changed(_plain_node, {key: value for key, value in document.items() if key != "webhooks"})
    _drop_unreached(made)
    return made


def older(document: Node) -> Node:
    """Return a plain document as OpenAPI 3.0."""
    made: Node = changed(_older_node, document)
    made["openapi"] = "3.0.3"
    made["info"] = {key: value for key, value in made["info"].items() if key != "summary"}
    if "license" in made["info"]:
        made["info"]["license"] = {"name": made["info"]["license"]["name"]}
    return made


def _plain_node(node: Node) -> Node:
    made = {key: value for key, value in node.items() if not key.startswith("x-") or key in KEPT}
    if is_rule(made.get("anyOf", [])):  # a rule between arguments: generators read it as a choice of two models
        del made["anyOf"]
    if "x-unix-time" in node and "integer" in types_of(made):
        made["format"] = "int64"
    values = node.get("x-open-enum") or node.get("x-enum-descriptions")
    if not values:
        return made
    known = values_of(node) if "x-open-enum" in node else made.pop("enum")
    texts = [values[str(value)] for value in known if value is not None]
    enumeration: Node = {"enum": known, "x-enum-descriptions": texts}
    if "x-enum-names" in node:
        enumeration["x-enum-varnames"] = members_of(node)
    if "x-open-enum" not in node:
        return made | enumeration
    bare = {key: made.pop(key) for key in ("type", "maxLength") if key in made}
    return made | {"anyOf": [{"type": bare["type"], **enumeration}, bare]}


def _older_node(node: Node) -> Node:
    made = {key: value for key, value in node.items() if key != "contentMediaType"}
    if "const" in made:
        made["enum"] = [made.pop("const")]
    types = made.get("type")
    if isinstance(types, list):
        kinds = [one for one in types if one != "null"]
        made |= {"type": kinds[0]} if len(kinds) == 1 else {"anyOf": [{"type": one} for one in kinds]}
        if len(kinds) > 1:
            del made["type"]
        if "null" in types:
            made["nullable"] = True
    for key, flag in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if flag in made:
            made |= {key: made[flag], flag: True}
    for key in ("anyOf", "oneOf"):
        branches = [one for one in made.get(key, ()) if one.get("type") != "null"]
        if key not in made or len(branches) == len(made[key]):
            continue
        del made[key]
        made["nullable"] = True
        made |= {"allOf": branches} if len(branches) == 1 else {key: branches}
    if "$ref" in made and len(made) > 1:
        made["allOf"] = [{"$ref": made.pop("$ref")}]
    return made


def _drop_unreached(document: Node) -> None:
    """Drop the components that only a webhook used."""
    while unused := Document(document).unreferred():
        for section, name in unused:
            del document["components"][section][name]
