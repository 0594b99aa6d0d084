"""Read the facts out of a Swagger 2.0 document as the vendor writes it.

Nothing is repaired on the way: a bound written as a string stays one, and a misspelt extension is read and named, so
that a repair by the vendor shows as a change.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, Final

from ..steps import StepError
from .facts import READ, TABLES, Fact, Facts
from .reader import SAMPLE, Node, Reader, mapping, shown

PER_PG = "x-portone-per-pg"
TEXTS: Final[list[str]] = TABLES["texts"]
PG_LISTS: Final[dict[str, str]] = TABLES["pg lists"]
MISSPELT: Final[dict[str, dict[str, str]]] = TABLES["misspelt"]


def _pgs(node: Node) -> Fact:
    """Return which PGs support, refuse, require or comment on something, and which marks are misspelt."""
    lists: dict[str, set[str]] = {}
    misspelt: set[str] = node.keys() & MISSPELT["lists"].keys()
    for key, name in (PG_LISTS | MISSPELT["lists"]).items():
        lists.setdefault(name, set()).update(str(pg) for pg in node.get(key) or ())
    for pg, entry in mapping(node.get(PER_PG) or {}, PER_PG).items():
        code = str(pg).lower()
        if code != pg:
            misspelt.add(str(pg))
        if not isinstance(entry, dict):
            misspelt.add(f"{pg}: {type(entry).__name__}")
            entry = {"description": entry}
        for key, value in entry.items():
            if (known := MISSPELT["keys"].get(key, key)) != key:
                misspelt.add(key)
            if known == "required":
                lists.setdefault("required" if value else "optional", set()).add(code)
            elif known == "description":
                lists.setdefault("noted", set()).add(code)
            else:
                misspelt.add(str(key))
    fact: Fact = {}
    if pg_lists := {name: sorted(codes) for name, codes in sorted(lists.items()) if codes}:
        fact["pg"] = pg_lists
    if misspelt:
        fact["spelling"] = sorted(misspelt)
    return fact


def _digest(value: Any) -> str:
    """Return the digest of a text without line breaks and indents: it shows a change of the text, but not the text."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:12]


def _texts(node: Node, before: str = "") -> dict[str, str]:
    """Return the digest of every text that explains something, including PG notes. `before` begins its name."""
    texts = {f"{before}{key}": _digest(node[key]) for key in TEXTS if node.get(key)}
    for pg, entry in mapping(node.get(PER_PG) or {}, PER_PG).items():
        text = entry if not isinstance(entry, dict) else entry.get("description", entry.get("descripton"))
        if text:
            texts[f"{before}note for {str(pg).lower()}"] = _digest(text)
    # Parts other than definitions, parameters and fields, which have their texts themselves.
    parts = [(f"part {number}", part) for number, part in enumerate(node.get("allOf") or (), 1)]
    for place, part in [*parts, *((key, node.get(key)) for key in ("items", "schema"))]:
        if isinstance(part, dict):
            texts |= _texts(part, f"{before}{place} ")
    return texts


def _headings(kind: str, nodes: Any, name: str) -> dict[str, str]:
    """Return the digests of the texts of tags, and of categories with those inside them."""
    texts: dict[str, str] = {}
    for node in nodes or ():
        texts |= _texts(mapping(node, kind), f"{kind} {node.get(name, '')} ")
        texts |= _headings(kind, node.get("children"), name)
    return texts


def _others(node: Node) -> Fact:
    """Return what no code here reads: how a list is written, or a mark that the vendor has since introduced."""
    found = {key: shown(node[key]) for key in sorted(node.keys() - READ)}
    others = [f"{key} {_digest(node[key]) if one == SAMPLE else json.dumps(one)}" for key, one in found.items()]
    return {"others": others} if others else {}


def _security(schemes: Node) -> list[str]:
    """Return each scheme with its requirements: `token: apiKey header Authorization`."""
    found = []
    for name, scheme in sorted(schemes.items()):
        scheme = mapping(scheme, f"securityDefinitions {name}")
        found.append(
            f"{name}: " + " ".join(str(scheme[key]) for key in ("type", "in", "name", "flow") if key in scheme)
        )
    return found


def _demands(security: Any) -> list[str]:
    """Return the schemes that a call needs: `token`, or `token + shop` if it needs both."""
    return sorted(" + ".join(sorted(mapping(each, "security"))) or "nothing" for each in security)


class _Reader(Reader):
    def marks(self, node: Node) -> Fact:
        texts = _texts(node)
        return _pgs(node) | ({"texts": texts} if texts else {}) | _others(node)

    def operation(self, node: Node, key: str, shared: list[Any]) -> Fact:
        found = super().operation(node, key, shared)
        if "security" in node:
            found["security"] = _demands(node["security"]) or ["nothing"]
        texts, headers = found.get("texts", {}), {}
        for status, answer in node.get("responses", {}).items():
            texts |= _texts(answer, f"{status} ")
            for name, header in mapping(answer.get("headers") or {}, f"{key} {status} headers").items():
                headers[f"{status} {name}"] = str(mapping(header, f"{key} {status} {name}").get("type", ""))
        found |= {name: facts for name, facts in (("headers", headers), ("texts", texts)) if facts}
        return found

    def read(self, document: Node) -> Facts:
        schemes = mapping(document.get("securityDefinitions") or {}, "securityDefinitions")
        general = {
            "base path": str(document.get("basePath") or "/"),
            "schemes": sorted(str(scheme) for scheme in document.get("schemes") or ()),
            "security schemes": _security(schemes),
            "demands": _demands(document.get("security") or ()),
            "texts": _texts(mapping(document.get("info") or {}, "info"))
            | _headings("tag", document.get("tags"), "name")
            | _headings("category", document.get("x-portone-categories"), "id"),
            **_others(document),
        }
        self.facts["document"] = {
            "format": f"Swagger {document['swagger']}",
            "hosts": [str(document["host"])] if document.get("host") else [],
            "security": sorted(schemes),
        } | {name: value for name, value in general.items() if value}
        return super().read(document)


def read_vendor(document: Any) -> Facts:
    """Return the facts of a parsed document. Raises `StepError` if it is not Swagger 2.0."""
    if not isinstance(document, dict):
        raise StepError("this is not an API document: its top is not an object")
    if "openapi" in document:
        raise StepError(f"this is an OpenAPI {document['openapi']} document; the vendor's V1 document is Swagger 2.0")
    if str(document.get("swagger")) != "2.0":
        raise StepError("this is not a Swagger 2.0 document: it does not say `swagger: 2.0`")
    try:
        return _Reader().read(document)
    except (TypeError, AttributeError, ValueError, KeyError, IndexError) as error:
        raise StepError(f"this Swagger document is malformed: {error}") from error
    except RecursionError as error:
        raise StepError("this Swagger document is nested too deeply") from error
