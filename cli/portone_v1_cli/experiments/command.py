"""Run the experiments: show a plan, ask for confirmation, report, and refund every charge, even after Ctrl-C."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from portone_v1.client import PortOne
from portone_v1.errors import PortOneError
from portone_v1.intents.stores.default import default_path
from rich import box
from rich.table import Table
from rich.text import Text

from ..exit_codes import ExitCode, Stop, usage_error
from ..output import print_table, show
from ..session import Output, Session, messages
from .lab import Lab, LiveMoney, require_test_channel
from .no_journal import NoJournal
from .questions import QUESTIONS, Reading
from .trials import TRIALS, clocks

__all__ = ["Wish", "record_path", "run_experiments", "run_trials"]

AMOUNT: Final = 1_000
PART: Final = 100


class Wish:
    """The options of `--experiments`."""

    def __init__(
        self, card: str | None, declined: str | None, only: list[str] | None, rounds: int, *, yes: bool
    ) -> None:
        unknown = [name for name in only or [] if name.upper() not in QUESTIONS]
        if unknown:
            usage_error(f"--only: {', '.join(unknown)}", f"--only takes E1 to E12, not {', '.join(unknown)}")
        self.only: list[str] = [name.upper() for name in only or QUESTIONS]
        if not card:
            usage_error(
                "테스트 채널의 빌링키를 --customer-uid로 지정하세요. 보내지 않았습니다",
                "name a test channel's billing key with --customer-uid; nothing was sent",
            )
        self.card: str = card
        self.declined, self.rounds, self.yes = declined, rounds, yes


def record_path() -> Path:
    """Return the file that keeps order numbers until every charge is refunded."""
    return default_path().parent / "experiments.json"


def run_experiments(session: Session, wish: Wish) -> int:
    """Run the chosen experiments, and return the exit code."""
    path = record_path()
    with session.client(intents=NoJournal()) as client:
        pg = require_test_channel(client, wish.card)
        if wish.declined is not None:
            require_test_channel(client, wish.declined)
        lab = Lab(client, wish.card, wish.declined, AMOUNT, PART, wish.rounds, path)
        if path.exists():
            _finish_earlier(lab, path)
        _confirm(session, client, wish, pg)
        readings: list[Reading] = []
        interrupted = live = False
        try:
            for reading in run_trials(lab, wish.only, session.credentials()):
                readings.append(reading)
                messages().print(Text(f"{reading.id} {reading.reading}", style="dim"))
        except KeyboardInterrupt:
            interrupted = True
        except LiveMoney:
            live = True
        left = _give_back(lab)
        report = _report(client, pg, readings)
    if session.output is Output.TABLE:
        _print(readings)
    else:
        show(session, report)
    if left:
        raise Stop(
            ExitCode.UNKNOWN,
            f"취소하지 못한 주문이 {len(left)}건 있습니다. 같은 명령을 다시 실행하면 취소부터 합니다: {path}",
            f"{len(left)} orders could not be refunded; run the same command again: it refunds them first: {path}",
            {"orders": left},
        )
    if live:
        raise Stop(
            ExitCode.REFUSED,
            "V1이 테스트 결제로 표시하지 않은 결제가 있어 중단했습니다. 결제한 금액은 모두 환불했습니다",
            "stopped: V1 does not mark a payment as a test payment. Every charge is refunded",
        )
    if interrupted:
        raise Stop(
            ExitCode.INTERRUPTED,
            "중단했습니다. 결제한 금액은 모두 환불했습니다",
            "interrupted; every charge is refunded",
        )
    return ExitCode.SUCCESS


def run_trials(lab: Lab, names: list[str], credentials: Mapping[str, str]) -> Iterator[Reading]:
    """Run experiments one after the other. One that fails is undecided and does not stop the others."""
    for name in names:
        try:
            yield clocks(lab, credentials) if name == "E11" else TRIALS[name](lab)
        except PortOneError as error:
            yield Reading(name, "undecided", {"why": type(error).__name__})


def _give_back(lab: Lab) -> list[str]:
    """Refund every charge. After a second Ctrl-C the file keeps the rest, and the next run continues with it."""
    if not lab.orders and not lab.schedules:
        return []
    messages().print(Text("결제한 금액을 환불합니다 · refunding what was charged", style="dim"))
    try:
        return lab.give_back()
    except KeyboardInterrupt:
        return [*lab.orders, *lab.schedules]


def _finish_earlier(lab: Lab, path: Path) -> None:
    try:
        kept: Any = json.loads(path.read_text(encoding="utf-8"))
        lab.orders, lab.schedules = [*map(str, kept["orders"])], [*map(str, kept["schedules"])]
    except (OSError, ValueError, KeyError, TypeError):
        usage_error(f"{path}: 읽을 수 없습니다", f"cannot read {path}: its orders may not be refunded yet")
    text = f"지난 실행의 결제를 취소합니다({len(lab.orders)}건) · refunding {len(lab.orders)} orders of an earlier run"
    messages().print(Text(text, style="yellow"), soft_wrap=True)
    if left := _give_back(lab):
        raise Stop(
            ExitCode.UNKNOWN,
            f"지난 실행의 결제를 취소하지 못했습니다({len(left)}건). 새로 결제하지 않았습니다",
            f"{len(left)} orders of an earlier run could not be refunded; nothing new was charged",
            {"orders": left},
        )


def _confirm(session: Session, client: PortOne, wish: Wish, pg: str) -> None:
    charges = sum(_charges(name, wish) for name in wish.only)
    table = Table(box=box.ROUNDED, show_header=False, title_justify="left")
    table.title = Text("V1 실험 · experiments", style="bold")
    table.add_row("접속 대상 · V1", Text(f"{client.base_url} ({session.profile.name or 'environment'})"))
    table.add_row("빌링키 · billing key", Text(f"{wish.card} ({pg}, 테스트 채널 · test channel)"))
    for name in wish.only:
        question = QUESTIONS[name]
        table.add_row(
            Text(f"{name}: {_charges(name, wish)} × {AMOUNT:,}원"), Text(f"{question.korean} · {question.english}")
        )
    table.add_row("합계 · total", Text(f"최대 {charges}건, {charges * AMOUNT:,}원, 모두 취소 · at most, all refunded"))
    word = str(charges * AMOUNT)
    console = messages()
    console.print(table)
    if wish.yes:
        return
    if not session.interactive:
        usage_error(
            "보내지 않았습니다. 확인을 받을 터미널이 없습니다. 확인 없이 실행하려면 --yes를 붙이세요.",
            "Not sent: no terminal to confirm on. Pass --yes to run without confirmation.",
        )
    console.print(
        Text(
            f"테스트 채널에서 결제하고 취소합니다: 실행하려면 {word} 입력 후 Enter. 다른 값이면 보내지 않습니다.\n"
            f"To charge and refund on the test channel, type {word} and press Enter. Anything else sends nothing: "
        ),
        end="",
        soft_wrap=True,
    )
    try:
        typed = input()
    except EOFError:
        typed = ""
    if typed.strip().replace(",", "") != word:
        raise Stop(
            ExitCode.REFUSED,
            f"확인되지 않아 보내지 않았습니다. 입력한 값이 확인 값({word})과 다릅니다.",
            "Not sent: the confirmation did not match.",
            {"sent": False},
        )


def _charges(name: str, wish: Wish) -> int:
    question = QUESTIONS[name]
    again = {"E5": 2, "E8": 2, "E10": 2}.get(name, 1)  # more charges if V1 executes what it should refuse
    more = 1 if question.declined and wish.declined and name == "E1" else 0
    return question.charges * again * (wish.rounds if question.rounds else 1) + more


def _report(client: PortOne, pg: str, readings: list[Reading]) -> dict[str, Any]:
    from portone_v1 import __version__

    host = urlsplit(client.base_url).hostname or ""
    return {
        "report": "portone-v1 experiments",
        "version": 1,
        "sdk": __version__,
        "month": time.strftime("%Y-%m", time.gmtime()),
        "v1": "real" if host.endswith(".iamport.kr") else "sandbox",
        "pg": pg,
        "answers": [
            {
                "id": each.id,
                "question": QUESTIONS[each.id].english,
                "reading": each.reading,
                "decides": QUESTIONS[each.id].decides.get(each.reading),
                "seen": dict(each.seen),
            }
            for each in readings
        ],
    }


def _print(readings: list[Reading]) -> None:
    table = Table(box=None, show_header=False, pad_edge=False)
    for each in readings:
        question = QUESTIONS[each.id]
        text = Text(f"{question.korean} · {question.english}\n")
        text.append(each.reading, style="bold")
        text.append(f": {question.decides.get(each.reading) or each.seen.get('why') or 'undecided'}")
        table.add_row(Text(each.id, style="cyan"), text)
    print_table(table)
