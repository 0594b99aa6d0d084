"""Assemble the command line: a command for each operation, and those that run more than one."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final

import typer
from portone_v1.operations import OPERATIONS, OperationInfo
from portone_v1_generated.api import Areas
from typer.core import TyperGroup

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


def build(operations: Mapping[str, OperationInfo] = OPERATIONS) -> typer.Typer:
    """Build the application. A command is made on first use, so that start-up does not grow with the operations."""

    made: dict[str, Any] = {}  # Typer asks for a command several times on its way to it.

    class Group(TyperGroup):
        def list_commands(self, ctx: Any) -> list[str]:
            own = super().list_commands(ctx)
            areas = [_typed(operation.area) for operation in operations.values()]
            return list(dict.fromkeys([*own, *areas]))

        def get_command(self, ctx: Any, cmd_name: str) -> Any:
            own = super().get_command(ctx, cmd_name) or made.get(cmd_name)
            if own is None:
                there = [operation for operation in operations.values() if _typed(operation.area) == cmd_name]
                own = made[cmd_name] = _area(cmd_name, there) if there else None
            return own

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
        context_settings={"help_option_names": ["--help", "-h"]},
    )
    app.callback()(_root)
    _own_commands(app)
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
"""What operators type for a command that has another name."""


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
    from .explain.command import explain
    from .export.command import export_payments
    from .intents.command import list_intents, settle, show_intent
    from .intents.doctor import doctor as intents_doctor
    from .intents.resolving import resolve
    from .local.commands import listen
    from .local.sandbox import sandbox
    from .lookup import pg, refund_bank
    from .reconcile.command import reconcile
    from .webhooks.command import drain, list_webhooks
    from .webhooks.replay import replay

    quiet: dict[str, Any] = {"no_args_is_help": True, "add_completion": False, "rich_markup_mode": None}
    export = typer.Typer(help="기간별 결제를 파일로 내보냅니다. · Export payments of a period to a file.", **quiet)
    export.callback()(lambda: None)
    export.command("payments")(export_payments)
    webhooks = typer.Typer(
        help="웹훅 수신함을 조회하고 다시 처리합니다. 샌드박스 웹훅을 전달합니다."
        " · Look at the webhook inbox, replay and drain it; forward the sandbox's webhooks.",
        **quiet,
    )
    webhooks.callback()(lambda: None)
    inbox: dict[str, Callable[..., Any]] = {
        "list": list_webhooks, "replay": replay, "drain": drain, "listen": listen,
    }  # fmt: skip
    for name, command in inbox.items():
        webhooks.command(name)(command)
    intents = typer.Typer(
        help="쓰기 기록: 결과를 모르는 결제와 취소를 확인합니다."
        " · The journal: find out what became of charges and refunds.",
        **quiet,
    )
    intents.callback()(lambda: None)
    journal: dict[str, Callable[..., int]] = {
        "list": list_intents, "show": show_intent, "settle": settle, "resolve": resolve, "doctor": intents_doctor,
    }  # fmt: skip
    for name, command in journal.items():
        intents.command(name)(command)
    app.add_typer(intents, name="intents")
    app.add_typer(export, name="export")
    app.command("reconcile")(reconcile)
    app.command("doctor")(doctor)
    app.command("pg")(pg)
    app.command("refund-bank")(refund_bank)
    app.command("explain")(explain)
    app.add_typer(webhooks, name="webhooks")
    # Its flags are the sandbox's own, read where they are defined.
    passed_on = {"allow_extra_args": True, "ignore_unknown_options": True}
    app.command("sandbox", context_settings=passed_on, add_help_option=False)(sandbox)
