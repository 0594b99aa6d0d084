"""The base of models and of pages, and what shows, converts or describes one."""

from __future__ import annotations

__all__: list[str] = []
