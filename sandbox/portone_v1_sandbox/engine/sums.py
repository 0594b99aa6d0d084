"""Sums of the ledger by currency, kept up to date instead of added up again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from ..state.state import Movement

__all__ = ["Sums"]


class Sums:
    """Charges and refunds by currency."""

    def __init__(self) -> None:
        self._counted = 0
        self._ledger: Sequence[Movement] | None = None
        self._sums: dict[str, tuple[Decimal, Decimal]] = {}

    def of(self, ledger: Sequence[Movement]) -> Mapping[str, tuple[Decimal, Decimal]]:
        """Return the sums, after adding what is new."""
        if self._ledger is not ledger:  # It was emptied.
            self._ledger, self._counted, self._sums = ledger, 0, {}
        for movement in ledger[self._counted :]:
            charged, refunded = self._sums.get(movement.currency, (Decimal(0), Decimal(0)))
            if movement.kind == "charge":
                charged += movement.amount
            else:
                refunded += movement.amount
            self._sums[movement.currency] = charged, refunded
        self._counted = len(ledger)
        return self._sums
