"""Errors of the storage, in a module that does not load SQLite."""

from __future__ import annotations

__all__ = ["SandboxStoreError"]


class SandboxStoreError(Exception):
    """The database cannot be used. The message is one line that says why."""
