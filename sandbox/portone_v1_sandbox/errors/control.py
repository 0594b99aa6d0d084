"""Refusals of control calls, which V1 does not have."""

from __future__ import annotations

from .base import PORTONE, Refusal

__all__ = ["no_such_delivery", "not_kept", "unusable_webhook_url"]


def no_such_delivery(number: int) -> Refusal:
    return Refusal(404, PORTONE, f"Webhook delivery {number} not found.")


def unusable_webhook_url(reason: str) -> Refusal:
    return Refusal(400, PORTONE, f"Invalid webhook URL: {reason}.")


def not_kept(reason: str) -> Refusal:
    """The request may have been executed, and may be lost with the process: a 500 allows both."""
    return Refusal(500, -1, f"The sandbox executed the request but could not save it: {reason}")
