"""Say on standard error that a write waits for an earlier one, so that nobody takes the command for stuck."""

from __future__ import annotations

from datetime import datetime, timedelta

from portone_v1.events import Event
from rich.text import Text

from ..formatting import text_of
from ..session import messages

__all__ = ["say_waiting"]


def say_waiting(event: Event) -> None:
    """Name the earlier call of an event, and until when it may be running. This is a callback for `on_event`."""
    if event.kind != "intent_busy":
        return
    which = text_of(event.imp_uid or event.merchant_uid or event.intent_id)
    ends = datetime.now().astimezone() + timedelta(seconds=event.seconds)
    korean = (
        f"앞선 {event.operation}({which})가 실행 중이거나 도중에 종료되었습니다. 늦어도 {ends:%H:%M:%S}까지 기다립니다."
    )
    english = (
        f"Waiting for an earlier {event.operation} of {which}, which is running or was killed: until {ends:%H:%M:%S} at"
        " the latest. Nothing is sent before that."
    )
    messages().print(Text(f"{korean} · {english}"), soft_wrap=True)
