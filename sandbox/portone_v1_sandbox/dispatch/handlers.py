"""Handlers by operation id. A new area is a module of functions with `@handles`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from portone_v1_generated.operations import OperationInfo

    from ..state.conditions.assumptions import Arrived
    from ..state.conditions.settings import Settings
    from ..state.state import State
    from .arguments import Arguments

__all__ = ["EVIDENCE", "HANDLERS", "Answer", "Call", "Evidence", "Handler", "handles"]


@dataclass(frozen=True, slots=True)
class Answer:
    """A successful response: the content of `response`, with status 200 or 207."""

    payload: object
    status: int = 200
    message: str | None = None
    """Message of the envelope, for operations that send one on success."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Evidence for the behaviour of an operation, in a few words each: documented, observed by callers, or assumed."""

    documented: str = ""
    observed: str = ""
    assumed: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """One checked call, with everything that its handler may use."""

    operation: OperationInfo
    arguments: Arguments
    state: State
    settings: Settings
    now: int
    tier: str | None = None
    user_agent: str | None = None
    """From the HTTP request."""
    advice: list[str] = field(default_factory=list[str])
    """Rules of the vendor's lists that the call breaks, for the journal."""
    arrived: Arrived | None = None
    """What V1 saw when the request arrived, if writes race."""


Handler = Callable[[Call], Answer]

HANDLERS: Final[dict[str, Handler]] = {}
"""Handlers of the imitated operations."""

EVIDENCE: Final[dict[str, Evidence]] = {}
"""Evidence, by operation id."""


def handles(operation_id: str, evidence: Evidence | None = None) -> Callable[[Handler], Handler]:
    """Register the handler of an operation. It must raise `Refusal` before it changes anything, or not at all."""

    def register(handler: Handler) -> Handler:
        if HANDLERS.setdefault(operation_id, handler) is not handler:
            raise ValueError(f"{operation_id} has a handler already")
        if evidence is not None:
            EVIDENCE[operation_id] = evidence
        return handler

    return register
