"""The code tables: refund banks by PG, cards, couriers and the names of PGs."""

from __future__ import annotations

from typing import Any, Final

from portone_v1 import codes, pg_profiles

from .markup import code_block, table

__all__ = ["codes_page"]

WORDS: Final = {
    "en": {
        "title": "Codes",
        "intro": "Code tables that differ between PGs, as `portone_v1.codes` has them and `portone-v1 "
        "refund-bank` prints them. A "
        "bank or PG without a source is refused, never guessed: a wrong code sends a refund to another bank.",
        "banks": "Refund banks",
        "cards": "Cards",
        "pgs": "PGs",
        "couriers": "Couriers",
        "card": ("code", "name", "in English", "wordings of PGs"),
        "pg": ("code", "name", "formerly", "state"),
        "courier": ("code", "name", "older lists only"),
        "bank": ("standard code", "bank"),
    },
    "ko": {
        "title": "코드표",
        "intro": "PG사마다 다른 코드입니다. `portone_v1.codes`로 쓰고 `portone-v1 refund-bank`로 찾습니다. "
        "출처가 없는 은행이나 PG사는 "
        "추측하지 않고 거부합니다. 코드가 틀리면 다른 은행으로 환불되기 때문입니다.",
        "banks": "환불 계좌 은행",
        "cards": "카드사",
        "pgs": "PG사",
        "couriers": "택배사",
        "card": ("코드", "이름", "영어", "PG사의 표기"),
        "pg": ("코드", "이름", "이전 이름", "상태"),
        "courier": ("코드", "이름", "오래된 목록에만 있음"),
        "bank": ("표준코드", "은행"),
    },
}
EXAMPLE: Final = """\
from portone_v1 import codes

codes.refund_bank("kcp", "KB국민은행")  # 'BK04'
codes.card("366").name  # '신한카드'
"""


def codes_page(language: str) -> str:
    words: Any = WORDS[language]
    pgs = [pg for pg in pg_profiles.codes() if pg_profiles.get(pg).value("refund.bank") is not None]
    refundable = [bank for bank in codes.banks() if bank.refundable]
    banks = [[bank.code, bank.name, *(_refund(pg, bank.code) for pg in pgs)] for bank in refundable]
    cards = [[f"`{card.code}`", card.name, card.en, ", ".join(card.names)] for card in codes.cards()]
    names = [[f"`{pg.code}`", pg.name, ", ".join(pg.former), pg.lifecycle or ""] for pg in codes.pgs()]
    couriers = [[f"`{one.code}`", one.name, "✓" if one.older else ""] for one in codes.couriers()]
    parts = [f"# {words['title']}", words["intro"], code_block(EXAMPLE)]
    parts += [f"## {words['banks']}", table([*words["bank"], *(f"`{pg}`" for pg in pgs)], banks)]
    parts += [f"## {words['cards']}", table(words["card"], cards)]
    parts += [f"## {words['pgs']}", table(words["pg"], names)]
    parts += [f"## {words['couriers']}", table(words["courier"], couriers)]
    return "\n\n".join(parts) + "\n"


def _refund(pg: str, bank: str) -> str:
    try:
        return codes.refund_bank(pg, bank)
    except codes.UnknownCodeError:
        return ""
