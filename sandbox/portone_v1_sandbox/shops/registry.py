"""The named shops of a sandbox: each has its own payments, clock, webhooks and journal."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from threading import RLock
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from ..errors.shops import no_such_name, too_many_kept
from ..webhooks.sender import HttpSender
from ..webhooks.worker import WebhookWorker
from ..wire.shop_names import checked_name

if TYPE_CHECKING:
    from ..engine.engine import Engine
    from ..wire.webhooks import WebhookSender

__all__ = ["MOST_SHOPS", "Held", "Shops"]

MOST_SHOPS: Final = 1000


S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Held(Generic[S]):
    """A shop with its engine, and the sender of its webhooks; None sends them over HTTP."""

    shop: S
    engine: Engine
    sender: WebhookSender | None


class Shops(Mapping[str, S]):
    """Shops by name. `open` creates a missing one, which starts with the settings and the time of the main shop."""

    def __init__(self, make: Callable[[str], Held[S]], most: int = MOST_SHOPS) -> None:
        self._make = make
        self._most = most
        self._shops: dict[str, Held[S]] = {}
        self._couriers: dict[str, _Courier] = {}
        self._lock = RLock()
        self._delivers = False

    def open(self, name: str) -> S:
        """Return a shop, new if there is none of this name. Raises Refusal for a wrong name, or one too many."""
        with self._lock:
            held = self._shops.get(name)
            if held is None:
                checked_name(name)
                if len(self._shops) >= self._most:
                    raise too_many_kept("shops", self._most, "delete some with POST /_sandbox/shops/delete")
                held = self._shops[name] = self._make(name)
                if self._delivers:
                    self._couriers[name] = _Courier(name, held.engine, held.sender)
            return held.shop

    def delete(self, names: Iterable[str]) -> None:
        """Delete shops with everything in them. Raises Refusal, before any is deleted, for an unknown name."""
        chosen = tuple(dict.fromkeys(names))
        with self._lock:
            for name in chosen:
                if name not in self._shops:
                    raise no_such_name("shop", name, self._shops)
            couriers = [self._couriers.pop(name) for name in chosen if name in self._couriers]
            for name in chosen:
                del self._shops[name]
        for courier in couriers:
            courier.stop()

    @contextmanager
    def delivering(self) -> Generator[None]:
        """Send the webhooks of every shop until the block ends."""
        with self._lock:
            self._delivers = True
            self._couriers = {name: _Courier(name, held.engine, held.sender) for name, held in self._shops.items()}
        try:
            yield
        finally:
            with self._lock:
                self._delivers = False
                couriers, self._couriers = list(self._couriers.values()), {}
            for courier in couriers:
                courier.stop()

    def to_wire(self) -> list[dict[str, Any]]:
        """Return each shop with its time and what it holds."""
        with self._lock:
            shops = list(self._shops.items())
        return [_to_wire(name, held.engine) for name, held in shops]

    def __getitem__(self, name: str) -> S:
        return self._shops[name].shop

    def __iter__(self) -> Iterator[str]:
        return iter(tuple(self._shops))

    def __len__(self) -> int:
        return len(self._shops)


class _Courier:
    """Sends the webhooks of one shop, in a thread that starts with the first of them."""

    def __init__(self, name: str, engine: Engine, sender: WebhookSender | None) -> None:
        self._name, self._engine, self._sender = name, engine, sender
        self._worker: WebhookWorker | None = None
        self._lock = RLock()
        self._over = False
        with self._engine.transaction():
            self._engine.delivery_listeners.append(self._start)

    def _start(self) -> None:
        with self._lock:
            if self._worker is None and not self._over:
                self._worker = WebhookWorker(self._engine, self._sender or HttpSender(self._name))
                self._worker.__enter__()

    def stop(self) -> None:
        with self._lock:
            self._over = True
            worker, self._worker = self._worker, None
        with self._engine.transaction():
            self._engine.delivery_listeners.remove(self._start)
        if worker is not None:
            worker.__exit__(None, None, None)


def _to_wire(name: str, engine: Engine) -> dict[str, Any]:
    with engine.transaction(read_only=True):
        return {
            "frozen": engine.clock.frozen,
            "journal": len(engine.journal),
            "name": name,
            "now": engine.clock.now(),
            "payments": len(engine.state.payments),
        }
