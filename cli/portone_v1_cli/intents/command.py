"""`intents list`, `show`, `settle`, `resolve` and `doctor`."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from portone_v1.client import PortOne
from portone_v1.errors import DoublePaymentError, NoAnswerError, NotSentError, PortOneError
from portone_v1.intents import Intent
from portone_v1_runtime.models.fields import mask
from rich.text import Text

from ..completion import complete_intents, complete_keys, complete_orders, complete_payments
from ..exit_codes import EXIT_CODES, ExitCode, Stop, usage_error
from ..formatting import plain, text_of
from ..journal.opening import StoreOption, journal
from ..output import show, show_rows
from ..session import Output, OutputOption, ProfileOption, Session, TierOption, messages, session_of
from .rows import is_running, read_age, row_of

__all__ = ["list_intents", "settle", "show_intent"]

IdArgument = Annotated[
    str, typer.Argument(help="저널 기록의 id. · Id of the intent.", metavar="ID", autocompletion=complete_intents)
]


def list_intents(
    context: typer.Context,
    *,
    key: Annotated[
        str | None, typer.Option("--key", help="멱등키. · Idempotency key.", autocompletion=complete_keys)
    ] = None,
    merchant_uid: Annotated[
        str | None, typer.Option("--merchant-uid", help="주문번호. · Order number.", autocompletion=complete_orders)
    ] = None,
    imp_uid: Annotated[
        str | None, typer.Option("--imp-uid", help="결제 고유번호. · Payment.", autocompletion=complete_payments)
    ] = None,
    older_than: Annotated[
        str | None,
        typer.Option("--older-than", metavar="AGE", help="이보다 오래된 것만(10m, 2h, 3d). · Only older ones."),
    ] = None,
    decided: Annotated[
        bool,
        typer.Option(
            "--decided", help="확정되었고 사후 점검 전인 것도 표시. · Also those decided but not audited yet."
        ),
    ] = False,
    store: StoreOption = None,
    profile: ProfileOption = None,
    tier: TierOption = None,
    output: OutputOption = None,
) -> int:
    session = session_of(context, profile=profile, tier=tier, output=output)
    # V1's clock may be ahead of the store's: an age can be negative.
    least = float("-inf") if older_than is None else read_age("--older-than", older_than)
    named = {"key": key, "merchant_uid": merchant_uid, "imp_uid": imp_uid}
    given = {name: value for name, value in named.items() if value is not None}
    if len(given) > 1:
        usage_error(
            "--key, --merchant-uid, --imp-uid 중 하나만 지정하세요",
            "pass only one of --key, --merchant-uid and --imp-uid",
        )
    with journal(session, store) as client:
        now = client.intents.now()
        if given:
            last = client.intents.of(**given)
            found = [] if last is None else [last]
        else:
            found = client.intents.unfinished() if decided else client.intents.open()
    rows = [row_of(intent, now) for intent in found if now - intent.sent_at >= least]
    show_rows(session, [plain(row) for row in rows])
    return ExitCode.SUCCESS


list_intents.__doc__ = f"""확정되지 않은 쓰기를 오래된 순서로 출력합니다. V1을 호출하지 않습니다.

List writes whose outcome is not known, the oldest first. V1 is not called. With --key, --merchant-uid or --imp-uid the
last write of that key, order or payment is shown, decided or not. State `running`: its call may not have ended.

{EXIT_CODES}"""


def show_intent(
    context: typer.Context,
    intent_id: IdArgument,
    *,
    store: StoreOption = None,
    profile: ProfileOption = None,
    tier: TierOption = None,
    output: OutputOption = None,
) -> int:
    session = session_of(context, profile=profile, tier=tier, output=output)
    with journal(session, store) as client:
        intent = _found(client, intent_id)
        row = row_of(intent, client.intents.now())
    show(session, {**row, "arguments": _masked(intent.arguments), "result": _masked(intent.result), "rev": intent.rev})
    return ExitCode.SUCCESS


show_intent.__doc__ = f"""저널의 기록 하나를 출력합니다. V1을 호출하지 않습니다.

Show one write of the journal. V1 is not called.

{EXIT_CODES}"""


def settle(
    context: typer.Context,
    intent_id: Annotated[
        list[str] | None,
        typer.Argument(
            help="저널 기록의 id. 생략하면 미확정 전부. · Ids of intents. Default: all open ones.",
            metavar="[ID]...",
            autocompletion=complete_intents,
        ),
    ] = None,
    *,
    store: StoreOption = None,
    profile: ProfileOption = None,
    tier: TierOption = None,
    output: OutputOption = None,
) -> int:
    session = session_of(context, profile=profile, tier=tier, output=output)
    with journal(session, store) as client:
        found = [_found(client, each) for each in intent_id] if intent_id else client.intents.open()
        rows = [_verdict(client, intent, client.intents.now()) for intent in found]
    show_rows(session, [plain(row) for row in rows])
    verdicts = {str(row["verdict"]) for row in rows}
    _note(session, verdicts)
    if "double_payment" in verdicts:
        return ExitCode.REFUSED
    if "unreadable" in verdicts:
        return ExitCode.UNREACHABLE
    return ExitCode.UNKNOWN if verdicts & UNDECIDED else ExitCode.SUCCESS


settle.__doc__ = f"""V1을 조회해 쓰기의 결과를 확인합니다. 조회만 하며 다시 보내지 않습니다.

Find out what became of writes, by reading V1. Nothing is sent again, and a job of the shop that runs `settle_all` is
notified all the same. Exit code 0: every one is decided; 1: an order has two payments; 3: some are not decided, run it
again later; 4: V1 could not be read.

{EXIT_CODES}"""

UNDECIDED = frozenset({"undecided", "pending", "running"})
"""States of open writes. An accepted refund is decided: it will be paid out, or an alarm reports it."""
NOTES = {
    "double_payment": (
        "한 주문이 두 번 결제되었습니다. 하나를 imp_uid로 취소하세요.",
        "An order has two payments: refund one of them by its imp_uid.",
    ),
    "unreadable": (
        "V1을 조회하지 못했습니다. 결과는 아직 알 수 없습니다.",
        "V1 could not be read; the outcome is still unknown.",
    ),
    "undecided": (
        "아직 확정할 수 없습니다. 다른 카드로 결제하거나 다시 취소하지 말고 나중에 다시 확인하세요.",
        "Not decided yet: charge no other card and do not refund again. Settle again later.",
    ),
    "pending": ("PG가 나중에 승인하거나 거절합니다.", "The PG approves or declines it later."),
    "running": ("요청이 아직 실행 중일 수 있습니다.", "A call may still be running."),
}


def _note(session: Session, verdicts: set[str]) -> None:
    if session.output is Output.TABLE:
        for verdict, note in NOTES.items():
            if verdict in verdicts:
                messages().print(Text(" · ".join(note), style="yellow"), soft_wrap=True)


def _verdict(client: PortOne, intent: Intent, now: float) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": intent.id,
        "verdict": "running",
        "operation": intent.operation,
        "resource": intent.resource,
        "amount": row_of(intent, now)["amount"],
    }
    if is_running(intent, now):
        return row
    try:
        outcome = client.settle(intent)
    except DoublePaymentError as error:
        row["verdict"], row["imp_uid"] = "double_payment", error.ids.get("imp_uid")
        return row
    except (NoAnswerError, NotSentError):
        row["verdict"] = "unreadable"
        return row
    except PortOneError as error:
        row["verdict"], row["reason"] = "unreadable", text_of(mask(str(error)))
        return row
    payment = getattr(outcome, "payment", None)
    row["verdict"] = outcome.state
    row["imp_uid"] = None if payment is None else payment.imp_uid
    reason = getattr(outcome, "reason", None)
    row["reason"] = None if reason is None else text_of(mask(reason))
    return row


def _found(client: PortOne, intent_id: str) -> Intent:
    found = client.intents.get(intent_id)
    if found is None:
        raise Stop(
            ExitCode.REFUSED,
            f"이 상점의 저널에 없습니다: {intent_id}. --profile, --tier, --store를 확인하세요",
            f"this shop's journal has no intent {intent_id}: check --profile, --tier and --store",
        )
    return found


def _masked(values: Any) -> dict[str, Any]:
    """Return arguments with masked numbers. They hold no personal data, but a note that a person wrote might."""
    return {name: mask(value) if isinstance(value, str) else plain(value) for name, value in values.items()}
