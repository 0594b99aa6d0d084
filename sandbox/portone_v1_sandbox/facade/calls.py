"""Control calls from Python: checked like those over HTTP, and run in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from ..dispatch.control_handlers import CONTROL_HANDLERS

if TYPE_CHECKING:
    from portone_v1_generated.operations import OperationInfo

    from ..dispatch.handlers import Call
    from ..engine.engine import Engine

__all__ = ["call_control", "run"]

T = TypeVar("T")


def call_control(engine: Engine, operation: OperationInfo, tier: str | None, /, **fields: Any) -> Any:
    """Run the registered handler of a control call and return its outcome. Raises Refusal."""
    _, handler = CONTROL_HANDLERS[operation.path]
    return run(engine, operation, handler, tier, fields)


def run(
    engine: Engine,
    operation: OperationInfo,
    handler: Callable[[Call], T],
    tier: str | None,
    fields: Mapping[str, Any],
) -> T:
    """Check the fields, run the handler and return its outcome. Raises Refusal."""
    with engine.transaction():
        engine.catch_up()
        return handler(engine.call(operation, {"body": fields}, tier))
