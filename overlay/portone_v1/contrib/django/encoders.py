"""JSON encoder for Django that accepts models: `JsonResponse(…, encoder=…)` and `JSONField(encoder=…)`."""

from __future__ import annotations

from typing import Any

from django.core.serializers.json import DjangoJSONEncoder  # type: ignore[import-untyped]

from ...serialization import default, encodes

__all__ = ["PortOneJSONEncoder"]


class PortOneJSONEncoder(DjangoJSONEncoder):  # type: ignore[misc]
    """Encode models and results of portone-v1. Django encodes other values: your own Decimal as a string."""

    def default(self, o: Any) -> Any:
        return default(o) if encodes(o) else super().default(o)
