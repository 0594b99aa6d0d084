"""One order of a shop with some habit, over some V1, from its first call to fifteen days later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from attrs import define, field
from portone_v1.intents import MemoryStore

from tests.models.choices import Choices, Name
from tests.models.plain_v1 import PlainV1
from tests.models.shop import ORDER, PLAIN, PRICE, Ledger, Shop
from tests.models.v1 import BAD_CARD, DAY
from tests.models.virtual_time import START, Process, World

HABITS: Final = (
    "settles only",
    "reruns",
    "other card",
    "two workers",
    "kill -9, rerun",
    "two workers, no shared store",
    "kill -9, rerun, no shared store",
)
SETTLES_AT: Final = (45, 80, 120, 240, 420, 600, 900, 1500, 3700, 4 * 3600, DAY, 2.2 * DAY, 7 * DAY, 9 * DAY, 15 * DAY)
STEPS: Final = 24
"""More than one process takes."""
AGAIN_AFTER: Final = (0.0, 1.0, 30.0, 400.0)


@define(frozen=True)
class Cell:
    """What a story is about; everything else is drawn."""

    what: str
    habit: str
    kind: str
    lag: float
    echo: bool
    flavour: str = "sync"
    keeps: int = 256


@define
class Story:
    cell: Cell
    v1: PlainV1
    ledger: Ledger
    choices: Choices
    imp_uid: str = ""
    journals: list[MemoryStore] = field(factory=list)

    def text(self) -> str:
        return "\n".join(self.ledger.world.story)


def play(cell: Cell, seed: object, fixed: Mapping[Name, Any] | None = None) -> Story:
    """Play one story to its end."""
    world = World()
    name = f"{cell.what}/{cell.habit}/{cell.kind}/{cell.lag}/{cell.echo}/{seed}"
    choices = Choices(name, fixed)
    story = Story(cell, PlainV1(world, choices, cell.kind, cell.lag, cell.echo), Ledger(world), choices)
    story.v1.keeps = cell.keeps
    story.journals.append(MemoryStore(clock=lambda: world.now))
    work = WORK[cell.what](story)
    if cell.habit.startswith("kill"):
        world.start("W1", work, dies_at=choices.draw("dies at step", range(1, STEPS)))
        world.start("W2", work, after=choices.draw("rerun after", [2.0, 40.0, 130.0, 700.0]))
    elif cell.habit.startswith("two workers"):
        world.start("W1", work)
        world.start("W2", work, after=choices.draw("second worker after", [0.0, 0.02, 0.07, 0.3, 1.0, 5.0]))
    else:
        world.start("W1", work)
    world.start("settler", lambda process: settles(story, process), after=40.0)
    world.run()
    return story


def open_shop(story: Story, process: Process) -> Shop:
    if story.cell.habit.endswith("no shared store"):
        story.journals.append(MemoryStore(clock=lambda: story.ledger.world.now))
    return Shop(process, story.v1, story.ledger, story.journals[-1], story.cell.flavour)


def charges(story: Story) -> Any:
    draw, sleep = story.choices.draw, story.ledger.world.sleep
    card = draw("card", ["card-A", "card-A", "card-A", BAD_CARD])

    def work(process: Process) -> None:
        shop = open_shop(story, process)
        charge = shop.charge if story.cell.what == "charge" else shop.onetime
        word = charge(card)
        if story.cell.habit == "reruns" and (word not in ("paid", "declined") or draw("runs again", [False, True])):
            sleep(draw("runs again after", AGAIN_AFTER))
            charge(card)
        if story.cell.habit == "other card" and word != "paid":
            sleep(draw("other card after", [1.0, 20.0, 200.0]))
            charge(draw("other card", ["card-B", BAD_CARD]))

    return work


def refunds(story: Story) -> Any:
    draw, world = story.choices.draw, story.ledger.world
    story.imp_uid = story.v1.add(ORDER, 20_000, "paid")["imp_uid"]
    story.v1.was_always_so()
    asked: list[int | None] = draw("refunds", [[5000], [5000, 3000], [5000, 5000], [None]])
    named = [("full" if amount is None else f"return-{n}", amount) for n, amount in enumerate(asked, 1)]
    if draw("an operator refunds too", [False, False, True]):
        after = draw("operator after", [0.2, 1.0, 20.0, 65.0, 130.0])
        world.at(world.now + after, lambda: operator(story))

    def work(process: Process) -> None:
        shop = open_shop(story, process)
        for doing, amount in named:
            word = shop.refund(doing, story.imp_uid, amount)
            again = word not in ("refunded", "refused") or draw("runs again", [False, True])
            if story.cell.habit == "reruns" and again:
                world.sleep(draw("runs again after", AGAIN_AFTER))
                shop.refund(doing, story.imp_uid, amount)
            world.sleep(draw("next refund after", [0.0, 5.0, 200.0]))

    return work


def plain(story: Story) -> Any:
    """Make a write without key and mark, and again if a process did not learn that it was executed."""
    draw, world, v1, what = story.choices.draw, story.ledger.world, story.v1, story.cell.what
    if what == "retry":
        card = draw("card", ["card-A", "card-A", "card-A", BAD_CARD])
        v1.schedule(ORDER, card, "executed")
        v1.add(ORDER, PRICE, "failed", customer_uid=card, started_at=int(world.now) - 3600)
    elif what == "account":
        v1.add(ORDER, PRICE, "ready", pay_method="vbank", started_at=int(world.now) - 3600)
    else:
        for number in ("sub-1", "sub-2"):
            v1.schedule(number, "card-A")
        after = draw("another one is scheduled after", [1e6, 0.2, 5.0, 70.0, 130.0])
        world.at(world.now + after, lambda: v1.schedule("sub-3", "card-A"))
    v1.was_always_so()

    def work(process: Process) -> None:
        shop = open_shop(story, process)
        word = shop.plain(what)
        if story.cell.habit == "reruns" and word in ("undecided", "in progress", "not sent"):
            world.sleep(draw("runs again after", AGAIN_AFTER))
            shop.plain(what)

    return work


WORK: Final = {"charge": charges, "onetime": charges, "refund": refunds, **dict.fromkeys(PLAIN, plain)}


def operator(story: Story) -> None:
    """Act as a person in the PG's console, or in another system of the shop."""
    amount = story.choices.draw("operator's amount", [7, 5000])
    reason = story.choices.draw("operator's reason", ["관리자페이지취소", "고객 요청"])
    if story.v1.left(story.v1.payments[story.imp_uid]) >= amount:
        story.v1.give_back(story.imp_uid, amount, reason)
        story.ledger.world.note(f"an operator refunds {amount} ({reason})")


def settles(story: Story, process: Process) -> None:
    """Run the job that settles open intents, for each journal."""
    world = story.ledger.world
    shops: dict[int, Shop] = {}
    for after in SETTLES_AT:
        world.sleep(max(0.0, START + after - world.now))
        for number, journal in enumerate(list(story.journals)):
            if number not in shops:
                shops[number] = Shop(process, story.v1, story.ledger, journal, story.cell.flavour)
            shops[number].settle()
