"""Data of single PGs that V1 does not have: members with money, and notes about payments."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

__all__ = ["BenepiaMember", "KcpMember", "PgNotes"]


@dataclass(slots=True, kw_only=True, repr=False)
class KcpMember:
    """A member of KCP Quick."""

    member_id: str
    pg_id: str
    partner_type: str
    partner_subtype: str
    inserted: int
    money: Decimal
    """Prepaid money; the spent amount follows from the payments."""
    fido: bool
    spent: list[str] = field(default_factory=list[str])
    """imp_uid of each payment."""
    pins: list[str] = field(default_factory=list[str])
    """imp_uid of each PIN check that is valid for one payment."""

    def __repr__(self) -> str:
        return f"<KcpMember {self.member_id}>"


@dataclass(slots=True, kw_only=True, repr=False)
class BenepiaMember:
    """A buyer with welfare points."""

    password: str
    point: Decimal
    """Granted points; the spent amount follows from the payments."""
    spent: list[str] = field(default_factory=list[str])

    def __repr__(self) -> str:
        return "<BenepiaMember>"


@dataclass(frozen=True, slots=True, kw_only=True)
class PgNotes:
    """Data that a PG keeps about one payment."""

    points_deposited: bool = False
    purchase_confirmed: bool = False
    payco_status: str | None = None
    delivery_status: str | None = None
    escrow_status: str | None = None
    """The escrow status at INICIS, in its own codes."""
