"""Integrations with what shops are built with: webhooks in Django, FastAPI and Flask, a token in Redis, aiohttp.

Each module needs its framework; the rest of this package needs none of them.
"""

from __future__ import annotations

__all__: list[str] = []
