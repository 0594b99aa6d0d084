"""Rules about what must agree: bounds with each other and with the default, tags with operations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import jsonschema_rs

from .places import Spec

HELD = ("type", "enum", "minimum", "maximum", "exclusiveMinimum", "minLength", "maxLength", "pattern")


def bounds_and_defaults(spec: Spec) -> Iterator[str]:
    """What is required is there, no bound is above its counterpart, and the default keeps them."""
    for place in (one for one in spec.places if one.is_schema):
        node, where = place.node, place.where
        if place.role in {"body", "component", "branch"}:
            ways = [one for one in (*node.get("anyOf", ()), *node.get("oneOf", ())) if one.keys() == {"required"}]
            named = [name for one in (node, *ways) for name in one.get("required", ())]
            missing = [name for name in named if "properties" in node and name not in node["properties"]]
            yield from (f"{where}: it requires {name}, which it has not" for name in missing)
        for low, high in (("minimum", "maximum"), ("minLength", "maxLength"), ("minItems", "maxItems")):
            if low in node and high in node and node[low] > node[high]:
                yield f"{where}: {low} is above {high}"
        allowed = {key: value for key, value in spec.resolve(node).items() if key in HELD}
        if "default" in node and not jsonschema_rs.is_valid(allowed, node["default"]):
            yield f"{where}: it does not allow its default, {node['default']!r}"


def declared_tags(spec: Spec) -> Iterator[str]:
    """No declared tag without operations; the generator refuses a tag that is not declared."""
    declared = [tag.name for tag in spec.of("tag")]
    used = {operation.tag for operation in spec.operations}
    yield from (f"tag {name}: no operation has it" for name in declared if name not in used)
    yield from (f"tag {name}: it is declared twice" for name, count in Counter(declared).items() if count > 1)
