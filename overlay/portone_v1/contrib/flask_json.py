"""Flask's JSON provider that knows the models: `app.json = PortOneJSONProvider(app)`, and `jsonify(payment)` works."""

from __future__ import annotations

from typing import Any

try:
    from flask.json.provider import DefaultJSONProvider
except ImportError:
    raise ImportError("portone_v1.contrib.flask_json needs Flask: pip install flask") from None

from ..serialization import default, encodes

__all__ = ["PortOneJSONProvider"]


def _default(value: Any) -> Any:
    return default(value) if encodes(value) else DefaultJSONProvider.default(value)


class PortOneJSONProvider(DefaultJSONProvider):
    """Models and results of portone-v1; everything else as Flask encodes it, a Decimal of your own as text."""

    default = staticmethod(_default)
