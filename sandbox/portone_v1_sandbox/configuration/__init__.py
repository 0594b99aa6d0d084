"""Settings of server and proxy: from flags, else `PORTONE_V1_SANDBOX_*`, else `sandbox.toml`, else the defaults.

All three use the same names: `--webhook-type json`, `PORTONE_V1_SANDBOX_WEBHOOK_TYPE=json`, `webhook_type = "json"`.
The proxy's have a prefix and a table of their own: `PORTONE_V1_SANDBOX_PROXY_PORT=8766`, `[proxy] port = 8766`.
"""

from __future__ import annotations

from .options import PREFIX, Parser
from .proxy import add_proxy_flags, read_proxy_configuration
from .questions import assumptions_of
from .settings import OF_THE_PROCESS, OPTIONS, add_flags, clock_of, read_configuration

__all__ = [
    "OF_THE_PROCESS",
    "OPTIONS",
    "PREFIX",
    "Parser",
    "add_flags",
    "add_proxy_flags",
    "assumptions_of",
    "clock_of",
    "read_configuration",
    "read_proxy_configuration",
]
