"""Handlers of control calls that act for others than the merchant: buyers, couriers, Naver."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from portone_v1_generated.operations import OperationInfo

    from .handlers import Call

__all__ = ["CONTROL_HANDLERS", "ControlHandler", "handles_control"]

ControlHandler = Callable[["Call"], Any]

CONTROL_HANDLERS: Final[dict[str, tuple[OperationInfo, ControlHandler]]] = {}
"""Path under `/_sandbox/` → the operation with its parameters, and the handler, whose result is ready for the wire."""


def handles_control(operation: OperationInfo) -> Callable[[ControlHandler], ControlHandler]:
    """Register the handler of a control call. It must raise `Refusal` before it changes anything, or not at all."""

    def register(act: ControlHandler) -> ControlHandler:
        if operation.path in CONTROL_HANDLERS:
            raise ValueError(f"{operation.path} is taken already")
        CONTROL_HANDLERS[operation.path] = (operation, act)
        return act

    return register
