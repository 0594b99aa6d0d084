"""A call that could not be saved: it was not executed, and the timeline shows that it was refused."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from ..errors.base import Refusal
from ..errors.control import not_kept
from ..state.exchanges import Exchange
from ..storage.errors import SandboxStoreError
from ..wire.forms import body_values
from ..wire.messages import Request, Response, envelope
from ..wire.routing import find_route

if TYPE_CHECKING:
    from .engine import Engine

__all__ = ["refuse_unsaved"]

LONGEST_PATH: Final = 1000


def refuse_unsaved(engine: Engine, request: Request, error: SandboxStoreError) -> Response:
    """Respond to a request whose changes were undone. A call of V1 still becomes an event."""
    refusal = not_kept(str(error))
    response = envelope(refusal.status, refusal.code, refusal.message, None)
    try:
        operation, in_path = find_route(request.method, request.path)
        sent = body_values(request)
    except Refusal:
        return response
    with suppress(SandboxStoreError), engine.transaction(read_only=True):
        exchange = Exchange(
            at=engine.clock.now(), method=request.method, path=request.path[:LONGEST_PATH], operation=operation.id,
            arguments=dict(in_path), status=refusal.status, code=refusal.code, message=refusal.message,
        )  # fmt: skip
        engine.evidence.add_call(engine.clock.moment(), exchange, request, response, 0, sent)
    return response
