"""Control calls as operations, so their bodies are checked like those of V1's own operations."""

from __future__ import annotations

from portone_v1_generated.operations import OperationInfo, ParameterInfo

__all__ = ["control_operation", "parameter"]


def parameter(
    name: str,
    kind: str = "text",
    *,
    required: bool = False,
    values: tuple[str, ...] = (),
    max_length: int | None = None,
    sensitive: bool = False,
    minimum: int | None = None,
    maximum: int | None = None,
    whole_units: tuple[str, ...] = (),
) -> ParameterInfo:
    """Return one field of a body."""
    return ParameterInfo(
        name, name, "body", kind, required, "", values, max_length, sensitive, minimum, maximum, whole_units=whole_units
    )


def control_operation(name: str, path: str, summary: str, *parameters: ParameterInfo) -> OperationInfo:
    """Return an operation that only the sandbox has."""
    return OperationInfo(
        id=f"_sandbox_{name}",
        area="_sandbox",
        name=name,
        method="POST",
        path=path,
        safe=False,
        deprecated=False,
        name_ko="",
        summary=summary,
        parameters=parameters,
    )
