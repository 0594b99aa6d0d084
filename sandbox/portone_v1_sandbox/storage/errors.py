"""Apart from the store, so that it can be caught where no database is."""

from __future__ import annotations

__all__ = ["SandboxStoreError"]


class SandboxStoreError(Exception):
    """The database cannot be used. The message is one line that says why."""
