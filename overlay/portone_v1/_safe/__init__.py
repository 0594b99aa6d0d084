"""The money-safe operations: what reads before it writes, and reads again before it believes.

Each is a flow over the client's own methods, so that both flavours share it; `areas` hangs them where they belong.
"""

from __future__ import annotations

__all__: list[str] = []
