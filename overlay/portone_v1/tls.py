"""TLS settings that PortOne accepts, for a transport of your own or a probe.

transport = httpx.HTTPTransport(verify=tls_context())
"""

from __future__ import annotations

from ._http.tls import TLS_1_2_SUITES, TLS_1_3_SUITES, tls_context

__all__ = ["TLS_1_2_SUITES", "TLS_1_3_SUITES", "tls_context"]
