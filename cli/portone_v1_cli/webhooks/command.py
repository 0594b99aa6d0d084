"""`webhooks list` and `webhooks drain`."""

from __future__ import annotations

import time
from contextlib import closing
from datetime import datetime
from typing import Annotated, Any, Final

import typer
from portone_v1.contrib.signals import StopSignals
from portone_v1.inbox import InboxRow
from portone_v1.inbox.events import RANKS
from portone_v1_runtime.decode import KST
from rich.text import Text

from ..exit_codes import EXIT_CODES, ExitCode, usage_error
from ..formatting import plain
from ..output import show_rows
from ..session import OutputOption, ProfileOption, TierOption, messages, session_of
from .inboxes import InboxOption, shop_inbox

__all__ = ["drain", "list_webhooks"]

STATES: Final = ("waiting", "done", "dead")
BATCH: Final = 1000
HANDLED: Final = {rank: status for status, rank in RANKS.items()}


def _complete_state(incomplete: str) -> list[str]:
    return [word for word in STATES if word.startswith(incomplete)]


def list_webhooks(
    context: typer.Context,
    *,
    state: Annotated[
        str | None,
        typer.Option(
            "--state",
            metavar="|".join(STATES),
            help="상태. · State.",
            autocompletion=_complete_state,
        ),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="최대 건수. · Maximum number of rows.")] = 100,
    inbox: InboxOption = None,
    profile: ProfileOption = None,
    tier: TierOption = None,
    output: OutputOption = None,
) -> int:
    session = session_of(context, profile=profile, tier=tier, output=output)
    if state is not None and state not in STATES:
        usage_error(f"--state는 {', '.join(STATES)} 중 하나입니다", f"--state must be one of {', '.join(STATES)}")
    with closing(shop_inbox(inbox)) as found:
        rows = found.rows(state=state, limit=limit)
    now = time.time()
    show_rows(session, [plain(_row(row, now)) for row in rows])
    return ExitCode.SUCCESS


list_webhooks.__doc__ = f"""인박스에 저장된 웹훅을 결제별로 출력합니다. V1을 호출하지 않습니다.

List the stored webhooks, one row for each payment, those that changed last first. V1 is not called. `waiting`: to be
handled, or V1 does not show it so far; `done`: handled; `dead`: given up, see `webhooks replay --dead`.

{EXIT_CODES}"""


def _row(row: InboxRow, now: float) -> dict[str, Any]:
    return {
        "imp_uid": row.imp_uid,
        "merchant_uid": row.merchant_uid,
        "state": "running" if row.owner and row.lease_until > now else row.state,
        "handled": HANDLED.get(row.progress.rank),
        "cancelled": row.progress.cancelled or None,
        "kind": row.kind,
        "tier": row.tier,
        "tries": row.tries,
        "error": row.error or None,
        "received": row.wanted,
        "last_at": datetime.fromtimestamp(row.first_at, KST) if row.first_at else None,
        "due_at": datetime.fromtimestamp(row.due_at, KST) if row.due_at is not None else None,
    }


def drain(
    context: typer.Context,
    *,
    watch: Annotated[
        float | None,
        typer.Option(
            "--watch",
            metavar="SECONDS",
            min=0.05,
            help="이 간격(초)으로 계속 처리. · Keep running at this interval.",
        ),
    ] = None,
    inbox: InboxOption = None,
    profile: ProfileOption = None,
    output: OutputOption = None,
) -> int:
    session = session_of(context, profile=profile, output=output)
    with closing(shop_inbox(inbox)) as found:
        if watch is None:
            show_rows(session, [{"handled": found.drain(BATCH)}])
            return ExitCode.SUCCESS
        total, over = 0, False
        with StopSignals() as signals:
            while not over:
                count = 0
                try:
                    count = found.drain(BATCH)
                except Exception as error:  # for example, the database restarts: stored webhooks are still there
                    text = f"처리하지 못해 다시 시도합니다 · Could not process; retrying: {type(error).__name__}"
                    messages().print(Text(text, style="yellow"), soft_wrap=True)
                total += count
                over = signals.wait(watch if count < BATCH else 0)
        show_rows(session, [{"handled": total}])
    return ExitCode.SUCCESS


drain.__doc__ = f"""저장된 웹훅과 커밋 뒤 작업을 상점의 처리 함수로 처리합니다. 여러 곳에서 동시에 실행해도 됩니다.

Handle what is due with the shop's handlers, then the tasks that they left for after the commit. Several may run at
once. With --watch it ends on SIGTERM or Ctrl-C, between two payments.

{EXIT_CODES}"""
