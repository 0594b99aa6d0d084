"""Paths of the pages' own calls under `/_sandbox/web/`, with the methods of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["WEB", "WEB_PATHS", "WINDOWS"]

WEB: Final = "/_sandbox/web/"
WINDOWS: Final = f"{WEB}windows"
WEB_PATHS: Final[Mapping[str, tuple[str, ...]]] = {
    WINDOWS: ("POST",),
    f"{WINDOWS}/{{key}}": ("GET", "POST"),
    f"{WINDOWS}/{{key}}/state": ("GET",),
    f"{WEB}files/{{folder}}/{{name}}": ("GET",),
    f"{WEB}files/{{digest}}/{{folder}}/{{name}}": ("GET",),
}
