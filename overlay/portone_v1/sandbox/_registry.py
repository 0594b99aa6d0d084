"""Handlers by operation id: a new area is one module of functions under `@handles`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from portone_v1_generated.operations import OperationInfo

    from ._checks import Arguments
    from ._settings import Settings
    from ._state import State

__all__ = ["HANDLERS", "Answer", "Call", "Handler", "handles"]


@dataclass(frozen=True, slots=True)
class Answer:
    """A success: what stands in `response`, with 200 or 207."""

    payload: object
    status: int = 200


@dataclass(frozen=True, slots=True)
class Call:
    """One checked call with all that its handler may look at."""

    operation: OperationInfo
    arguments: Arguments
    state: State
    settings: Settings
    now: int
    tier: str | None = None


Handler = Callable[[Call], Answer]

HANDLERS: Final[dict[str, Handler]] = {}
"""The operations that are imitated."""


def handles(operation_id: str) -> Callable[[Handler], Handler]:
    """Registers the handler of an operation. It raises `Refusal` before it changes anything, or not at all."""

    def register(handler: Handler) -> Handler:
        if HANDLERS.setdefault(operation_id, handler) is not handler:
            raise ValueError(f"{operation_id} has a handler already")
        return handler

    return register
