"""Bridges for shops that come from another client: the same names over this package's calls."""

from __future__ import annotations

__all__: list[str] = []
