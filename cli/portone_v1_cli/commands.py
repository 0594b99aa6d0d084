"""Groups that make their commands when they are needed, and the commands that run more than one operation.

Otherwise most of the start-up would be spent on modules and options of commands that do not run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import pairwise, takewhile
from typing import Any, ClassVar, Final

import typer
from typer.core import TyperCommand, TyperGroup

from .exit_codes import usage_error

__all__ = ["LazyGroup", "Makers", "command", "group", "own_commands"]

Makers = Mapping[str, Callable[[], Any]]
"""Functions that make the commands, by name and in the order of the help."""
PLAIN: Final[dict[str, Any]] = {"add_completion": False, "rich_markup_mode": None, "pretty_exceptions_enable": False}


class LazyGroup(TyperGroup):
    """A group that makes a command on its first use."""

    makers: ClassVar[Makers] = {}

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - Typer's
        return list(self.makers)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - Typer's
        if cmd_name not in self.commands and cmd_name in self.makers:
            self.commands[cmd_name] = self.makers[cmd_name]()
        return self.commands.get(cmd_name)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and self.get_command(ctx, args[0]) is None:
            for name in self.makers:  # Typer suggests only names of commands that exist
                self.get_command(ctx, name)
        return super().resolve_command(ctx, args)


class OwnCommand(TyperCommand):
    """A command that does not belong to one operation. It refuses an option or argument whose value is empty.

    Such a value comes from an unset variable. An empty `--to` would mean *until now*, an empty `--host` every
    interface, an empty `--store` the default journal.
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        _refuse_what_is_empty(args)
        return super().parse_args(ctx, args)


def _refuse_what_is_empty(arguments: Sequence[str]) -> None:
    for before, value in pairwise(("", *takewhile(lambda each: each != "--", arguments))):
        name, joined, rest = value.partition("=")
        option = before if not value else name if joined and not rest else ""
        if option.startswith("-") and option != "-":
            usage_error(f"{option} 값이 비어 있습니다. 보내지 않았습니다", f"{option} is empty. Nothing was sent")
    if "" in arguments:
        usage_error("인자의 값이 비어 있습니다. 보내지 않았습니다", "an argument is empty. Nothing was sent")


def command(name: str, function: Callable[..., Any], **options: Any) -> Any:
    """Make one command."""
    app = typer.Typer(**PLAIN)
    app.command(name, **options)(function)
    return typer.main.get_command(app)


def group(name: str, words: str, makers: Makers, **options: Any) -> Any:
    """Make a group, without making its commands."""

    class Group(LazyGroup):
        pass

    Group.makers = makers
    app = typer.Typer(cls=Group, name=name, help=words, no_args_is_help=True, **PLAIN, **options)
    app.callback()(lambda: None)
    return typer.main.get_command(app)


def own_commands() -> Makers:
    """Return the makers of the commands that do not belong to one operation."""
    return {
        "reconcile": _reconcile,
        "doctor": _doctor,
        "pg": _pg,
        "refund-bank": _refund_bank,
        "explain": _explain,
        "sandbox": _sandbox,
        "intents": _intents,
        "export": _export,
        "webhooks": _webhooks,
    }


def _reconcile() -> Any:
    from .reconcile.command import reconcile

    return command("reconcile", reconcile, cls=OwnCommand)


def _doctor() -> Any:
    from .doctor.command import doctor

    return command("doctor", doctor, cls=OwnCommand)


def _pg() -> Any:
    from .lookup import pg

    return command("pg", pg)


def _refund_bank() -> Any:
    from .lookup import refund_bank

    return command("refund-bank", refund_bank)


def _explain() -> Any:
    from .explain.command import explain

    return command("explain", explain)


def _sandbox() -> Any:
    from .local.sandbox import sandbox

    # Its flags are the sandbox's own, read where they are defined.
    passed_on = {"allow_extra_args": True, "ignore_unknown_options": True}
    return command("sandbox", sandbox, context_settings=passed_on, add_help_option=False)


def _intents() -> Any:
    from .intents.command import list_intents, settle, show_intent
    from .intents.doctor import doctor
    from .intents.resolving import resolve

    functions: dict[str, Callable[..., int]] = {
        "list": list_intents, "show": show_intent, "settle": settle, "resolve": resolve, "doctor": doctor,
    }  # fmt: skip
    words = "저널: 결과를 모르는 결제와 취소를 확인합니다. · The journal: find out what became of charges and refunds."
    return group("intents", words, _each(functions))


def _export() -> Any:
    from .export.command import export_payments

    words = "기간별 결제를 파일로 내보냅니다. · Export payments of a period to a file."
    return group("export", words, _each({"payments": export_payments}))


def _webhooks() -> Any:
    from .local.commands import listen
    from .webhooks.command import drain, list_webhooks
    from .webhooks.replay import replay

    functions: dict[str, Callable[..., Any]] = {
        "list": list_webhooks, "replay": replay, "drain": drain, "listen": listen,
    }  # fmt: skip
    words = (
        "웹훅 인박스를 조회하고 다시 처리합니다. 샌드박스 웹훅을 전달합니다."
        " · Look at the webhook inbox, replay and drain it; forward the sandbox's webhooks."
    )
    return group("webhooks", words, _each(functions))


def _each(functions: Mapping[str, Callable[..., Any]]) -> Makers:
    return {name: partial(command, name, function, cls=OwnCommand) for name, function in functions.items()}
