"""The contract of an intent store."""

from __future__ import annotations

import time
from typing import Any, Final

from ..._testing import at_once
from ..intent import Intent
from ..stores import IntentStore

__all__ = ["IntentStoreContract", "sample_intent"]

SHOP: Final = "0123456789abcdef01234567"
WORKERS: Final = 16
UNLIKE: Final = (
    ("order:a", "order:A"),
    ("order:a", "order:a "),
    ("order:주문-1", "order:주문-１"),
    ("order:ss", "order:ß"),
    ("order:é", "order:e\u0301"),
    ("order:a_b", "order:a%b"),
    ("order:a", "order:a\u200b"),
)
"""Pairs of names that some database would take for the same."""


def sample_intent(
    intent_id: str = "a", *, resource: str = "order:1", key: str = "charge/1", seq: int = 1, **changes: Any
) -> Intent:
    """Return an open intent of a charge."""
    intent = Intent(
        id=intent_id,
        shop=SHOP,
        operation="subscribe.again",
        resource=resource,
        resource_seq=seq,
        key=key,
        key_seq=seq,
        arguments={"merchant_uid": "1", "amount": "9900", "currency": "KRW", "channel_key": None},
        before={"attempts": {"imp_1": "failed"}},
        mark="1f0c7a2e-93b1d5aa",
        sent_at=1_800_000_000.5,
        lease_until=1_800_000_030.25,
    )
    return intent.changed(**changes)


class IntentStoreContract:
    """Subclass it, and give it a `store` fixture."""

    def test_an_intent_comes_back_as_it_was_begun(self, store: IntentStore) -> None:
        intent = sample_intent(arguments={"merchant_uid": "주문 1 '\"\\;--%", "amount": "9900.10", "channel_key": None})
        assert store.begin(intent)
        assert store.get("a") == intent
        assert store.get("b") is None

    def test_a_number_of_a_resource_is_taken_once(self, store: IntentStore) -> None:
        assert store.begin(sample_intent())
        assert not store.begin(sample_intent("b", key="charge/2"))
        assert store.get("b") is None
        assert store.latest(SHOP, key="charge/2") is None

    def test_a_number_of_a_key_is_taken_once(self, store: IntentStore) -> None:
        assert store.begin(sample_intent())
        assert not store.begin(sample_intent("b", resource="order:2"))
        assert store.latest(SHOP, resource="order:2") is None

    def test_another_resource_and_key_are_free(self, store: IntentStore) -> None:
        assert store.begin(sample_intent())
        assert store.begin(sample_intent("b", resource="order:2", key="charge/2"))

    def test_each_shop_has_numbers_of_its_own(self, store: IntentStore) -> None:
        assert store.begin(sample_intent())
        assert store.begin(sample_intent("b", shop="another"))
        found = store.latest("another", resource="order:1")
        assert found is not None
        assert found.id == "b"
        assert [intent.id for intent in store.unfinished(SHOP)] == ["a"]

    def test_the_latest_has_the_highest_number(self, store: IntentStore) -> None:
        for number, intent_id in enumerate("abc", 1):
            assert store.begin(sample_intent(intent_id, seq=number))
        by_resource, by_key = store.latest(SHOP, resource="order:1"), store.latest(SHOP, key="charge/1")
        assert by_resource is not None
        assert by_resource.id == "c"
        assert by_resource == by_key
        assert store.latest(SHOP, resource="order:9") is None
        assert store.latest(SHOP, key="order:1") is None

    def test_names_are_compared_to_the_character(self, store: IntentStore) -> None:
        for number, (name, unlike) in enumerate(UNLIKE):
            shop = f"shop-{number}"
            assert store.begin(sample_intent(f"n{number}", resource=name, key=name, shop=shop))
            assert store.latest(shop, resource=unlike) is None
            assert store.latest(shop, key=unlike) is None
            assert store.begin(sample_intent(f"u{number}", resource=unlike, key=unlike, shop=shop))

    def test_a_long_name_is_kept_whole(self, store: IntentStore) -> None:
        name, other = "주" * 400, "주" * 399 + "문"
        assert store.begin(sample_intent(resource=name, key=name))
        assert store.latest(SHOP, key=other) is None
        found = store.latest(SHOP, key=name)
        assert found is not None
        assert found.key == name

    def test_saving_adds_one_to_the_revision(self, store: IntentStore) -> None:
        intent = sample_intent()
        assert store.begin(intent)
        assert store.save(intent.changed(state="watch", outcome="paid", result={"imp_uid": "imp_1"}))
        found = store.get("a")
        assert found == intent.changed(state="watch", outcome="paid", result={"imp_uid": "imp_1"}, rev=1)

    def test_a_stale_revision_is_not_saved(self, store: IntentStore) -> None:
        intent = sample_intent()
        assert store.begin(intent)
        assert store.save(intent.changed(outcome="paid"))
        assert not store.save(intent.changed(outcome="declined"))
        found = store.get("a")
        assert found is not None
        assert found.outcome == "paid"

    def test_an_unknown_intent_is_not_saved(self, store: IntentStore) -> None:
        assert not store.save(sample_intent())
        assert store.get("a") is None

    def test_unfinished_are_those_not_closed_the_open_ones_first(self, store: IntentStore) -> None:
        for number, state in enumerate(("open", "watch", "closed", "open", "watch"), 1):
            name = f"order:{number}"
            intent = sample_intent(f"i{number}", resource=name, key=name, sent_at=100.0 - number)
            assert store.begin(intent)
            assert state == "open" or store.save(intent.changed(state=state))
        assert [intent.id for intent in store.unfinished(SHOP)] == ["i4", "i1", "i5", "i2"]
        assert [intent.id for intent in store.unfinished(SHOP, 2)] == ["i4", "i1"]

    def test_only_old_and_closed_intents_of_the_shop_are_pruned(self, store: IntentStore) -> None:
        rows = {"open": 1.0, "watch": 1.0, "closed": 1.0, "new": 100.0}
        for state, sent_at in rows.items():
            intent = sample_intent(state, resource=state, key=state, sent_at=sent_at)
            assert store.begin(intent)
            assert store.save(intent.changed(state="closed" if state == "new" else state))
        other = sample_intent("other", shop="another", sent_at=1.0)
        assert store.begin(other)
        assert store.save(other.changed(state="closed"))
        assert store.prune(SHOP, 100.0) == 1
        assert store.get("closed") is None
        assert all(store.get(name) is not None for name in ("open", "watch", "new", "other"))

    def test_an_intent_whose_time_is_not_known_is_not_pruned_at_once(self, store: IntentStore) -> None:
        """Take the time of its lease as the time when it was begun."""
        intent = sample_intent(sent_at=0.0, lease_until=1000.0)
        assert store.begin(intent)
        assert store.save(intent.changed(state="closed", outcome="refunded", lease_until=0.0))
        assert store.prune(SHOP, 999.0) == 0
        assert store.latest(SHOP, key="charge/1") is not None
        assert store.prune(SHOP, 1001.0) == 1

    def test_after_a_prune_numbers_begin_anew(self, store: IntentStore) -> None:
        intent = sample_intent(sent_at=1.0)
        assert store.begin(intent)
        assert store.save(intent.changed(state="closed"))
        assert store.prune(SHOP, 2.0) == 1
        assert store.latest(SHOP, resource="order:1") is None
        assert store.latest(SHOP, key="charge/1") is None
        assert store.begin(sample_intent("b"))

    def test_a_number_that_follows_a_pruned_one_is_refused(self, store: IntentStore) -> None:
        """Refuse one of two callers: who read before the prune counts on, who reads after it begins with 1."""
        intent = sample_intent(sent_at=1.0)
        assert store.begin(intent)
        assert store.save(intent.changed(state="closed"))
        assert store.prune(SHOP, 2.0) == 1
        assert not store.begin(sample_intent("b", seq=2))
        assert not store.begin(sample_intent("c", key="charge/2", resource_seq=2))
        assert not store.begin(sample_intent("d", resource="order:2", key_seq=2))
        assert store.unfinished(SHOP) == []
        assert store.begin(sample_intent("e"))

    def test_of_many_at_once_exactly_one_begins(self, store: IntentStore) -> None:
        winners = at_once(lambda n: store.begin(sample_intent(f"r{n}", key=f"charge/{n}")), WORKERS)
        assert len(winners) == 1
        found = store.latest(SHOP, resource="order:1")
        assert found is not None
        assert found.id == f"r{winners[0]}"

    def test_of_many_at_once_exactly_one_saves(self, store: IntentStore) -> None:
        intent = sample_intent()
        assert store.begin(intent)
        winners = at_once(lambda n: store.save(intent.changed(outcome=f"by-{n}")), WORKERS)
        assert len(winners) == 1
        found = store.get("a")
        assert found is not None
        assert found.outcome == f"by-{winners[0]}"

    def test_many_orders_at_once_all_begin(self, store: IntentStore) -> None:
        winners = at_once(lambda n: store.begin(sample_intent(f"r{n}", resource=f"order:{n}", key=f"{n}")), WORKERS)
        assert len(winners) == WORKERS
        assert len(store.unfinished(SHOP)) == WORKERS

    def test_the_clock_is_near_the_truth(self, store: IntentStore) -> None:
        assert abs(store.now() - time.time()) < 60
