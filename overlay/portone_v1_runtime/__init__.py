"""The base of generated code: calls, models, values on the wire and pages. Use it through `portone_v1`.

Nothing here knows the specification, the generated code or the client.
"""

from __future__ import annotations

__all__: list[str] = []
