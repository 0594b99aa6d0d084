"""What others than the merchant do, as control calls: the buyer, the carrier, Naver."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from portone_v1_generated.operations import OperationInfo

    from .handlers import Call

__all__ = ["STAGED", "Act", "staged"]

Act = Callable[["Call"], Any]

STAGED: Final[dict[str, tuple[OperationInfo, Act]]] = {}
"""Path under `/_sandbox/` → what is checked, and what then happens. The outcome is ready for the wire."""


def staged(operation: OperationInfo) -> Callable[[Act], Act]:
    """Registers a control call. It raises `Refusal` before it changes anything, or not at all."""

    def register(act: Act) -> Act:
        if operation.path in STAGED:
            raise ValueError(f"{operation.path} is taken already")
        STAGED[operation.path] = (operation, act)
        return act

    return register
