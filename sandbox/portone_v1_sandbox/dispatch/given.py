"""What a request gives to the parameters of an operation, looked up once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ..wire.json_types import is_object

if TYPE_CHECKING:
    from portone_v1_generated.operations import OperationInfo, ParameterInfo

__all__ = ["Given", "Source", "given_values", "names_of"]

Source = Mapping[str, Mapping[str, Any]]


class Given(NamedTuple):
    """The parameters of a request that have a value, in the order of the operation, and those without one."""

    values: list[tuple[ParameterInfo, Any]]
    absent: list[ParameterInfo]


class _Slot(NamedTuple):
    """Where the value of a parameter stands."""

    parameter: ParameterInfo
    location: str
    name: str
    inner: str | None
    """Of `name[inner]`."""
    other: str | None
    """`name[]`, which a list may be called as well."""
    empty_is_absent: bool


class _Table(NamedTuple):
    """What is worked out of an operation once."""

    operation: OperationInfo
    slots: list[_Slot]
    names: frozenset[str]


_tables: Final[dict[str, _Table]] = {}
"""By id of the operation: hashing one takes longer than a request."""


def names_of(operation: OperationInfo) -> frozenset[str]:
    """Return the names that a query or a body may have."""
    return _table(operation).names


def given_values(operation: OperationInfo, source: Source) -> Given:
    """Return what was sent of the operation's parameters."""
    values: list[tuple[ParameterInfo, Any]] = []
    absent: list[ParameterInfo] = []
    for parameter, location, name, inner, other, empty_is_absent in _table(operation).slots:
        sent = source.get(location)
        value = sent.get(name) if sent else None
        if inner is not None:
            value = value.get(inner) if is_object(value) else None
        elif other is not None and sent and name not in sent:
            value = sent.get(other)
        if value is None or (empty_is_absent and value == ""):
            absent.append(parameter)
        else:
            values.append((parameter, value))
    return Given(values, absent)


def _table(operation: OperationInfo) -> _Table:
    table = _tables.get(operation.id)
    if table is None or table.operation is not operation:
        names = frozenset(parameter.name.partition("[")[0] for parameter in operation.parameters) | {"_token"}
        table = _tables[operation.id] = _Table(operation, [_slot(each) for each in operation.parameters], names)
    return table


def _slot(parameter: ParameterInfo) -> _Slot:
    name, inner, other = parameter.name, None, None
    if name.endswith("[]"):
        name, other = name.removesuffix("[]"), name
    elif name.endswith("]") and "[" in name:
        name, _, inner = name.removesuffix("]").partition("[")
    # Older PHP clients send "" for a missing value. It is refused where a missing value means everything.
    empty_is_absent = not parameter.filled and (parameter.required or parameter.kind != "text")
    return _Slot(parameter, parameter.location, name, inner, other, empty_is_absent)
