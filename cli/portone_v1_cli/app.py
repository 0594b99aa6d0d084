"""Assemble the command line: a command for each operation, and the commands that run several."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any, ClassVar, Final

import typer
from portone_v1.operations import OPERATIONS, OperationInfo
from portone_v1_generated.api import Areas

from .commands import LazyGroup, Makers, command, group, own_commands
from .exit_codes import EXIT_CODES
from .operations import command_of
from .session import OutputOption, PersonalOption, ProfileOption, Session, TierOption, session_of

__all__ = ["build"]

ABOUT: Final = f"""포트원(구 아임포트) REST API V1의 결제를 조회·취소·대사합니다.

Look up, refund and reconcile payments on PortOne (formerly iamport) REST API V1.

API 키는 PORTONE_V1_KEY와 PORTONE_V1_SECRET 또는 ~/.config/portone-v1/profiles.toml에서 읽습니다.
명령줄에는 적지 않습니다.

The API key and secret come from the environment or that file, never from the command line.

{EXIT_CODES}"""
HELP: Final = {"help_option_names": ["--help", "-h"]}


def build(operations: Mapping[str, OperationInfo] = OPERATIONS) -> typer.Typer:
    """Build the application. A command is made on first use, so that start-up does not grow with the operations."""
    areas: dict[str, list[OperationInfo]] = {}
    for operation in operations.values():
        areas.setdefault(_typed(operation.area), []).append(operation)

    class Group(LazyGroup):
        makers: ClassVar[Makers] = {
            **own_commands(),
            **{name: partial(_area, name, there) for name, there in areas.items()},
        }

        def resolve_command(self, ctx: Any, args: list[str]) -> Any:
            if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
                ctx.fail(f"No such command {args[0]!r}.{_suggestion(args[0], self.list_commands(ctx), operations)}")
            return super().resolve_command(ctx, args)

    app = typer.Typer(
        cls=Group,
        name="portone-v1",
        help=ABOUT,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings=HELP,
    )
    app.callback()(_root)
    return app


def _show_version(wanted: bool) -> None:  # noqa: FBT001
    if wanted:
        from portone_v1 import __version__

        typer.echo(f"portone-v1 {__version__}")
        raise typer.Exit


VersionOption = Annotated[
    bool,
    typer.Option(
        "--version",
        callback=_show_version,
        is_eager=True,  # it needs no command
        help="버전을 출력하고 종료합니다. · Show the version and exit.",
    ),
]


def _root(
    context: typer.Context,
    *,
    profile: ProfileOption = None,
    tier: TierOption = None,
    output: OutputOption = None,
    show_personal: PersonalOption = False,
    _version: VersionOption = False,
) -> None:
    context.obj = Session()
    context.obj = session_of(context, profile=profile, tier=tier, output=output, show_personal=show_personal)


SYNONYMS: Final = {
    "refund": "payments cancel", "환불": "payments cancel", "취소": "payments cancel", "cancel": "payments cancel",
    "charge": "subscribe again", "결제": "payments get", "조회": "payments get", "대사": "reconcile",
    "내보내기": "export payments", "진단": "doctor", "예약": "subscribe schedule", "빌링키": "billing-keys",
}  # fmt: skip
"""Other names that operators type → the command."""


def _suggestion(name: str, groups: list[str], operations: Mapping[str, OperationInfo]) -> str:
    """Return what the user may have meant: another name, a typing error, or an operation without its area."""
    close = [name] if name in SYNONYMS else difflib.get_close_matches(name, [*groups, *SYNONYMS], 1)
    found = [SYNONYMS.get(each, each) for each in close]
    found = found or [
        f"{_typed(operation.area)} {name}" for operation in operations.values() if _typed(operation.name) == name
    ]
    return f" Did you mean {' or '.join(map(repr, found[:3]))}?" if found else ""


def _typed(name: str) -> str:
    return name.replace("_", "-")


def _area(name: str, operations: list[OperationInfo]) -> Any:
    words = getattr(getattr(Areas, operations[0].area, None), "__doc__", None) or name
    commands = {_typed(operation.name): partial(_operation, operation) for operation in operations}
    return group(name, " ".join(words.split()), commands, context_settings=HELP)


def _operation(operation: OperationInfo) -> Any:
    words = f"{operation.name_ko}: {operation.summary}"
    return command(_typed(operation.name), command_of(operation), short_help=words, deprecated=operation.deprecated)
