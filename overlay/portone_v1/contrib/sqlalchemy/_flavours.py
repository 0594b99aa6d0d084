"""SQLAlchemy's names for both flavours in one place, so that one source serves both."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

__all__ = ["AsyncConnection", "AsyncEngine", "AsyncSession", "Connection", "Engine", "Session"]


if not TYPE_CHECKING:  # or a type checker would take every name

    def __getattr__(name: str) -> object:
        """Load asyncio's names on first use: they need greenlet, which SQLAlchemy 2.1 no longer installs."""
        if name in __all__:
            return getattr(import_module("sqlalchemy.ext.asyncio"), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
