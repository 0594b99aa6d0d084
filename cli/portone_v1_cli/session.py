"""Options that all commands share: the merchant, and the format of results."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Final

import typer
from attrs import define, evolve
from portone_v1.client import PortOne
from rich.console import Console

from .exit_codes import usage_error
from .profiles import Profile, profile_names, read_profile
from .streams import discard

__all__ = [
    "COMMON",
    "Output",
    "OutputOption",
    "PersonalOption",
    "ProfileOption",
    "Session",
    "TierOption",
    "messages",
    "session_of",
]


class Output(StrEnum):
    """Format of a result."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


ProfileOption = Annotated[
    str | None,
    typer.Option("--profile", help="profiles.toml의 프로필. · Profile in profiles.toml.", autocompletion=profile_names),
]
TierOption = Annotated[
    str | None, typer.Option("--tier", help="하위 상점 고유코드(3자). · Sub-merchant code (three characters).")
]
OutputOption = Annotated[Output | None, typer.Option("--output", "-o", help="출력 형식. · Output format.")]
PersonalOption = Annotated[
    bool,
    typer.Option(
        "--show-personal",
        help="개인정보를 가리지 않고 표시. · Show names, addresses and numbers instead of ***.",
    ),
]

COMMON: Final[Mapping[str, tuple[Any, Any]]] = {
    "profile": (ProfileOption, None),
    "tier": (TierOption, None),
    "output": (OutputOption, None),
    "show_personal": (PersonalOption, False),
}
"""Options that are allowed before and after the command: annotation and default."""


@define(slots=False)
class Session:
    """Settings of one run of the command line."""

    profile_name: str | None = None
    tier: str | None = None
    output: Output = Output.TABLE
    show_personal: bool = False

    @cached_property
    def profile(self) -> Profile:
        """Settings of the chosen merchant."""
        return read_profile(self.profile_name)

    def client(self, **more: Any) -> PortOne:
        """Build the client. The caller closes it.

        Args:
            more: arguments of `PortOne` beside those of the profile.
        """
        options = {**self.profile.options(), **more}
        if self.tier is not None:
            options["tier"] = self.tier
        client = PortOne(**options)
        # A profile is complete: the environment's sub-merchant would belong to another shop than its keys.
        return client if self.profile.name is None or "tier" in options else client.with_options(tier=None)

    def credentials(self) -> dict[str, str]:
        """Return API key and secret, for operations that take them as arguments."""
        profile = self.profile
        return {
            "imp_key": profile.imp_key or os.environ["PORTONE_V1_KEY"],
            "imp_secret": profile.imp_secret or os.environ["PORTONE_V1_SECRET"],
        }

    def server_time(self, client: PortOne) -> datetime | None:
        """Return V1's clock, from a token response; None if V1 does not send it."""
        keys = self.credentials()
        return client.auth.get_token(imp_key=keys["imp_key"], imp_secret=keys["imp_secret"]).now

    @property
    def interactive(self) -> bool:
        """True if a person can answer a prompt."""
        return sys.stdin.isatty() and sys.stderr.isatty()


def session_of(
    context: typer.Context,
    *,
    profile: str | None = None,
    tier: str | None = None,
    output: Output | None = None,
    show_personal: bool = False,
) -> Session:
    """Return the session of the whole command line, with the options of this command in preference."""
    if profile == "":  # from an unset variable: it must not mean `default`
        usage_error("--profile 값이 비어 있습니다. 보내지 않았습니다", "--profile is empty. Nothing was sent")
    root = context.find_root()
    session = root.obj if isinstance(root.obj, Session) else Session()
    return evolve(
        session,
        profile_name=session.profile_name if profile is None else profile,
        tier=session.tier if tier is None else tier,
        output=session.output if output is None else output,
        show_personal=session.show_personal or show_personal,
    )


class _Messages(Console):
    """A console that drops output that cannot be written. Rich itself would end the process."""

    def print(self, *objects: Any, **options: Any) -> None:
        try:
            super().print(*objects, **options)
        except OSError:
            self.on_broken_pipe()

    def on_broken_pipe(self) -> None:
        discard(sys.stderr)


def messages() -> Console:
    """Return the console for everything but the result."""
    return _Messages(stderr=True, highlight=False)
