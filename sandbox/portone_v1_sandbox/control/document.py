"""The OpenAPI document of everything under `/_sandbox/`, from the tables by which requests are routed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from ..dispatch.control_handlers import CONTROL_HANDLERS
from ..views.router import VIEWS
from ..wire.web_paths import WEB_PATHS
from .openapi import Body, document_of
from .payments import OPERATIONS_OF_PAYMENTS
from .routes import CONTROLS, DOCUMENT, NAMES
from .settings import setting_schemas

__all__ = ["whole_document"]

CLOCK: Final[Mapping[str, Mapping[str, Any]]] = {
    "advance": {"type": ["integer", "string"], "description": "Seconds."},
    "date": {"type": ["integer", "string"], "description": "`2026-03-01T09:00` in KST, or UNIX seconds."},
    "frozen": {"type": ["boolean", "string"]},
    "rate": {"type": ["number", "string"], "description": "Seconds that pass in one second."},
}
FIELDS: Final[Mapping[str, Mapping[str, Any]]] = {
    **CLOCK,
    "payments": {"type": "array", "items": {"type": "object"}},
    "name": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
    "rule": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
    "prefix": {"type": "string", "maxLength": 80},
    "pg": {"type": "string"},
    "mid": {"type": "string"},
    "key": {"type": "string"},
    "type": {"enum": ["payment", "api_payment", "certification"]},
    "sandbox": {"type": "boolean"},
}
"""Schemas of the names in `NAMES`."""


@cache
def whole_document() -> Mapping[str, Any]:
    """Return the document: control calls, views, and the calls of the payment window."""
    routes: dict[str, list[str]] = {path: [*methods] for path, methods in CONTROLS.items()}
    for path in (*CONTROL_HANDLERS, DOCUMENT):
        routes.setdefault(path, []).append("GET" if path == DOCUMENT else "POST")
    for view in VIEWS:
        routes.setdefault(view.path, []).append("GET")
    for path, methods in WEB_PATHS.items():
        routes[path] = [*methods]
    operations = {path: operation for path, (operation, _) in CONTROL_HANDLERS.items()} | OPERATIONS_OF_PAYMENTS
    bodies = {path: Body(_fields(path, names)) for path, names in NAMES.items()}
    bodies |= {path: Body.of(operation) for path, operation in operations.items()}
    return document_of(routes, bodies, {view.path: view for view in VIEWS})


def _fields(path: str, names: tuple[str, ...]) -> dict[str, Any]:
    if path == "/_sandbox/settings":
        return setting_schemas()
    known = {**FIELDS, "channels": {"description": "V1's answer to GET /users/pg, or a list of channels."}}
    if path == "/_sandbox/channels/adopt":
        known["name"] = {"type": "string"}
    return {name: known[name] for name in names}
