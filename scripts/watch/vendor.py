"""Read the facts out of a Swagger 2.0 document as the vendor writes it.

Nothing is repaired on the way: a bound that stands as a string stays one, and a misspelt extension is read and named,
so that a repair by the vendor shows as a change.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from ..shapes import METHODS
from .facts import BOUNDS, Fact, Facts, UnreadableError, empty

SUPPORTED = "x-portone-supported-pgs"
UNSUPPORTED = "x-portone-unsupported-pgs"
PER_PG = "x-portone-per-pg"
MISSPELT_LISTS = {"x-portone-supported_pgs": "supported"}
MISSPELT_KEYS = {"requiqred": "required", "descripton": "description"}
SENTENCE = re.compile(r"[^\x21-\x7e]")  # a blank or a letter beyond ASCII: not a value but text


def _mapping(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise UnreadableError(f"{where}: an object is expected here, not {type(value).__name__}")
    return value


def _pgs(node: dict[str, Any]) -> Fact:
    """Which PGs support, refuse, require or comment on a thing, and which marks are misspelt."""
    lists: dict[str, set[str]] = {}
    misspelt: set[str] = {key for key in MISSPELT_LISTS if key in node}
    for key, name in {SUPPORTED: "supported", UNSUPPORTED: "unsupported", **MISSPELT_LISTS}.items():
        lists.setdefault(name, set()).update(str(pg) for pg in node.get(key) or ())
    for pg, entry in _mapping(node.get(PER_PG) or {}, PER_PG).items():
        code = str(pg).lower()
        if code != pg:
            misspelt.add(str(pg))
        if not isinstance(entry, dict):
            misspelt.add(f"{pg}: {type(entry).__name__}")
            entry = {"description": entry}
        for key, value in entry.items():
            if (known := MISSPELT_KEYS.get(key, key)) != key:
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


TEXTS = ("summary", "description", "x-portone-name", "x-portone-title", "x-portone-summary", "x-portone-description")


def _digest(value: Any) -> str:
    """Of a text without its line breaks and indents: it tells that the text was rewritten, and not what it says."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:12]


def _texts(node: dict[str, Any]) -> Fact:
    """Every text that says what a thing means, PG notes among them."""
    texts = {key: _digest(node[key]) for key in TEXTS if node.get(key)}
    for pg, entry in _mapping(node.get(PER_PG) or {}, PER_PG).items():
        text = entry if not isinstance(entry, dict) else entry.get("description", entry.get("descripton"))
        if text:
            texts[f"note for {str(pg).lower()}"] = _digest(text)
    return {"texts": texts} if texts else {}


def _security(schemes: dict[str, Any]) -> list[str]:
    """Each scheme with what it asks for: `token: apiKey header Authorization`."""
    found = []
    for name, scheme in sorted(schemes.items()):
        scheme = _mapping(scheme, f"securityDefinitions {name}")
        found.append(
            f"{name}: " + " ".join(str(scheme[key]) for key in ("type", "in", "name", "flow") if key in scheme)
        )
    return found


def _default(value: Any) -> Any:
    """A default as the document has it, unless it is a text or a whole sample instead of a value."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return "(sample)" if len(text) > 40 or SENTENCE.search(text) else value


def _demands(security: Any) -> list[str]:
    """Which schemes a call needs: `token`, or `token + shop` where it needs both."""
    return sorted(" + ".join(sorted(_mapping(each, "security"))) or "nothing" for each in security)


class _Reader:
    def __init__(self) -> None:
        self.facts = empty()

    def type_of(self, node: dict[str, Any], place: str) -> str:
        parts: list[str] = []
        if "$ref" in node:
            parts.append(str(node["$ref"]).rsplit("/", 1)[-1])
        elif "properties" in node or "allOf" in node:
            self.definition(node, place, inline=True)
            parts.append(place)
        elif node.get("type") == "array" and "items" in node:
            items = node["items"]
            inner = self.type_of(items, f"{place}[]") if isinstance(items, dict) else json.dumps(items)
            parts.append(f"array of {inner}")
        elif "type" in node:
            parts.append(str(node["type"]))
        if isinstance(node.get("schema"), dict):
            parts.append(self.type_of(node["schema"], place))
        return " + ".join(parts)

    def fact(self, node: dict[str, Any], place: str, *, required: bool) -> Fact:
        fact: Fact = {"type": self.type_of(node, place)}
        if required:
            fact["required"] = True
        items = node.get("items")
        values = (
            node.get("enum") or node.get("x-portone-enum") or (items.get("enum") if isinstance(items, dict) else None)
        )
        if values:
            fact["values"] = sorted(values, key=str)
        if "default" in node:
            fact["default"] = _default(node["default"])
        if bounds := {key: node[key] for key in BOUNDS if key in node}:
            fact["bounds"] = bounds
        if "format" in node:
            fact["format"] = node["format"]
        if node.get("deprecated"):
            fact["deprecated"] = True
        return fact | _pgs(node) | _texts(node)

    def definition(self, node: dict[str, Any], name: str, *, inline: bool = False) -> None:
        found: Fact = {"fields": {}}
        required: set[str] = set()
        parts = [_mapping(part, name) for part in (node, *(node.get("allOf") or ()))]
        for part in parts:
            if "$ref" in part:
                found.setdefault("extends", []).append(str(part["$ref"]).rsplit("/", 1)[-1])
            required.update(str(field) for field in part.get("required") or () if part.get("required") is not True)
        for part in parts:
            for field, schema in _mapping(part.get("properties") or {}, name).items():
                place = f"{name}.{field}"
                found["fields"][field] = self.fact(_mapping(schema, place), place, required=field in required)
        if ghosts := sorted(required - set(found["fields"])):
            found["ghosts"] = ghosts
        # An inline object's PG marks are the field's, which carries them already.
        self.facts["definitions"][name] = found if inline else found | _pgs(node) | _texts(node)

    def operation(self, node: dict[str, Any], key: str, shared: list[Any]) -> None:
        found: Fact = {
            "id": str(node.get("operationId", "")),
            "tags": sorted(str(tag) for tag in node.get("tags") or ()),
            "consumes": sorted(str(kind) for kind in node.get("consumes") or ()),
            "statuses": {},
            "parameters": {},
            **_pgs(node),
        }
        if node.get("deprecated"):
            found["deprecated"] = True
        if "security" in node:
            found["security"] = _demands(node["security"]) or ["nothing"]
        texts, headers = _texts(node).get("texts", {}), {}
        for parameter in (*shared, *(node.get("parameters") or ())):
            parameter = _mapping(parameter, f"{key} parameters")
            name, place = str(parameter.get("name", "")), str(parameter.get("in", ""))
            if name in found["parameters"]:
                name = f"{name} ({place})"
            fact = self.fact(parameter, f"{key} {name}", required=parameter.get("required") is True)
            found["parameters"][name] = {"in": place, **fact}
        for status, answer in _mapping(node.get("responses") or {}, f"{key} responses").items():
            schema = _mapping(answer, f"{key} {status}").get("schema")
            found["statuses"][str(status)] = self.type_of(schema, f"{key} {status}") if isinstance(schema, dict) else ""
            if answer.get("description"):
                texts[f"{status} description"] = _digest(answer["description"])
            for name, header in _mapping(answer.get("headers") or {}, f"{key} {status} headers").items():
                headers[f"{status} {name}"] = str(_mapping(header, f"{key} {status} {name}").get("type", ""))
        found |= {name: facts for name, facts in (("headers", headers), ("texts", texts)) if facts}
        self.facts["operations"][key] = found

    def read(self, document: dict[str, Any]) -> Facts:
        self.facts["document"] = {
            "format": f"Swagger {document['swagger']}",
            "hosts": [str(document["host"])] if document.get("host") else [],
            "security": sorted(document.get("securityDefinitions") or {}),
        }
        general = {
            "base path": str(document.get("basePath") or "/"),
            "schemes": sorted(str(scheme) for scheme in document.get("schemes") or ()),
            "security schemes": _security(_mapping(document.get("securityDefinitions") or {}, "securityDefinitions")),
            "demands": _demands(document.get("security") or ()),
            "texts": _texts(_mapping(document.get("info") or {}, "info")).get("texts"),
        }
        self.facts["document"] |= {name: value for name, value in general.items() if value}
        for name, node in _mapping(document.get("definitions") or {}, "definitions").items():
            self.definition(_mapping(node, str(name)), str(name))
        for path, item in _mapping(document.get("paths"), "paths").items():
            shared = _mapping(item, str(path)).get("parameters") or []
            for method in METHODS:
                if method in item:
                    key = f"{method.upper()} {path}"
                    self.operation(_mapping(item[method], key), key, shared)
        return self.facts


def read_vendor(document: Any) -> Facts:
    """The facts of a parsed document; `UnreadableError` where it is not Swagger 2.0."""
    if not isinstance(document, dict):
        raise UnreadableError("this is not an API document: its top is not an object")
    if "openapi" in document:
        raise UnreadableError(
            f"this is an OpenAPI {document['openapi']} document; the vendor's V1 document is Swagger 2.0"
        )
    if str(document.get("swagger")) != "2.0":
        raise UnreadableError("this is not a Swagger 2.0 document: it does not say `swagger: 2.0`")
    try:
        return _Reader().read(document)
    except (TypeError, AttributeError, ValueError, KeyError, IndexError) as error:
        raise UnreadableError(f"this Swagger document is malformed: {error}") from error
    except RecursionError as error:
        raise UnreadableError("this Swagger document is nested too deeply") from error
