"""The contract of an inbox store, as tests to run against your own store.

    class TestOurStore(InboxStoreContract):
        @pytest.fixture
        def store(self) -> InboxStore:
            return OurStore(...)          # empty, and another one for each test

An asynchronous store is tested as `BlockingInboxStore(store)`.
"""

from __future__ import annotations

from .blocking import BlockingInboxStore
from .contract import InboxStoreContract

__all__ = ["BlockingInboxStore", "InboxStoreContract"]
