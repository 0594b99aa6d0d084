"""Load the shop's webhook inbox, sync or async, behind one interface."""

from __future__ import annotations

import asyncio
import inspect
import os
from collections.abc import Coroutine, Mapping
from typing import Annotated, Any, Final

import typer
from portone_v1.inbox import InboxRow

from ..exit_codes import usage_error
from ..named import is_name, load

__all__ = ["ENVIRONMENT", "InboxOption", "ShopInbox", "shop_inbox"]

ENVIRONMENT: Final = "PORTONE_V1_INBOX"
InboxOption = Annotated[
    str | None,
    typer.Option(
        "--inbox",
        metavar="MODULE:NAME",
        help=f"상점의 웹훅 인박스. 기본값: {ENVIRONMENT}."
        f" · The shop's inbox, or its store for reading only. Default: {ENVIRONMENT}.",
    ),
]


class ShopInbox:
    """The inbox of the shop, sync or async. One event loop for all calls: an async engine belongs to its loop."""

    def __init__(self, inbox: Any, *, handles: bool) -> None:
        self._inbox, self._handles = inbox, handles
        self._runner = asyncio.Runner()

    def close(self) -> None:
        self._runner.close()

    def rows(self, *, state: str | None, limit: int) -> list[InboxRow]:
        """Return rows, the last changed ones first."""
        found: list[InboxRow] = self._wait(self._inbox.rows(state=state, limit=limit))
        return found

    def replay(self, imp_uid: str, tier: str | None) -> str:
        """Process one payment again and return the outcome."""
        self._need_handlers()
        outcome: Mapping[str, str] = self._wait(self._inbox.replay([imp_uid], tier=tier))
        return outcome[imp_uid]

    def drain(self, limit: int) -> int:
        """Process what is due and return the number of payments."""
        self._need_handlers()
        count: int = self._wait(self._inbox.drain(limit))
        return count

    def _wait(self, outcome: Any) -> Any:
        return self._runner.run(_awaited(outcome)) if inspect.isawaitable(outcome) else outcome

    def _need_handlers(self) -> None:
        if not self._handles:
            usage_error(
                "저장소만으로는 처리할 수 없습니다. --inbox에 처리 함수가 등록된 Inbox를 지정하세요",
                "a store has no handlers: pass --inbox with the Inbox that your shop registers them on",
            )


def _awaited(outcome: Any) -> Coroutine[Any, Any, Any]:
    async def wait() -> Any:
        return await outcome

    return wait()


def shop_inbox(named: str | None) -> ShopInbox:
    """Load the inbox: an `Inbox`, an `AsyncInbox`, or a store of either flavour to look at."""
    text = named or os.environ.get(ENVIRONMENT) or ""
    if not is_name(text):
        usage_error(
            f"--inbox나 {ENVIRONMENT}로 상점의 웹훅 인박스를 지정하세요(예: shop.portone:inbox)",
            f"name your shop's inbox with --inbox or {ENVIRONMENT}, e.g. shop.portone:inbox",
        )
    found = load("--inbox", text)
    if all(hasattr(found, method) for method in ("rows", "replay", "drain")):
        return ShopInbox(found, handles=True)
    if not (hasattr(found, "rows") and hasattr(found, "lease")):
        usage_error(f"웹훅 인박스가 아닙니다: {text}", f"{text} is not a webhook inbox: {type(found).__name__}")
    return ShopInbox(found, handles=False)
