"""The command line as a whole: the areas of the table, and the commands that are more than one operation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final

import typer
from portone_v1_generated.api import Areas
from portone_v1_generated.operations import OPERATIONS, OperationInfo
from typer.core import TyperGroup

from .exit_codes import EXIT_CODES
from .operations import command_of
from .session import OutputOption, PersonalOption, ProfileOption, Session, TierOption, session_of

__all__ = ["build"]

ABOUT: Final = f"""포트원 V1 결제 조회·취소·대사: payments on PortOne (formerly iamport) REST API V1.

Keys come from PORTONE_V1_KEY and PORTONE_V1_SECRET, or from ~/.config/portone-v1/profiles.toml; never from the
command line.

{EXIT_CODES}"""


def build(operations: Mapping[str, OperationInfo] = OPERATIONS) -> typer.Typer:
    """Commands are made when they are asked for: starting takes no longer with each operation."""

    class Group(TyperGroup):
        def list_commands(self, ctx: Any) -> list[str]:
            own = super().list_commands(ctx)
            areas = [_typed(operation.area) for operation in operations.values()]
            return list(dict.fromkeys([*own, *areas]))

        def get_command(self, ctx: Any, cmd_name: str) -> Any:
            own = super().get_command(ctx, cmd_name)
            if own is not None:
                return own
            there = [operation for operation in operations.values() if _typed(operation.area) == cmd_name]
            return _area(cmd_name, there) if there else None

    app = typer.Typer(
        cls=Group,
        name="portone-v1",
        help=ABOUT,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["--help", "-h"]},
    )
    app.callback()(_root)
    _own_commands(app)
    return app


def _root(
    context: typer.Context,
    *,
    profile: ProfileOption = None,
    tier: TierOption = None,
    output: OutputOption = None,
    show_personal: PersonalOption = False,
    version: Annotated[bool, typer.Option("--version", help="버전. Which version this is.")] = False,
) -> None:
    if version:
        from portone_v1._version import __version__

        typer.echo(f"portone-v1 {__version__}")
        raise typer.Exit
    context.obj = Session()
    context.obj = session_of(context, profile=profile, tier=tier, output=output, show_personal=show_personal)


def _typed(name: str) -> str:
    return name.replace("_", "-")


def _area(name: str, operations: list[OperationInfo]) -> Any:
    words = getattr(getattr(Areas, operations[0].area, None), "__doc__", None) or name
    app = typer.Typer(
        name=name, help=" ".join(words.split()), no_args_is_help=True, add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None, context_settings={"help_option_names": ["--help", "-h"]},
    )  # fmt: skip
    app.callback()(lambda: None)
    for operation in operations:
        app.command(
            _typed(operation.name),
            short_help=f"{operation.name_ko}: {operation.summary}",
            deprecated=operation.deprecated,
        )(command_of(operation))
    return typer.main.get_command(app)


def _own_commands(app: typer.Typer) -> None:
    from .doctor.command import doctor
    from .export.command import export_payments
    from .local.commands import listen, sandbox
    from .reconcile.command import reconcile

    quiet: dict[str, Any] = {"no_args_is_help": True, "add_completion": False, "rich_markup_mode": None}
    export = typer.Typer(help="내보내기: payments of any stretch of time into a file.", **quiet)
    export.callback()(lambda: None)
    export.command("payments")(export_payments)
    webhooks = typer.Typer(help="웹훅: notices of the sandbox, printed and forwarded.", **quiet)
    webhooks.callback()(lambda: None)
    webhooks.command("listen")(listen)
    app.add_typer(export, name="export")
    app.command("reconcile")(reconcile)
    app.command("doctor")(doctor)
    app.add_typer(webhooks, name="webhooks")
    app.command("sandbox")(sandbox)
