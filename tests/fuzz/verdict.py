"""What must hold of every answer, whatever was asked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from portone_v1_generated.operations import OPERATIONS, OperationInfo
from portone_v1_sandbox import Request, Response, Sandbox

from tests.sandbox.support import checked
from tests.schemas import document

from .forgiving import may_be_accepted

__all__ = ["faults"]

NOT_IMITATED: Final = "Not implemented by the sandbox: smart-routing groups."
TRACES: Final = ("Traceback", ".py", "Internal sandbox error")
NO_OPERATION: Final = frozenset({404, 405, 413})
"""What the wire and the routes refuse before an operation is found."""


def faults(
    sandbox: Sandbox, request: Request, response: Response, operation: OperationInfo, sent: Mapping[str, Any]
) -> Iterator[str]:
    """Find faults in the answer to a request that was meant for `operation`."""
    reached = sandbox.journal[-1].operation
    try:
        answer = checked(response, reached)
    except Exception as error:
        # Whatever the shared checks trip over is the finding.
        yield f"{type(error).__name__}: {error}"
        return
    message = answer.message or ""
    if any(word in message for word in TRACES):
        yield f"a trace: {message}"
    fitting = reached != operation.id or may_be_accepted(operation, sent)
    refused = answer.status == 400 and not (fitting and _has_good_tier(request))
    if not refused and not _is_meant(reached, answer.status, message):
        yield f"an undeclared {answer.status}: {message}"
    if answer.code == 0 and not fitting:
        yield f"accepted {answer.status}"
    if reached is None and answer.code == 0:
        yield f"an answer of no operation to {request.method} {request.path}"


def _has_good_tier(request: Request) -> bool:
    return re.fullmatch("([A-Z0-9]{3})?", request.header("tier") or "") is not None


def _is_meant(reached: str | None, status: int, message: str) -> bool:
    if reached is None:
        return status in NO_OPERATION
    operation = OPERATIONS[reached]
    declared = document()["paths"][operation.path][operation.method.lower()]["responses"]
    return str(status) in declared or (status, message) == (501, NOT_IMITATED)
