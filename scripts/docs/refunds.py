"""The codes of refund banks, which differ between PGs."""

from __future__ import annotations

from portone_v1 import codes, pg_profiles


def refunding() -> list[str]:
    """The PGs whose codes are known."""
    return [pg for pg in pg_profiles.codes() if pg_profiles.get(pg).value("refund.bank") is not None]


def refund_banks() -> list[list[str]]:
    """Each bank with its code of every such PG."""
    banks = [bank for bank in codes.banks() if bank.refundable]
    return [[bank.code, bank.name, *(_code(pg, bank.code) for pg in refunding())] for bank in banks]


def refunds(pg: str) -> list[list[str]]:
    """The banks that one PG knows."""
    if pg_profiles.get(pg).value("refund.bank") is None:
        return []
    found = [(bank, _code(pg, bank.code)) for bank in codes.banks()]
    return [[f"{bank.name} ({bank.code})", f"`{code}`"] for bank, code in found if code]


def _code(pg: str, bank: str) -> str:
    try:
        return codes.refund_bank(pg, bank)
    except codes.UnknownCodeError:
        return ""
