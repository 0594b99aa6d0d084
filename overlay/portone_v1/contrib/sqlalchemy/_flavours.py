"""SQLAlchemy's names for both flavours in one place, so that one source serves both."""

from __future__ import annotations

from sqlalchemy import Engine
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.orm import Session

__all__ = ["AsyncEngine", "AsyncSession", "Engine", "Session"]
