"""Enums of the API, loaded on first use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import portone_v1_generated.enums as _generated

if TYPE_CHECKING:
    from portone_v1_generated.enums import *  # noqa: F403

__all__ = _generated.__all__  # pyright: ignore[reportUnsupportedDunderAll]


if not TYPE_CHECKING:  # or a type checker would take every name

    def __getattr__(name: str) -> object:
        return getattr(_generated, name)


def __dir__() -> list[str]:
    return sorted(__all__)
