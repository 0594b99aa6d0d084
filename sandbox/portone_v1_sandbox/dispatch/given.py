"""Find the values of an operation's parameters in a request, by a table that is made once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ..wire.json_types import is_object

if TYPE_CHECKING:
    from portone_v1_generated.operations import OperationInfo, ParameterInfo

__all__ = ["Given", "Source", "given_values", "names_of"]

Source = Mapping[str, Mapping[str, Any]]


class Given(NamedTuple):
    """The parameters that have a value in a request, in the operation's order, and the missing ones that matter."""

    values: list[tuple[ParameterInfo, Any]]
    absent: list[ParameterInfo]
    """Parameters without a value that are required, or that name the currency."""


class _Slot(NamedTuple):
    """Where a request has the value of a parameter."""

    place: int
    """Index among the parameters of the operation."""
    parameter: ParameterInfo
    name: str
    inner: str | None
    """The key in `name[inner]`, for a value of a mapping."""
    other: str | None
    """`name[]`, under which a list may be sent as well."""
    empty_is_absent: bool


class _Table(NamedTuple):
    """What is computed once for each operation."""

    operation: OperationInfo
    by_name: dict[str, dict[str, list[_Slot]]]
    """Slots by location, then by the name that is sent."""
    missed: list[tuple[int, ParameterInfo]]
    names: frozenset[str]


_tables: Final[dict[str, _Table]] = {}
"""Tables by operation id, because hashing an operation takes longer than a request."""


def names_of(operation: OperationInfo) -> frozenset[str]:
    """Return the names that a query or a body may have."""
    return _table(operation).names


def given_values(operation: OperationInfo, source: Source) -> Given:
    """Return the values that a request has for the operation's parameters."""
    table = _table(operation)
    found: dict[int, tuple[ParameterInfo, Any]] = {}
    for location, by_name in table.by_name.items():
        sent = source.get(location)
        for name in sent or ():  # few names, although an operation may have forty parameters
            for slot in by_name.get(name, ()):
                value = _value(slot, sent)
                if value is not None and not (slot.empty_is_absent and value == ""):
                    found[slot.place] = slot.parameter, value
    return Given(
        [found[place] for place in sorted(found)],
        [parameter for place, parameter in table.missed if place not in found],
    )


def _value(slot: _Slot, sent: Any) -> Any:
    value = sent.get(slot.name)
    if slot.inner is not None:
        return value.get(slot.inner) if is_object(value) else None
    return sent.get(slot.other) if slot.other is not None and slot.name not in sent else value


def _table(operation: OperationInfo) -> _Table:
    table = _tables.get(operation.id)
    if table is None or table.operation is not operation:
        table = _tables[operation.id] = _worked_out(operation)
    return table


def _worked_out(operation: OperationInfo) -> _Table:
    by_name: dict[str, dict[str, list[_Slot]]] = {}
    for place, parameter in enumerate(operation.parameters):
        slot = _slot(place, parameter)
        for name in {slot.name, slot.other or slot.name}:
            by_name.setdefault(parameter.location, {}).setdefault(name, []).append(slot)
    missed = [(n, each) for n, each in enumerate(operation.parameters) if each.required or each.whole_units]
    names = frozenset(parameter.name.partition("[")[0] for parameter in operation.parameters) | {"_token"}
    return _Table(operation, by_name, missed, names)


def _slot(place: int, parameter: ParameterInfo) -> _Slot:
    name, inner, other = parameter.name, None, None
    if name.endswith("[]"):
        name, other = name.removesuffix("[]"), name
    elif name.endswith("]") and "[" in name:
        name, _, inner = name.removesuffix("]").partition("[")
    # Older PHP clients send "" for a missing value. It is refused where a missing value means everything.
    empty_is_absent = not parameter.filled and (parameter.required or parameter.kind != "text")
    return _Slot(place, parameter, name, inner, other, empty_is_absent)
