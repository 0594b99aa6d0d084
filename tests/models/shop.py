"""One process of a shop: what it asks of the library, and what it is told. Both flavours."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from attrs import define, field
from portone_v1 import ALL, FULL, AsyncPortOne, PortOne
from portone_v1.errors import (
    ApiError,
    DoublePaymentError,
    InProgressError,
    OutcomeUnknownError,
    PortOneError,
)
from portone_v1.intents import Intent, MemoryStore

from tests.models.plain_v1 import CARD_NUMBERS
from tests.models.v1 import V1, Wire
from tests.models.virtual_time import AsyncVirtualClock, Process, VirtualClock, World

ORDER = "order-1"
PRICE = 10_000
PLAIN = frozenset({"retry", "account", "unschedule"})
NOTHING_SENT = frozenset({"in progress", "not sent"})


@define
class Report:
    """What the shop was told about one order or refund."""

    at: float
    doing: str
    word: str
    amount: Decimal | None = None


@define
class Ledger:
    """What everyone was told, and which alarms rang."""

    world: World
    reports: list[Report] = field(factory=list)
    alarms: list[str] = field(factory=list)
    intents: list[tuple[MemoryStore, str]] = field(factory=list)
    doings: dict[str, str] = field(factory=dict)
    """What each intent was written for."""
    slowest: float = 0.0

    def say(self, by: Process, doing: str, word: str, amount: Decimal | None = None) -> str:
        self.reports.append(Report(self.world.now, doing, word, amount))
        self.world.note(f"{by.name} is told of {doing}: {word}{'' if amount is None else f' {amount}'}")
        return word

    def alarm(self, kind: str) -> None:
        self.alarms.append(kind)
        self.world.note(f"ALARM {kind}")

    def is_open(self, doing: str) -> bool:
        found = [store.get(intent_id) for store, intent_id in self.intents]
        return any(each is not None and each.state == "open" and self.doings[each.id] == doing for each in found)


def is_plain(doing: str) -> bool:
    """Return whether a call is plain. Each of these is a call of its own: the library merges no two of them."""
    return doing.partition("/")[0] in PLAIN


class DyingStore:
    """The journal as one process sees it: each write is a point at which the process may die, before it or after."""

    def __init__(self, inner: MemoryStore, process: Process, ledger: Ledger) -> None:
        self._inner, self._process, self._ledger = inner, process, ledger

    def begin(self, intent: Intent) -> bool:
        self._process.step("before the intent is committed")
        begun = self._inner.begin(intent)
        if begun:
            self._ledger.intents.append((self._inner, intent.id))
            self._ledger.doings[intent.id] = self._process.doing
        self._process.step("the intent is committed")
        return begun

    def save(self, intent: Intent) -> bool:
        self._process.step("before the outcome is committed")
        saved = self._inner.save(intent)
        self._process.step("the outcome is committed")
        return saved

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


class AsyncDyingStore:
    """The same, awaited."""

    def __init__(self, store: DyingStore) -> None:
        self._store = store

    async def begin(self, intent: Intent) -> bool:
        return self._store.begin(intent)

    async def save(self, intent: Intent) -> bool:
        return self._store.save(intent)

    async def get(self, intent_id: str) -> Intent | None:
        found: Intent | None = self._store.get(intent_id)
        return found

    async def latest(self, shop: str, *, resource: str = "", key: str = "") -> Intent | None:
        found: Intent | None = self._store.latest(shop, resource=resource, key=key)
        return found

    async def unfinished(self, shop: str, limit: int = 1000) -> list[Intent]:
        found: list[Intent] = self._store.unfinished(shop, limit)
        return found

    async def now(self) -> float:
        return float(self._store.now())

    async def prune(self, shop: str, before: float) -> int:
        return int(self._store.prune(shop, before))


class Shop:
    def __init__(self, process: Process, v1: V1, ledger: Ledger, journal: MemoryStore, flavour: str) -> None:
        self._process, self._ledger, self._world = process, ledger, ledger.world
        store = DyingStore(journal, process, ledger)
        common: dict[str, Any] = {
            "base_url": "http://127.0.0.1:1",
            "transport": Wire(v1, process),
            "max_retries": 0,
            "on_alarm": lambda alarm: ledger.alarm(alarm.kind),
        }
        self._is_async, self._plain_calls = flavour == "async", 0
        wrong_by = v1.choices.draw("the host's clock is wrong by", [0.0, 0.0, 3600.0, -3600.0])
        if self._is_async:
            self._runner = process.left.enter_context(asyncio.Runner())
            clock = AsyncVirtualClock(self._world, wrong_by)
            self._client: Any = AsyncPortOne("key", "secret", intents=AsyncDyingStore(store), clock=clock, **common)
        else:
            self._client = PortOne("key", "secret", intents=store, clock=VirtualClock(self._world, wrong_by), **common)

    def _run(self, call: Callable[[], Any]) -> Any:
        if not self._is_async:
            return call()

        async def awaited() -> Any:
            return await call()

        return self._runner.run(awaited())

    def charge(self, card: str) -> str:
        sold = {"customer_uid": card, "merchant_uid": ORDER, "amount": PRICE, "name": "구독"}
        return self._until_sent(f"{ORDER}|{card}", lambda: self._client.subscribe.again_once(**sold))

    def refund(self, doing: str, imp_uid: str, amount: int | None) -> str:
        """Refund a part, or everything."""
        asked: dict[str, Any] = {"amount": FULL} if amount is None else {"amount": amount, "key": doing}
        call = lambda: self._client.payments.cancel_once(imp_uid=imp_uid, reason="반품", **asked)  # noqa: E731
        return self._until_sent(doing, call)

    def onetime(self, card: str) -> str:
        sold = {"card_number": CARD_NUMBERS[card], "expiry": "2039-12", "merchant_uid": ORDER, "amount": PRICE}
        return self._until_sent(f"{ORDER}|{card}", lambda: self._client.subscribe.onetime_once(**sold, name="구독"))

    def plain(self, what: str) -> str:
        """Make a write without key and mark, for which there is only the client's journal."""
        due = int(self._world.now) + 7 * 86_400
        account = {"merchant_uid": ORDER, "amount": PRICE, "vbank_code": "088", "vbank_due": due}
        calls: dict[str, Callable[[], Any]] = {
            "retry": lambda: self._client.subscribe.retry(ORDER),
            "account": lambda: self._client.vbanks.issue(**account, vbank_holder="상점"),
            "unschedule": lambda: self._client.subscribe.unschedule(customer_uid="card-A", merchant_uid=ALL),
        }
        self._plain_calls += 1
        return self._report(f"{what}/{self._process.name}/{self._plain_calls}", calls[what])

    def _until_sent(self, doing: str, call: Callable[[], Any]) -> str:
        """Run a job as a queue does: again later, if nothing was sent."""
        word = ""
        for _ in range(4):
            began = self._world.now
            word = self._report(doing, call)
            self._ledger.slowest = max(self._ledger.slowest, self._world.now - began)
            if word not in NOTHING_SENT:
                break
            self._world.sleep(400.0)
        return word

    def _report(self, doing: str, call: Callable[[], Any]) -> str:
        self._process.doing = doing

        def say(word: str, amount: Decimal | None = None) -> str:
            return self._ledger.say(self._process, doing, word, amount)

        try:
            outcome = self._run(call)
        except OutcomeUnknownError:
            return say("undecided")
        except InProgressError:
            return say("in progress")
        except DoublePaymentError:
            return say("double payment")
        except ApiError as error:
            self._world.note(f"  {type(error).__name__}")
            plain = is_plain(doing)  # V1's own words are passed on: nothing is claimed
            return say("not sent" if "nothing was sent" in str(error) else "turned away" if plain else "refused")
        except (PortOneError, ValueError) as error:
            self._world.note(f"  {type(error).__name__}")
            return say("not sent")
        if is_plain(doing):
            return say(f"V1 says {outcome.status}" if doing.startswith("retry") else "done")
        return say(outcome.state, getattr(outcome, "amount", None))

    def settle(self) -> None:
        self._process.doing = "settle"
        for settled in self._run(self._client.settle_all):
            doing = self._ledger.doings[settled.intent.id]
            self._ledger.say(self._process, doing, settled.state, getattr(settled.outcome, "amount", None))
