"""What stops a generation."""

from __future__ import annotations


class GenerateError(Exception):
    """Generation stops here; the message is one line that says where and why."""
