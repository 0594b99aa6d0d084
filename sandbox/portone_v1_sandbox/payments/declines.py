"""Declines that a test has set up, applied to a charge."""

from __future__ import annotations

from dataclasses import replace

from ..state.cards import Card
from ..state.channels import Channel
from ..state.conditions.faults import Decline
from ..state.state import State

__all__ = ["take_decline"]


def take_decline(state: State, card: Card | None, channel: Channel, customer_uid: str | None) -> Decline | None:
    """Return the oldest decline that matches a charge, and use it up."""
    for place, decline in enumerate(state.declines):
        if decline.fits(card, channel, customer_uid):
            state.declines[place : place + 1] = [replace(decline, left=decline.left - 1)] if decline.left > 1 else []
            return decline
    return None
