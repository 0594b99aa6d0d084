"""What every command shares: which merchant, and how answers are shown."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Final

import typer
from attrs import define, evolve
from portone_v1._sync.engine import Engine
from portone_v1.client import PortOne
from rich.console import Console

from .profiles import Profile, read_profile

__all__ = [
    "COMMON",
    "Output",
    "OutputOption",
    "PersonalOption",
    "ProfileOption",
    "Session",
    "TierOption",
    "engine_of",
    "messages",
    "session_of",
]


class Output(StrEnum):
    """How an answer is written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


ProfileOption = Annotated[
    str | None,
    typer.Option("--profile", help="프로필. The merchant: a table of profiles.toml."),
]
TierOption = Annotated[
    str | None, typer.Option("--tier", help="하위 상점 고유코드. The sub-merchant, three characters.")
]
OutputOption = Annotated[Output | None, typer.Option("--output", "-o", help="출력 형식. How the answer is written.")]
PersonalOption = Annotated[
    bool, typer.Option("--show-personal", help="개인정보 표시. Names, addresses and numbers as they are, not as ***.")
]

COMMON: Final[Mapping[str, tuple[Any, Any]]] = {
    "profile": (ProfileOption, None),
    "tier": (TierOption, None),
    "output": (OutputOption, None),
    "show_personal": (PersonalOption, False),
}
"""The options that stand before the command as well as after it: annotation and default."""


@define(slots=False)
class Session:
    """One run of the command line."""

    profile_name: str | None = None
    tier: str | None = None
    output: Output = Output.TABLE
    show_personal: bool = False

    @cached_property
    def profile(self) -> Profile:
        return read_profile(self.profile_name)

    def client(self) -> PortOne:
        options = self.profile.options()
        if self.tier is not None:
            options["tier"] = self.tier
        return PortOne(**options)

    @property
    def interactive(self) -> bool:
        """Somebody can be asked."""
        return sys.stdin.isatty() and sys.stderr.isatty()


def session_of(
    context: typer.Context,
    *,
    profile: str | None = None,
    tier: str | None = None,
    output: Output | None = None,
    show_personal: bool = False,
) -> Session:
    """The session of the command line as a whole, with what this command says differently."""
    root = context.find_root()
    session = root.obj if isinstance(root.obj, Session) else Session()
    return evolve(
        session,
        profile_name=session.profile_name if profile is None else profile,
        tier=session.tier if tier is None else tier,
        output=session.output if output is None else output,
        show_personal=session.show_personal or show_personal,
    )


def engine_of(client: PortOne) -> Engine:
    """The client's own settings, tier among them."""
    inside: Any = client
    engine: Engine = inside._engine  # noqa: SLF001
    return engine


def messages() -> Console:
    """Where everything is written that is not the answer."""
    return Console(stderr=True, highlight=False)
