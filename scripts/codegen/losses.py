"""What is OpenAPI, would be generated and would break a call or lose a value: refused by name, with its place."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from . import tool
from .document import Document, Node, objects, types_of

OF_THE_CLIENT: Final = frozenset([
    *("accept", "authorization", "content-type", "connection", "content-length", "cookie", "host"),
    *("transfer-encoding", "user-agent"),
])  # fmt: skip
"""Headers that an argument must not replace: the token is one of them."""
TYPES: Final = {"int32": "integer", "int64": "integer", "float": "number", "double": "number"}
"""The type that a format belongs to, if that is not text."""
LOCATIONS: Final = ("path", "query", "header", "cookie")


def losses(document: Document) -> Iterator[str]:
    """`where: what`, for each."""
    for where, node in objects(document.raw):
        faults = [*_of_names(node.get("properties", ())), *_of_a_choice(document, node)]
        yield from (f"{where}: {fault} is not supported" for fault in faults)
    declared = document.components("securitySchemes").keys()
    for operation in document.operations:
        found = document.parameters(operation)
        faults = [
            f"the security scheme {name}, which is not declared,"
            for needed in operation.node.get("security", ())
            for name in needed.keys() - declared
        ]
        for location in LOCATIONS:
            names = [one["name"] for one in found if one["in"] == location]
            faults += _of_names(names)
            if location == "header":
                faults += [f"the header {one} as an argument" for one in names if one.lower() in OF_THE_CLIENT]
                if len({*map(str.lower, names)}) < len({*names}):
                    faults.append(f"a header that is declared twice, {', '.join(names)},")
        yield from (f"/paths/{operation.path}/{operation.method}: {fault} is not supported" for fault in faults)


def _of_names(names: Iterable[str]) -> Iterator[str]:
    met: dict[tuple[str, str], str] = {}
    for name in names:
        if name != (written := unicodedata.normalize("NFKC", name)):
            yield f"the name {name!a}, which Python writes as {written!a},"
        both = tool.python_name(name), tool.second_name(name)
        if (other := met.setdefault(both, name)) != name:
            yield f"{other} beside {name}, which is called {both[1]} in Python as well,"


def _of_a_choice(document: Document, node: Node) -> Iterator[str]:
    if node.get("format") and types_of(node) != {TYPES.get(node["format"], "string")}:
        yield f"the format {node['format']} of {' or '.join(sorted(types_of(node))) or 'no type'}"
    if "discriminator" in node and not {"anyOf", "oneOf"} & node.keys():
        yield "`discriminator` without oneOf"
    if isinstance(node.get("additionalProperties"), dict) and node["additionalProperties"] and node.get("properties"):
        yield "`additionalProperties` with a type, beside properties,"
    for key in ("anyOf", "oneOf"):
        if len(node.get(key, ())) == 1 and node[key][0].keys() != {"required"}:
            yield f"`{key}` of one branch"
    for branch in node.get("allOf", ()):
        whole = document.resolve(branch)
        if not whole.keys() & {"properties", "allOf"} and types_of(whole) != {"object"}:
            yield "`allOf` of what is no object"
