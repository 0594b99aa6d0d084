"""A client without a network, and the bundled document to compare the package with."""

from __future__ import annotations

import inspect
import json
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from portone_v1_generated.api import Areas, AsyncAreas
from portone_v1_generated.operations import OPERATIONS, OperationInfo, ParameterInfo
from portone_v1_runtime.operation import Call, CallOptions, RawResponse
from portone_v1_runtime.unset import ALL, FULL

__all__ = [
    "DOCUMENT",
    "EXAMPLES",
    "SCHEMAS",
    "AsyncClient",
    "AsyncRecorder",
    "Client",
    "Node",
    "Recorder",
    "arguments",
    "call_of",
    "node_of",
    "resolve",
]

Node = dict[str, Any]
T = TypeVar("T")

ROOT = Path(__file__).resolve().parents[2]


def _read(path: Path) -> Node:
    node: Node = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    return node


DOCUMENT = _read(ROOT / "generated" / "openapi.json")
SCHEMAS: Node = DOCUMENT["components"]["schemas"]
EXAMPLES = {path.stem: _read(path) for path in sorted((ROOT / "spec" / "examples").glob("*.json"))}
"""`<operationId>.<case>` → request and answer."""


def resolve(node: Node) -> Node:
    """Return the schema behind references and beside null, with the marks of the place applied."""
    branches = [branch for branch in node.get("anyOf", []) if branch.get("type") != "null"]
    if len(branches) == 1:
        node = {**branches[0], **{key: value for key, value in node.items() if key != "anyOf"}}
    if "$ref" in node:
        name = node["$ref"].rsplit("/", 1)[-1]
        return {**resolve(SCHEMAS[name]), "name": name, **{key: node[key] for key in node if key != "$ref"}}
    return node


def node_of(operation: OperationInfo) -> Node:
    node: Node = DOCUMENT["paths"][operation.path][operation.method.lower()]
    return node


class Recorder:
    """Sends nothing: it keeps the calls, and answers each with `payload`."""

    def __init__(self, payload: Any = None) -> None:
        self.payload = payload
        self.calls: list[Call[Any]] = []
        self.options: list[CallOptions] = []

    def send(self, call: Call[T], options: CallOptions) -> T:
        self.calls.append(call)
        self.options.append(options)
        return call.read(self.payload)

    def send_raw(self, call: Call[T], options: CallOptions) -> RawResponse[T]:
        data = self.send(call, options)
        return RawResponse(data=data, status=200, headers={}, code=0, message=None)


class AsyncRecorder:
    def __init__(self, payload: Any = None) -> None:
        self.inner = Recorder(payload)

    async def send(self, call: Call[T], options: CallOptions) -> T:
        return self.inner.send(call, options)

    async def send_raw(self, call: Call[T], options: CallOptions) -> RawResponse[T]:
        return self.inner.send_raw(call, options)


class Client(Areas):
    def __init__(self, sender: Recorder) -> None:
        self._sender = sender


class AsyncClient(AsyncAreas):
    def __init__(self, sender: AsyncRecorder) -> None:
        self._sender = sender


class _Stop(Exception):
    pass


class _Builder(Recorder):
    """Stops before an answer would be read."""

    def send(self, call: Call[T], options: CallOptions) -> T:
        self.calls.append(call)
        raise _Stop


def call_of(operation: OperationInfo, given: dict[str, Any]) -> Call[Any]:
    """Return the call that the method builds from these arguments."""
    builder = _Builder()
    method = getattr(getattr(Client(builder), operation.area), operation.name)
    with suppress(_Stop):
        method(**given)
    (call,) = builder.calls
    return call


def parameter_of(operation: OperationInfo, python_name: str) -> ParameterInfo:
    return next(p for p in operation.parameters if p.python_name == python_name)


def arguments(example: str) -> dict[str, Any]:
    """Return the arguments that an example's request stands for, by their Python names."""
    operation = OPERATIONS[example.partition(".")[0]]
    request = EXAMPLES[example].get("request", {})
    given = {
        p.python_name: request[p.location][p.name]
        for p in operation.parameters
        if p.name in (request.get(p.location) or {})
    }
    method = getattr(getattr(Client(Recorder()), operation.area), operation.name)
    for name, parameter in inspect.signature(method).parameters.items():
        needed = parameter.default is parameter.empty and parameter.kind is not parameter.VAR_KEYWORD
        if needed and name not in given and parameter_of(operation, name).kind == "money":
            given[name] = FULL
        if needed and name not in given and parameter_of(operation, name).everything:
            given[name] = ALL
    return given
