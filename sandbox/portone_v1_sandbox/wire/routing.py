"""The operation of a method and path, from the operation table."""

from __future__ import annotations

from collections import defaultdict
from typing import Final, NamedTuple
from urllib.parse import unquote

from portone_v1_generated.operations import OPERATIONS, OperationInfo

from ..errors.base import unknown_route, wrong_method

__all__ = ["Route", "find_route"]


class Route(NamedTuple):
    """An operation with the path arguments of one request."""

    operation: OperationInfo
    arguments: dict[str, str]


class _Template(NamedTuple):
    segments: tuple[str, ...]
    operation: OperationInfo

    def rank(self) -> tuple[bool, ...]:
        return tuple(segment.startswith("{") for segment in self.segments)

    def match(self, segments: list[str]) -> dict[str, str] | None:
        found: dict[str, str] = {}
        for template, actual in zip(self.segments, segments, strict=True):
            if not template.startswith("{"):
                if template != actual:
                    return None
            elif actual:
                found[template[1:-1]] = actual
            else:
                return None
        return found


def _templates() -> dict[tuple[int, str], list[_Template]]:
    """Return the templates by the number of their segments and the first segment, which is fixed in every path."""
    grouped: dict[tuple[int, str], list[_Template]] = defaultdict(list)
    for operation in OPERATIONS.values():
        segments = tuple(operation.path.strip("/").split("/"))
        grouped[len(segments), segments[0]].append(_Template(segments, operation))
        optional = {f"{{{p.name}}}" for p in operation.parameters if p.location == "path" and not p.required}
        if segments[-1] in optional:
            grouped[len(segments) - 1, segments[0]].append(_Template(segments[:-1], operation))
    for templates in grouped.values():
        templates.sort(key=_Template.rank)  # A fixed segment goes before an id.
    return grouped


TEMPLATES: Final = _templates()


def find_route(method: str, path: str) -> Route:
    """Return the operation of a method and a path. Raises Refusal for an unknown route or a wrong method.

    Slashes before and after the path are merged: many shops call `//users/getToken`. Within it they are not: an empty
    id must not become another one.

    The path is split before it is decoded, once: an id that contains `%2F` or `%2e%2e` stays an id.
    """
    segments = path.strip("/").split("/")
    known = False
    for template in TEMPLATES.get((len(segments), segments[0]), ()):
        found = template.match(segments)
        if found is None:
            continue
        known = True
        if template.operation.method == method:
            return Route(template.operation, {name: unquote(value) for name, value in found.items()})
    raise wrong_method() if known else unknown_route()
