"""The events of one sandbox in memory: new ones replace the oldest."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterator
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Any, Final

from ..wire.messages import Request, Response
from .events import Event, Kind
from .secrets import kept_query, kept_request, kept_response
from .uids import Uids, uids_of

if TYPE_CHECKING:
    from ..state.exchanges import Exchange

__all__ = ["EvidenceLog"]

NOBODY: Final = Uids()
MOST_MOVES: Final = 500
"""Moves of the clock that are shown with a payment, the latest ones."""
MOST_BYTES: Final = 48 * 1024 * 1024
CALLS: Final = frozenset({"api", "control", "window"})


class EvidenceLog:
    """Events by number, by `imp_uid` and by `merchant_uid`. All methods run inside of a transaction of the engine."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._size = 0
        self._events: OrderedDict[int, Event] = OrderedDict()
        """Not a plain dict, which finds its first key only past all removed ones: each call would cost more."""
        self._by_uid: dict[str, deque[int]] = {}
        self._clock: deque[int] = deque()
        self._last = 0
        self._calls = 0
        self._settled = 0
        """Number of the latest event that stays, whatever happens."""
        self._cleared: tuple[Any, ...] | None = None
        """What `clear` has removed since then."""

    def __len__(self) -> int:
        return len(self._events)

    def get(self, number: int) -> Event | None:
        return self._events.get(number)

    @property
    def last(self) -> int:
        """Number of the latest event, 0 before the first."""
        return self._last

    def __iter__(self) -> Iterator[Event]:
        """Iterate from the oldest event to the newest."""
        return iter(self._events.values())

    @property
    def calls(self) -> int:
        """Number of the calls, windows and control calls so far."""
        return self._calls

    def newest(self) -> Iterator[Event]:
        return reversed(self._events.values())

    def naming(self, uid: str) -> list[Event]:
        """Return the events that name a payment or an order, the oldest first."""
        return [self._events[number] for number in self._by_uid.get(uid, ())]

    def of_payment(self, imp_uid: str, merchant_uid: str) -> list[Event]:
        """Return the events of a payment, and those of its order unless they are about another payment."""
        own = set(self._by_uid.get(imp_uid, ()))
        for number in self._by_uid.get(merchant_uid, ()):
            event = self._events[number]
            if not event.imp_uids or imp_uid in event.imp_uids:
                own.add(number)
        if own:
            first = min(own)
            moves = takewhile(lambda number: number > first, reversed(self._clock))
            own.update(islice(moves, MOST_MOVES))
        return [self._events[number] for number in sorted(own)]

    def add(self, kind: Kind, at: float, what: str, *, about: Uids = NOBODY, **details: Any) -> Event:
        """Record an event."""
        self._last += 1
        event = Event(
            id=self._last, kind=kind, at=at, what=what, imp_uids=about.imp, merchant_uids=about.merchant, **details
        )
        self._events[event.id] = event
        by_uid = self._by_uid
        for uid in (*about.imp, *about.merchant):
            numbers = by_uid.get(uid)
            if numbers is None:
                by_uid[uid] = deque((event.id,))
            elif numbers[-1] != event.id:
                numbers.append(event.id)
        if kind == "clock":
            self._clock.append(event.id)
        elif kind in CALLS:
            self._calls += 1
        self._size += event.size
        self._make_room()
        return event

    def add_call(
        self, at: float, exchange: Exchange, request: Request, response: Response, ms: float, content: Any
    ) -> None:
        """Record a call of the API with its response. `content` is the parsed body of the response."""
        self.add(
            "api", at, exchange.operation or "unknown",
            about=uids_of(exchange.arguments, content),
            method=request.method, path=request.path, query=kept_query(request.query),
            status=response.status, code=exchange.code, message=exchange.message, ms=ms,
            advice=tuple(exchange.advice), unknown=tuple(exchange.unknown), number=exchange.number,
            request=kept_request(request, exchange.operation),
            answer=kept_response(response, exchange.operation),
        )  # fmt: skip

    def spoil(self, fault: str, response: Response) -> None:
        """Record that an injected fault replaced the response of the latest call."""
        event = next((event for event in self.newest() if event.kind == "api"), None)
        if event is None:
            return
        event.fault, event.status, event.answer = fault, response.status, kept_response(response, event.what)
        if fault != "duplicate":
            event.code = None
        if response.delay:
            event.ms = (event.ms or 0) + response.delay * 1000

    def clear(self) -> None:
        self._cleared = self._cleared or (self._events, self._by_uid, self._clock, self._size, self._calls)
        self._events, self._by_uid, self._clock, self._size, self._calls = OrderedDict(), {}, deque(), 0, 0

    def settle(self) -> None:
        """Mark everything recorded so far as saved."""
        self._settled, self._cleared = self._last, None

    def undo(self) -> None:
        """Remove what was recorded since the last `settle`: it was not saved, so it has not happened."""
        if self._cleared is not None:
            self._events, self._by_uid, self._clock, self._size, self._calls = self._cleared
            self._cleared = None
        while self._events and next(reversed(self._events)) > self._settled:
            _, event = self._events.popitem()
            self._size -= event.size
            self._calls -= event.kind in CALLS
            if event.kind == "clock":
                self._clock.pop()
            self._forget(event)

    def _make_room(self) -> None:
        while self._size > self._most and len(self._events) > 1:
            _, event = self._events.popitem(last=False)
            self._size -= event.size
            if event.kind == "clock":
                self._clock.popleft()
            self._forget(event)

    def _forget(self, event: Event) -> None:
        by_uid, number = self._by_uid, event.id
        for uid in (*event.imp_uids, *event.merchant_uids):
            numbers = by_uid.get(uid)
            if numbers is None:
                continue  # It was named twice.
            if numbers[0] == number:
                numbers.popleft()
            elif numbers[-1] == number:
                numbers.pop()
            if not numbers:
                del by_uid[uid]
