"""An operation of the table as a command: its options from the table, their words from the method's docstring."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Mapping
from enum import Enum
from functools import cache
from typing import Annotated, Any, Final, cast

import typer
from attrs import frozen
from portone_v1.client import PortOne
from portone_v1_generated.operations import OperationInfo, ParameterInfo

from .confirm import carry_out
from .exit_codes import EXIT_CODES, ExitCode, misused
from .help import describe, explain_arguments
from .output import show
from .parameters import parse
from .session import COMMON, Session, engine_of, session_of

__all__ = ["command_of", "option_name"]

FROM_PROFILE: Final = frozenset({"imp_key", "imp_secret"})
"""Arguments that are never typed."""
MEASURES: Final = {
    "json": "JSON", "model": "JSON", "models": "JSON LIST", "money": "AMOUNT", "object": "JSON", "time": "TIME",
}  # fmt: skip
YES: Final = Annotated[bool, typer.Option("--yes", "-y", help="확인 없이. Ask nothing: for scripts.")]


@cache
def _unconnected() -> PortOne:
    """A client to read signatures from: without keys, and nothing can be sent with it."""
    client: Any = object.__new__(PortOne)
    client._sender = client  # noqa: SLF001
    return cast("PortOne", client)


@frozen
class Binding:
    """The method of the client that carries the operation out, the money-safe one where there is one."""

    operation: OperationInfo
    name: str
    method: Callable[..., Any]

    @property
    def needed(self) -> frozenset[str]:
        parameters = inspect.signature(self.method).parameters
        return frozenset(name for name, p in parameters.items() if p.default is p.empty and p.kind is not p.VAR_KEYWORD)

    def takes_full(self, name: str) -> bool:
        return "Full" in str(inspect.signature(self.method).parameters[name].annotation)

    @property
    def parameters(self) -> list[ParameterInfo]:
        """What the safe method sees to itself (`checksum`) falls away."""
        known = inspect.signature(self.method).parameters
        own = [p for p in self.operation.parameters if p.python_name in known and p.python_name not in FROM_PROFILE]
        return sorted(own, key=lambda p: (p.location != "path", p.python_name not in self.needed))


def _bind(operation: OperationInfo, client: PortOne) -> Binding:
    area = getattr(client, operation.area)
    name = f"{operation.name}_once" if hasattr(area, f"{operation.name}_once") else operation.name
    return Binding(operation, name, getattr(area, name))


def option_name(parameter: ParameterInfo) -> str:
    return "--" + parameter.python_name.rstrip("_").replace("_", "-")


def command_of(operation: OperationInfo) -> Callable[..., Any]:
    """A function with the signature that Typer reads."""
    binding = _bind(operation, _unconnected())

    def command(context: typer.Context, **given: Any) -> int:
        session = session_of(context, **{name: given.pop(name) for name in COMMON})
        yes = bool(given.pop("yes", False))
        arguments = _read(binding, session, given)
        with session.client() as client:
            if FROM_PROFILE & {parameter.name for parameter in operation.parameters}:
                settings = engine_of(client).settings
                arguments.update(imp_key=settings.imp_key, imp_secret=settings.imp_secret)
            method = _bind(operation, client).method
            if not operation.safe:
                return carry_out(session, client, operation, method, arguments, yes=yes)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                show(session, method(**arguments))
        return ExitCode.DONE

    parameters = [inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)]
    parameters += [_parameter(binding, info) for info in binding.parameters]
    common: Mapping[str, tuple[Any, Any]] = COMMON if operation.safe else {**COMMON, "yes": (YES, False)}
    parameters += [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation, default=default)
        for name, (annotation, default) in common.items()
    ]
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    command.__name__ = operation.name
    command.__doc__ = f"{operation.name_ko}: {operation.summary}.\n\n{_words(binding)}\n\n{EXIT_CODES}"
    return command


def _choice(info: ParameterInfo) -> type[Enum]:
    make = cast("Any", Enum)
    return cast("type[Enum]", make("Choice", {f"v_{value}": value for value in info.values}))


def _words(binding: Binding) -> str:
    words = describe(binding.method).partition("\n\n")[2]
    return (
        words
        if binding.name == binding.operation.name
        else f"{words}\n\n`{binding.operation.method} {binding.operation.path}`"
    )


def _parameter(binding: Binding, info: ParameterInfo) -> inspect.Parameter:
    plain = explain_arguments(getattr(getattr(_unconnected(), binding.operation.area), binding.operation.name))
    words = explain_arguments(binding.method).get(info.python_name) or plain.get(info.python_name) or ""
    if not words.startswith(info.name_ko):
        words = f"{info.name_ko}. {words[:1].upper()}{words[1:]}"
    kind: Any = str
    if info.kind == "choice":
        kind = _choice(info)
    elif info.kind in ("integer", "boolean", "texts"):
        kind = {"integer": int, "boolean": bool, "texts": list[str]}[info.kind]
    metavar = "- or @FILE" if info.sensitive and kind is str else MEASURES.get(info.kind)
    full = info.kind == "money" and binding.takes_full(info.python_name)
    metavar = "AMOUNT|full" if full else metavar
    required = info.python_name in binding.needed
    asked_for = info.sensitive and kind is str
    if info.location == "path":
        declared: Any = typer.Argument(help=words, metavar=metavar)
    else:
        name = option_name(info)
        names = [f"{name}/--no-{name[2:]}"] if info.kind == "boolean" else [name]
        if required and asked_for:
            words = f"{words} Asked for where it is left out."
        declared = typer.Option(*names, help=words, metavar=metavar)
    if not required or asked_for:
        kind = kind | None
    return inspect.Parameter(
        info.python_name,
        inspect.Parameter.KEYWORD_ONLY,
        annotation=Annotated[kind, declared],
        default=inspect.Parameter.empty if required and not asked_for else None,
    )


def _read(binding: Binding, session: Session, given: Mapping[str, Any]) -> dict[str, Any]:
    arguments: dict[str, Any] = {}
    for info in binding.parameters:
        name, value = info.python_name, given[info.python_name]
        option = option_name(info) if info.location != "path" else name
        if value is None and name in binding.needed:
            if not session.interactive:
                misused(f"{option} is needed: {option} - reads it from standard input, {option} @FILE from a file")
            value = "-"
        if value is None or value == []:
            continue
        if isinstance(value, Enum):
            value = value.value
        elif isinstance(value, str):
            full = info.kind == "money" and binding.takes_full(name)
            value = parse(info, option, value, full=full)
        arguments[name] = value
    return arguments
