"""Every operation of V1 as data: what it is called, which request it makes, what it takes.

from portone_v1.operations import OPERATIONS, method_of

for operation in OPERATIONS.values():
    print(operation.method, operation.path, inspect.signature(method_of(operation)))
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from portone_v1_generated.operations import OPERATIONS, OperationInfo, ParameterInfo

from .client import PortOne

__all__ = ["OPERATIONS", "OperationInfo", "ParameterInfo", "method_of"]


def method_of(operation: OperationInfo, client: PortOne | None = None, *, once: bool = False) -> Callable[..., Any]:
    """Return the method of the client that makes this call.

    Args:
        client: the method of this client, ready to be called. Without a client it is one to read signature and
            docstring from; calling it fails.
        once: the money-safe method (`cancel_once`) if there is one.
    """
    area = getattr(_without_connection() if client is None else client, operation.area)
    method: Callable[..., Any] = getattr(area, operation.name)
    return getattr(area, f"{operation.name}_once", method) if once else method


def _without_connection() -> PortOne:
    client = object.__new__(PortOne)
    client._sender = client  # pyright: ignore[reportPrivateUsage]
    return client
