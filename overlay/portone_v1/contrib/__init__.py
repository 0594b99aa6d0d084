"""Kits for what shops are built with: Django, FastAPI and Flask webhooks, a token shared through Redis, aiohttp.

Each module needs its framework, and nothing else of this package needs any of them.
"""

from __future__ import annotations

__all__: list[str] = []
