"""What stops a generation."""

from __future__ import annotations

from ..steps import StepError


class GenerateError(StepError):
    """Generation stops here; the message is one line that says where and why."""
