"""What every connection of a proxy shares."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from ssl import SSLContext
from typing import TYPE_CHECKING

from .policy import Policy
from .targets import Target

if TYPE_CHECKING:
    from .certificate import Certificate

__all__ = ["Setup"]


@dataclass(frozen=True, slots=True)
class Setup:
    """The settings of a proxy, once they are checked."""

    certificate: Certificate
    tls: SSLContext
    sandbox: Target
    host: str
    allowed_hosts: Collection[str]
    policy: Policy
    is_local: Callable[[str], bool]
    """Whether a client's address is this machine's."""
    on_refusal: Callable[[str], None]
    patience: float
    """Seconds for the head of a request, and for a TLS handshake."""
