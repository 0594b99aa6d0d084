"""Both flavours of the client, a scripted V1, and a sleep that takes no time."""

from __future__ import annotations

from tests.overlay.conftest import flavour, naps, v1

__all__ = ["flavour", "naps", "v1"]
