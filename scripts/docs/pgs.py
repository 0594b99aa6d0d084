"""What the vendor says of each PG, place by place. Advice, not a contract."""

from __future__ import annotations

from collections import Counter
from typing import Any

import portone_v1_generated.models
from portone_v1 import codes, pg_profiles
from portone_v1_generated.operations import OPERATIONS

from .bundle import Advice, advice, pg_names
from .knowledge import evidence
from .markup import operation_link


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


def pg_codes() -> list[str]:
    return sorted({one.pg for one in advice()} | evidence().profiles.keys())


def pg_rows() -> list[dict[str, Any]]:
    """Each PG with the number of places that name it, and of arguments that it requires."""
    places = Counter(one.pg for one in advice())
    needed = Counter(one.pg for one in advice() if one.says["required"])
    return [{"pg": pg, "name": pg_names().get(pg, ""), "places": places[pg], "needed": needed[pg]} for pg in pg_codes()]


def advice_row(one: Advice) -> list[str]:
    return [linked_place(one), f"`{one.field}`" if one.field else "", one.korean, one.note]


def linked_place(one: Advice) -> str:
    info = OPERATIONS.get(one.owner)
    if info:
        return f"{operation_link(f'{info.area}.{info.name}')} {info.name_ko}"
    known = one.owner in portone_v1_generated.models.__all__
    return f"[`{one.owner}`][portone_v1.models.{one.owner}]" if known else f"`{one.owner}`"
