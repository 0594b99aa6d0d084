"""The contract of an intent store, as tests to run against your own store.

    class TestOurStore(IntentStoreContract):
        @pytest.fixture
        def store(self) -> IntentStore:
            return OurStore(...)          # empty, and another one for each test

An asynchronous store is tested as `BlockingIntentStore(store)`.
"""

from __future__ import annotations

from .blocking import BlockingIntentStore
from .contract import SHOP, IntentStoreContract, sample_intent

__all__ = ["SHOP", "BlockingIntentStore", "IntentStoreContract", "sample_intent"]
