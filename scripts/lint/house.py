"""Rules about one place at a time, its values and its texts. house.yaml has most of them as a JSON Schema."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import jsonschema_rs

from ..yaml_files import misfits, pointer
from .places import Spec, required_of

HOUSE: Final = Path(__file__).with_suffix(".yaml")
LOOSE = ("$ref", "items", "properties", "additionalProperties", "allOf", "anyOf", "oneOf", "discriminator")
"""Keys that refer to other parts, against which a default is not checked."""
CODE = re.compile(r"`[^`]*`")
HTML = re.compile(r"</?[a-zA-Z][^>]*>|&[a-z]+;")
UNFINISHED = re.compile(r"\b(TODO|FIXME|TBD|XXX)\b")


def house(spec: Spec) -> Iterator[str]:
    """Find nodes whose description, name, marks or form do not fit their role and name."""
    for place, seen in spec.seen:
        yield from (f"{place.where}: {fault}" for _, fault in misfits(HOUSE, seen))


def bounds_and_defaults(spec: Spec) -> Iterator[str]:
    """Find missing required fields, bounds above their counterparts, and defaults outside of them."""
    for place in (one for one in spec.places if one.is_schema):
        node, where = place.node, place.where
        if place.role in {"body", "component", "branch"}:
            ways = [one for one in (*node.get("anyOf", ()), *node.get("oneOf", ())) if one.keys() == {"required"}]
            named = [name for one in (node, *ways) for name in required_of(one)]
            missing = [name for name in named if "properties" in node and name not in node["properties"]]
            yield from (f"{where}: it requires {name}, which it has not" for name in missing)
        for low, high in (("minimum", "maximum"), ("minLength", "maxLength"), ("minItems", "maxItems")):
            if low in node and high in node and node[low] > node[high]:
                yield f"{where}: {low} is above {high}"
        allowed = {key: value for key, value in spec.resolve(node).items() if key not in LOOSE}
        kind = {"type": node.get("type", ["string", "integer"])}
        for value in (one for one in node.get("enum", ()) if not jsonschema_rs.is_valid(kind, one)):
            yield f"{where}: its type does not allow its value {value!r}"
        if "default" in node and not jsonschema_rs.is_valid(allowed, node["default"]):
            yield f"{where}: it does not allow its default, {node['default']!r}"


def value_descriptions(spec: Spec) -> Iterator[str]:
    """Find values of an enumeration without an explanation, and explanations without a value."""
    for place in spec.places:
        explained = place.node.get("x-open-enum") or place.node.get("x-enum-descriptions", {})
        texts = {str(value): str(text or "") for value, text in explained.items()}
        values = [str(value) for value in place.node.get("enum") or place.node.get("x-open-enum", ())]
        for value in values:
            if not texts.get(value, "").strip():
                yield f"{place.where}: the value {value} is not explained"
        for value in texts.keys() - {*values}:
            yield f"{place.where}: {value} is explained, but is none of its values"


def wording(spec: Spec) -> Iterator[str]:
    """Find HTML, unfinished texts, and sentences that break off."""
    for place in spec.places:
        texts: dict[str, object] = {
            key: place.node[key] for key in ("description", "summary", "x-name-ko") if key in place.node
        }
        for key in ("x-open-enum", "x-enum-descriptions"):
            texts |= {f"{key} {value}": text for value, text in place.node.get(key, {}).items()}
        notes = place.node.get("x-pg", {}).get("notes", {})
        texts |= {f"x-pg {code}": text for code, text in notes.items()}
        for key, text in texts.items():
            yield from (f"{place.where}: {key} {fault}" for fault in _faults(str(text)))


def _faults(text: str) -> Iterator[str]:
    plain = CODE.sub("", text)
    if not text.replace("\n", "").isprintable():
        yield "holds an invisible character"
    if UNFINISHED.search(text):
        yield "is unfinished"
    if HTML.search(plain):
        yield "holds HTML"
    if text != text.strip() or "  " in text:
        yield "has loose spaces"
    if text.rstrip().endswith((":", ",", ";", "(", "–", "-", "…")):
        yield "breaks off"
    if "`" in plain or plain.count("(") != plain.count(")"):
        yield "has an unclosed ` or ("


def is_openapi(spec: Spec) -> Iterator[str]:
    """Find what keeps the document from being OpenAPI 3.1."""
    from openapi_spec_validator import OpenAPIV31SpecValidator  # takes a second to load

    for error in OpenAPIV31SpecValidator(spec.raw).iter_errors():
        message = error.message.partition("\n")[0].replace('"', "'")  # the validator's backends quote differently
        yield f"{pointer(error.absolute_path) or 'openapi.yaml'}: not OpenAPI 3.1: {message[:160]}"
