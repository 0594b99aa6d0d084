"""The methods are those of the operation table, alike in both flavours, and each says what it is."""

from __future__ import annotations

import asyncio
import inspect
from collections import defaultdict
from functools import cached_property
from typing import Any, get_type_hints

import pytest
from portone_v1_generated import SPEC_VERSION, api
from portone_v1_generated.api import Areas, AsyncAreas
from portone_v1_generated.operations import OPERATIONS, OperationInfo
from portone_v1_runtime.operation import RawResponse

from tests.generated.support import DOCUMENT, EXAMPLES, AsyncClient, AsyncRecorder, Client, Recorder, arguments, node_of

FLAVOURS = [pytest.param(Areas, id="sync"), pytest.param(AsyncAreas, id="async")]


def _class(areas: type, area: str) -> type:
    prefix = "Async" if areas is AsyncAreas else ""
    name = prefix + "".join(part.capitalize() for part in area.split("_")) + "Api"
    module = __import__(f"{api.__name__}.{area}", fromlist=[name])
    found: type = getattr(module, name)
    return found


def _methods(cls: type) -> dict[str, Any]:
    return {name: value for name, value in vars(cls).items() if inspect.isfunction(value) and not name.startswith("_")}


def test_the_table_holds_every_operation_of_the_document() -> None:
    ids = [
        node["operationId"]
        for item in DOCUMENT["paths"].values()
        for node in item.values()
        if isinstance(node, dict) and "operationId" in node
    ]
    assert sorted(ids) == sorted(OPERATIONS)
    assert DOCUMENT["info"]["version"] == SPEC_VERSION


@pytest.mark.parametrize("areas", FLAVOURS)
def test_the_areas_are_those_of_the_table(areas: type) -> None:
    found = {name for name, value in vars(areas).items() if isinstance(value, cached_property)}
    assert found == {operation.area for operation in OPERATIONS.values()}


@pytest.mark.parametrize("areas", FLAVOURS)
def test_the_methods_are_those_of_the_table(areas: type) -> None:
    """And beside them the iterators and look-ups that the specification names."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for operation in OPERATIONS.values():
        node = node_of(operation)
        wanted[operation.area].add(operation.name)
        wanted[operation.area] |= {node[key]["name"] for key in ("x-pagination", "x-batch") if key in node}
    assert {area: set(_methods(_class(areas, area))) for area in wanted} == wanted


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_both_flavours_have_one_signature(operation: OperationInfo) -> None:
    plain = _methods(_class(Areas, operation.area))[operation.name]
    twin = _methods(_class(AsyncAreas, operation.area))[operation.name]
    assert inspect.signature(plain) == inspect.signature(twin)
    assert plain.__doc__ == twin.__doc__
    assert inspect.iscoroutinefunction(twin)
    assert not inspect.iscoroutinefunction(plain)


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_the_signature_is_that_of_the_table(operation: OperationInfo) -> None:
    method = _methods(_class(Areas, operation.area))[operation.name]
    first, *parameters, options = inspect.signature(method).parameters.values()
    assert (first.name, options.name, options.kind) == ("self", "options", options.VAR_KEYWORD)
    assert {parameter.name for parameter in parameters} == {p.python_name for p in operation.parameters}
    table = {p.python_name: p for p in operation.parameters}
    for parameter in parameters:
        info = table[parameter.name]
        positional = parameter.kind is parameter.POSITIONAL_OR_KEYWORD
        assert positional == (info.location == "path"), parameter.name
        if info.required:
            assert parameter.default is parameter.empty, parameter.name
    hints = get_type_hints(method)
    assert {"return", *table} <= hints.keys()


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_the_docstring_says_what_it_is(operation: OperationInfo) -> None:
    doc = inspect.getdoc(_methods(_class(Areas, operation.area))[operation.name])
    assert doc is not None
    assert " ".join(doc.split("\n\n")[0].split()).startswith(f"{operation.name_ko}: ")
    assert f"\n`{operation.method} {operation.path}`\n" in doc
    assert "\nRaises:\n" in doc
    for parameter in operation.parameters:
        assert f"\n    {parameter.python_name}: " in doc
    assert ("Deprecated: " in doc) == operation.deprecated


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_the_table_says_what_the_document_says(operation: OperationInfo) -> None:
    node = node_of(operation)
    assert operation.id == f"{operation.area}_{operation.name}" == node["operationId"]
    assert operation.summary == node["summary"]
    assert operation.safe == (operation.method == "GET" or node.get("x-safe", False))
    assert operation.deprecated == node.get("deprecated", False)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_the_flavours_and_raw_answer_alike(operation: OperationInfo) -> None:
    """The example's arguments and payload, through all four ways to call."""
    name = f"{operation.id}.ok"
    given = arguments(name)
    payload = EXAMPLES[name]["answer"]["body"].get("response")
    path = [given.pop(p.python_name) for p in operation.parameters if p.location == "path" and p.python_name in given]
    sender, async_sender = Recorder(payload), AsyncRecorder(payload)
    area, async_area = getattr(Client(sender), operation.area), getattr(AsyncClient(async_sender), operation.area)
    options = {"timeout": 3.0, "extra_headers": {"X-Trace": "1"}}

    plain = getattr(area, operation.name)(*path, **given, **options)
    raw = getattr(area.with_raw_response, operation.name)(*path, **given, **options)
    twin = asyncio.run(getattr(async_area, operation.name)(*path, **given, **options))
    async_raw = asyncio.run(getattr(async_area.with_raw_response, operation.name)(*path, **given, **options))

    assert isinstance(raw, RawResponse)
    assert isinstance(async_raw, RawResponse)
    assert plain == raw.data == twin == async_raw.data
    assert sender.options == async_sender.inner.options == [options, options]
    calls = [*sender.calls, *async_sender.inner.calls]
    assert len({(call.operation.id, call.path, str(call.query), str(call.body)) for call in calls}) == 1
