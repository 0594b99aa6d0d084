"""Operations that the vendor has withdrawn warn, at the line of the caller."""

from __future__ import annotations

import asyncio
import inspect
import warnings
from typing import Any

import pytest
from portone_v1_generated.operations import OPERATIONS, OperationInfo

from tests.generated.support import EXAMPLES, AsyncClient, AsyncRecorder, Client, Recorder, arguments

WITHDRAWN = [operation for operation in OPERATIONS.values() if operation.deprecated]
SERVING = [operation for operation in OPERATIONS.values() if not operation.deprecated]


def _prepared(operation: OperationInfo) -> tuple[Any, list[Any], dict[str, Any]]:
    given = arguments(f"{operation.id}.ok")
    path = [given.pop(p.python_name) for p in operation.parameters if p.location == "path" and p.python_name in given]
    return EXAMPLES[f"{operation.id}.ok"]["answer"]["body"].get("response"), path, given


def _line() -> int:
    frame = inspect.currentframe()
    assert frame is not None
    assert frame.f_back is not None
    return frame.f_back.f_lineno


def _assert_at(caught: list[warnings.WarningMessage], operation: OperationInfo, line: int) -> None:
    (warning,) = caught
    assert warning.category is DeprecationWarning
    assert (warning.filename, warning.lineno) == (__file__, line)
    assert str(warning.message).startswith(f"{operation.area}.{operation.name} was withdrawn by the vendor: ")


@pytest.mark.parametrize("operation", WITHDRAWN, ids=lambda operation: operation.id)
def test_it_warns_at_the_callers_line(operation: OperationInfo) -> None:
    payload, path, given = _prepared(operation)
    method = getattr(getattr(Client(Recorder(payload)), operation.area), operation.name)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        method(*path, **given)
        line = _line() - 1
    _assert_at(caught, operation, line)


@pytest.mark.parametrize("operation", WITHDRAWN, ids=lambda operation: operation.id)
def test_raw_warns_at_the_callers_line(operation: OperationInfo) -> None:
    payload, path, given = _prepared(operation)
    area = getattr(Client(Recorder(payload)), operation.area)
    method = getattr(area.with_raw_response, operation.name)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        method(*path, **given)
        line = _line() - 1
    _assert_at(caught, operation, line)


@pytest.mark.parametrize("operation", WITHDRAWN, ids=lambda operation: operation.id)
def test_the_asynchronous_twin_warns_at_the_callers_line(operation: OperationInfo) -> None:
    payload, path, given = _prepared(operation)
    method = getattr(getattr(AsyncClient(AsyncRecorder(payload)), operation.area), operation.name)

    async def call() -> int:
        await method(*path, **given)
        return _line() - 1

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        line = asyncio.run(call())
    _assert_at(caught, operation, line)


def test_five_are_withdrawn_and_the_others_keep_quiet() -> None:
    assert len(WITHDRAWN) == 5
    for operation in SERVING:
        payload, path, given = _prepared(operation)
        getattr(getattr(Client(Recorder(payload)), operation.area), operation.name)(*path, **given)
