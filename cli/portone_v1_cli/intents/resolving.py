"""`intents resolve`: record what an operator found out about a write that V1 does not show."""

from __future__ import annotations

from typing import Annotated, Any, Final, cast

import typer
from portone_v1.intents import Intent
from rich import box
from rich.table import Table
from rich.text import Text

from ..completion import complete_intents
from ..exit_codes import EXIT_CODES, ExitCode, Stop, usage_error
from ..formatting import plain, text_of
from ..journal.opening import StoreOption, journal
from ..output import show
from ..session import OutputOption, ProfileOption, Session, TierOption, messages, session_of
from .rows import is_running, name_ko, outcomes_of, row_of

__all__ = ["resolve"]

MEANINGS: Final = {
    "paid": ("결제되었음", "it was charged"),
    "declined": ("승인 거절되었음", "it was declined"),
    "not_charged": ("결제되지 않았음", "it was not charged"),
    "refunded": ("취소되었음", "it was refunded"),
    "refused": ("취소가 거절되었음", "the refund was refused"),
    "not_refunded": ("취소되지 않았음", "it was not refunded"),
    "done": ("실행되었음", "it was executed"),
    "not_done": ("실행되지 않았음", "it was not executed"),
}
AGAIN: Final = frozenset({"declined", "not_charged", "refused", "not_refunded", "not_done"})


def _complete_outcome(incomplete: str) -> list[str]:
    return [word for word in MEANINGS if word.startswith(incomplete)]


def resolve(
    context: typer.Context,
    intent_id: Annotated[
        str, typer.Argument(help="저널 기록의 id. · Id of the intent.", metavar="ID", autocompletion=complete_intents)
    ],
    outcome: Annotated[
        str,
        typer.Argument(
            metavar="OUTCOME",
            help="paid, declined, not_charged, refunded, refused, not_refunded, done, not_done.",
            autocompletion=_complete_outcome,
        ),
    ],
    *,
    note: Annotated[
        str,
        typer.Option(
            "--note", help="누가 어디서 확인했는지(개인정보 없이). · Who checked, and where; no personal data."
        ),
    ],
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="확인을 건너뜁니다(스크립트용). · Skip the confirmation; for scripts.")
    ] = False,
    store: StoreOption = None,
    profile: ProfileOption = None,
    tier: TierOption = None,
    output: OutputOption = None,
) -> int:
    session = session_of(context, profile=profile, tier=tier, output=output)
    if outcome not in MEANINGS:
        words = ", ".join(MEANINGS)
        usage_error(f"OUTCOME은 다음 중 하나입니다: {words}", f"OUTCOME must be one of {words}")
    if not note.strip():
        usage_error(
            "--note가 비어 있습니다. 누가 어디서 확인했는지 적으세요", "--note is empty: write who checked, and where"
        )
    with journal(session, store) as client:
        found = client.intents.get(intent_id)
        now = client.intents.now()
        if found is None:
            raise Stop(
                ExitCode.REFUSED,
                f"이 상점의 저널에 없습니다: {intent_id}. 기록은 바뀌지 않았습니다",
                f"this shop's journal has no intent {intent_id}; nothing was recorded",
            )
        _require_fitting(found, outcome, now)
        if not yes:
            _confirm(session, found, outcome, now)
        try:
            decided = client.intents.resolve(intent_id, cast("Any", outcome), note=note)
        except ValueError:
            raise Stop(
                ExitCode.REFUSED,
                "그 사이에 다른 프로세스가 이 기록을 바꾸었거나 요청이 실행 중일 수 있습니다. 기록하지 않았습니다."
                " 1분 뒤에 다시 조회하세요",
                "another process has just changed the intent, or its call may be running; nothing was recorded. Read it"
                " again in a minute",
            ) from None
        show(session, plain(row_of(decided, client.intents.now())))
    return ExitCode.SUCCESS


resolve.__doc__ = f"""V1에 보이지 않는 쓰기의 결과를 PG 관리자 화면에서 확인한 대로 기록합니다. V1에 보내지 않습니다.

Record what a person saw in the PG's console, where V1 does not show it: run `intents settle` first. Nothing is sent to
V1. After `paid`, `refunded` and `done` the key is used up; after the others the same call may be made again, so a wrong
word can move money twice.

{EXIT_CODES}"""


def _require_fitting(intent: Intent, outcome: str, now: float) -> None:
    if intent.state != "open":
        raise Stop(
            ExitCode.REFUSED,
            f"이미 확정된 쓰기입니다({intent.outcome}). 기록은 바뀌지 않았습니다",
            f"the intent is decided already ({intent.outcome}); nothing was recorded",
        )
    if is_running(intent, now):
        raise Stop(
            ExitCode.REFUSED,
            "요청이 아직 실행 중일 수 있습니다. 기록하지 않았습니다. 1분 뒤에 다시 확인하세요",
            "its call may still be running; nothing was recorded. Check again in a minute",
        )
    fitting = outcomes_of(intent)
    if outcome not in fitting:
        words = ", ".join(fitting)
        usage_error(
            f"{intent.operation}에 쓸 수 있는 값: {words}. 기록하지 않았습니다",
            f"{intent.operation} takes {words}; nothing was recorded",
        )


def _confirm(session: Session, intent: Intent, outcome: str, now: float) -> None:
    if not session.interactive:
        usage_error(
            "기록하지 않았습니다. 확인을 받을 터미널이 없습니다. 확인 없이 실행하려면 --yes를 붙이세요.",
            "Not recorded: no terminal to confirm on. Pass --yes to run without confirmation.",
        )
    korean, english = MEANINGS[outcome]
    word = text_of(intent.resource.partition(":")[2] or intent.id)
    table = Table(box=box.ROUNDED, show_header=False)
    for name, value in row_of(intent, now).items():
        if value is not None and value != "":
            table.add_row(Text(name), Text(text_of(plain(value))))
    again_ko = " 같은 요청을 다시 보낼 수 있게 됩니다." if outcome in AGAIN else ""
    again = " The same call may then be made again." if outcome in AGAIN else ""
    console = messages()
    console.print(table)
    prompt = (
        f"{name_ko(intent)} {word}: '{korean}'으로 기록합니다.{again_ko} 실행하려면 {word} 입력 후 Enter. "
        "다른 값이면 기록하지 않습니다.\n"
        f"To record that {english}, type {word} and press Enter.{again} Anything else records nothing: "
    )
    console.print(Text(prompt), end="", soft_wrap=True)
    try:
        typed = input()
    except EOFError:
        typed = ""
    if typed.strip() != word:
        raise Stop(
            ExitCode.REFUSED,
            "기록하지 않았습니다. 입력한 값이 확인 값과 다릅니다. 이 쓰기는 아직 확정되지 않았습니다",
            "Not recorded: the confirmation did not match. The write is still undecided",
            {"recorded": False},
        )
