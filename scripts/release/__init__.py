"""The release train: what changed for users, which version that makes, building, testing and publishing it."""

from __future__ import annotations
