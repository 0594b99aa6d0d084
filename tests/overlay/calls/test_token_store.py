"""A store that several processes share: asked before fetching, told after it, and never able to stop a call."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from tests.overlay.harness import Clock, Flavour, ScriptedV1, payment, refused, token


class Store:
    """Both protocols: what it answers is what its flavour takes."""

    def __init__(self, flavour: Flavour, kept: Any = None) -> None:
        self._async = flavour.name == "async"
        self.kept = kept
        self.saved: list[tuple[str, float]] = []
        self.loads = 0
        self.failure: Exception | None = None

    def load(self) -> Any:
        self.loads += 1
        return self._now_or_later(lambda: self.kept)

    def save(self, value: str, seconds: float) -> Any:
        def keep() -> None:
            self.saved.append((value, seconds))
            self.kept = (value, seconds)

        return self._now_or_later(keep)

    def _now_or_later(self, work: Any) -> Any:
        def do() -> Any:
            if self.failure is not None:
                raise self.failure
            return work()

        async def do_later() -> Any:
            return do()

        return do_later() if self._async else do()


def read(client: Any) -> Any:
    return client.payments.get("imp_1")


def test_a_fetched_token_is_kept(flavour: Flavour, v1: ScriptedV1) -> None:
    store = Store(flavour)
    flavour.client(v1, token_store=store).call(read)
    assert store.saved == [("token-1", 1800.0)]


def test_a_kept_token_is_used_without_fetching(flavour: Flavour, v1: ScriptedV1) -> None:
    store = Store(flavour, ("kept", 900.0))
    client = flavour.client(v1, token_store=store)
    client.at_once(read, 10)
    assert v1.token_calls == []
    assert {request.token for request in v1.calls} == {"Bearer kept"}
    assert store.loads == 1


def test_a_kept_token_lives_as_long_as_the_store_says(flavour: Flavour, v1: ScriptedV1) -> None:
    clock, store = Clock(), Store(flavour, ("kept", 900.0))
    client = flavour.client(v1, token_store=store)
    client.use_clock(clock)
    client.call(read)
    clock.advance(869)
    client.call(read)
    assert store.loads == 1
    clock.advance(2)
    store.kept = None
    client.call(read)
    assert len(v1.token_calls) == 1


def test_a_kept_token_is_not_believed_to_live_for_ever(flavour: Flavour, v1: ScriptedV1) -> None:
    clock, store = Clock(), Store(flavour, ("kept", float("inf")))
    client = flavour.client(v1, token_store=store)
    client.use_clock(clock)
    client.call(read)
    clock.advance(36 * 60)
    client.call(read)
    assert store.loads == 2


def test_a_kept_token_near_its_end_is_fetched_anew(flavour: Flavour, v1: ScriptedV1) -> None:
    store = Store(flavour, ("kept", 30.0))
    flavour.client(v1, token_store=store).call(read)
    assert v1.calls[0].token == "Bearer token-1"


BROKEN: list[Any] = [
    (),
    ("kept",),
    ("kept", "soon"),
    ("kept", None),
    (5, 900.0),
    ("", 900.0),
    ("a\nb", 900.0),
    7,
    "kept",
]


@pytest.mark.parametrize("kept", BROKEN, ids=repr)
def test_a_store_that_gives_nonsense_gives_nothing(flavour: Flavour, v1: ScriptedV1, kept: Any) -> None:
    flavour.client(v1, token_store=Store(flavour, kept)).call(read)
    assert v1.calls[0].token == "Bearer token-1"


def test_a_failing_store_is_logged_and_nothing_more(
    flavour: Flavour, v1: ScriptedV1, caplog: pytest.LogCaptureFixture
) -> None:
    store = Store(flavour)
    store.failure = OSError("redis://user:hunter2@cache.example.com is away")
    with caplog.at_level(logging.WARNING, "portone_v1"):
        assert flavour.client(v1, token_store=store).call(read).imp_uid == "imp_1"
    assert [record.getMessage() for record in caplog.records] == [
        "token store failed (OSError); continuing with the in-memory token"
    ] * 2


def test_a_refused_token_is_not_loaded_again(flavour: Flavour, v1: ScriptedV1) -> None:
    store = Store(flavour, ("kept", 900.0))
    v1.play(refused("Unauthorized", code=-1, status=401))
    v1.default_token = token("fetched")
    assert flavour.client(v1, token_store=store).call(read).imp_uid == "imp_1"
    assert [request.token for request in v1.calls] == ["Bearer kept", "Bearer fetched"]
    assert store.saved == [("fetched", 1800.0)]


def test_what_another_process_stored_meanwhile_is_used(flavour: Flavour, v1: ScriptedV1) -> None:
    store = Store(flavour, ("kept", 900.0))
    client = flavour.client(v1, token_store=store)
    client.call(read)
    store.kept = ("renewed elsewhere".replace(" ", "-"), 1800.0)
    v1.play(refused("Unauthorized", code=-1, status=401), payment())
    client.call(read)
    assert v1.token_calls == []
    assert v1.calls[-1].token == "Bearer renewed-elsewhere"


def test_copies_share_the_token(flavour: Flavour, v1: ScriptedV1) -> None:
    client = flavour.client(v1)
    client.with_options(tier="AB1").call(read)
    client.with_options(timeout=3).call(read)
    client.call(read)
    assert len(v1.token_calls) == 1
