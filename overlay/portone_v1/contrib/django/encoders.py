"""Django's JSON encoder that knows the models: for `JsonResponse(…, encoder=…)` and `JSONField(encoder=…)`."""

from __future__ import annotations

from typing import Any

from django.core.serializers.json import DjangoJSONEncoder  # type: ignore[import-untyped]

from ...serialization import default, encodes

__all__ = ["PortOneJSONEncoder"]


class PortOneJSONEncoder(DjangoJSONEncoder):  # type: ignore[misc]
    """Models and results of portone-v1; everything else as Django encodes it, a Decimal of your own as text."""

    def default(self, o: Any) -> Any:
        return default(o) if encodes(o) else super().default(o)
