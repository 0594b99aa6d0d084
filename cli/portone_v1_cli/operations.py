"""Make the command of an operation: options from the operation table, help from the method's docstring."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Annotated, Any, Final, cast

import typer
from attrs import frozen
from portone_v1.client import PortOne
from portone_v1.events import Event
from portone_v1.operations import OperationInfo, ParameterInfo, method_of
from portone_v1_runtime.unset import ALL

from .completion import complete_orders, complete_payments
from .exit_codes import EXIT_CODES, ExitCode, usage_error
from .help import describe, explain_arguments
from .output import show
from .parameters import parse, require_plain
from .session import COMMON, Session, session_of
from .writes.confirm import carry_out
from .writes.interrupts import SentWrites
from .writes.waiting import say_waiting

__all__ = ["command_of", "option_name"]

FROM_PROFILE: Final = frozenset({"imp_key", "imp_secret"})
"""Arguments that come from the profile only."""
JOURNALED: Final = (
    ParameterInfo("key", "key", "body", "text", required=False, name_ko="멱등키"),
    ParameterInfo("left", "left", "body", "money", required=False, name_ko="남길 금액"),
)
"""Arguments of the `…_once` methods in addition to V1's own."""
NAMING: Final = frozenset({"customer_uid", "imp_uid", "key", "merchant_uid"})
"""Arguments of a write by which its repetition is recognized."""
MEASURES: Final = {
    "json": "JSON", "model": "JSON", "models": "JSON LIST", "money": "AMOUNT", "object": "JSON", "time": "TIME",
}  # fmt: skip
SEEN: Final = {"imp_uid": complete_payments, "merchant_uid": complete_orders}
"""Parameters for which the shell offers ids of the journal."""
YES: Final = Annotated[
    bool,
    typer.Option("--yes", "-y", help="확인을 건너뜁니다(스크립트용). · Skip the confirmation prompt; for scripts."),
]


@frozen
class Binding:
    """The client method that runs the operation: the money-safe one if it exists."""

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
        """Parameters of the method; what the money-safe one fills in itself (`checksum`) is not among them."""
        known = inspect.signature(self.method).parameters
        own = [p for p in self.operation.parameters if p.python_name in known and p.python_name not in FROM_PROFILE]
        own += [p for p in JOURNALED if p.python_name in known]
        return sorted(own, key=lambda p: (p.location != "path", p.python_name not in self.needed))


def _bind(operation: OperationInfo, client: PortOne | None = None) -> Binding:
    method = method_of(operation, client, once=True)
    return Binding(operation, method.__name__, method)


def option_name(parameter: ParameterInfo) -> str:
    return "--" + parameter.python_name.rstrip("_").replace("_", "-")


def command_of(operation: OperationInfo) -> Callable[..., Any]:
    """Return a function whose signature Typer reads."""
    binding = _bind(operation)

    def command(context: typer.Context, **given: Any) -> int:
        session = session_of(context, **{name: given.pop(name) for name in COMMON})
        yes = bool(given.pop("yes", False))
        arguments = _read(binding, session, given, [*context.params])
        sent = SentWrites()

        def watch(event: Event) -> None:
            sent(event)
            say_waiting(event)

        with session.client(on_event=watch) as client:
            if FROM_PROFILE & {parameter.name for parameter in operation.parameters}:
                arguments.update(session.credentials())
            method = _bind(operation, client).method
            if not operation.safe:
                return carry_out(session, client, operation, method, arguments, sent, yes=yes)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                show(session, method(**arguments))
        return ExitCode.SUCCESS

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
    path = f"`{binding.operation.method} {binding.operation.path}`"
    return words if path in words else f"{words}\n\n{path}"


def _parameter(binding: Binding, info: ParameterInfo) -> inspect.Parameter:
    plain = explain_arguments(method_of(binding.operation))
    words = explain_arguments(binding.method).get(info.python_name) or plain.get(info.python_name) or ""
    if not words.startswith(info.name_ko):
        short, _, rest = words.partition(". ")
        words = rest if short in info.name_ko else words  # a shorter Korean name of the same
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
    offer = SEEN.get(info.name)
    if info.location == "path":
        declared: Any = typer.Argument(help=words, metavar=metavar, autocompletion=offer)
    else:
        name = option_name(info)
        names = [f"{name}/--no-{name[2:]}"] if info.kind == "boolean" else [name]
        if required and asked_for:
            words = f"{words} 생략하면 입력을 요청합니다. · Prompts if omitted."
        declared = typer.Option(*names, help=words, metavar=metavar, autocompletion=offer)
    if not required or asked_for:
        kind = kind | None
    return inspect.Parameter(
        info.python_name,
        inspect.Parameter.KEYWORD_ONLY,
        annotation=Annotated[kind, declared],
        default=inspect.Parameter.empty if required and not asked_for else None,
    )


def _require_plain(option: str, name: str, value: Any) -> None:
    """Check the ids of a write, also those in a list of schedules."""
    if name in NAMING:
        require_plain(option, value)
    elif isinstance(value, list):
        for item in cast("list[Mapping[str, Any]]", value):
            for inner in sorted(NAMING & item.keys()):
                if isinstance(item[inner], str):
                    require_plain(f"{option} {inner}", item[inner])


def _read(binding: Binding, session: Session, given: Mapping[str, Any], typed: list[str]) -> dict[str, Any]:
    """Convert what was typed. Each `-` takes the next line of standard input, in the order of the command line."""
    arguments: dict[str, Any] = {}
    for info in sorted(binding.parameters, key=lambda info: typed.index(info.python_name)):
        name, value = info.python_name, given[info.python_name]
        option = option_name(info) if info.location != "path" else name
        if value is None and name in binding.needed:
            if not session.interactive:
                usage_error(
                    f"필수 옵션 {option}: - (표준 입력) 또는 @파일",
                    f"{option} is required: pass - to read standard input, or @FILE",
                )
            value = "-"
        if value is None or value == []:
            continue
        if info.everything and value in ("ALL", ["ALL"]):
            value = ALL
        elif isinstance(value, Enum):
            value = value.value
        elif isinstance(value, str):
            full = info.kind == "money" and binding.takes_full(name)
            value = parse(info, option, value, full=full)
            if not binding.operation.safe:
                _require_plain(option, name, value)
        arguments[name] = value
    return {
        info.python_name: arguments[info.python_name] for info in binding.parameters if info.python_name in arguments
    }
