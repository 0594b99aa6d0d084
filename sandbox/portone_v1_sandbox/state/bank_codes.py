"""Standard (KFTC) codes of card companies and banks."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from portone_v1 import codes

__all__ = ["BANKS", "CARD_COMPANIES"]

CARD_COMPANIES: Final[Mapping[str, str]] = MappingProxyType(
    {card.code: card.name for card in codes.cards() if not card.foreign}
)


BANKS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "002": "KDB산업은행",
        "003": "IBK기업은행",
        "004": "KB국민은행",
        "007": "수협은행",
        "008": "한국수출입은행",
        "011": "NH농협은행",
        "012": "지역농축협",
        "020": "우리은행",
        "023": "SC제일은행",
        "027": "한국씨티은행",
        "031": "iM뱅크",
        "032": "부산은행",
        "034": "광주은행",
        "035": "제주은행",
        "037": "전북은행",
        "039": "경남은행",
        "045": "새마을금고",
        "048": "신협",
        "050": "저축은행",
        "054": "HSBC은행",
        "055": "도이치은행",
        "057": "JP모간체이스은행",
        "060": "BOA은행",
        "061": "BNP파리바은행",
        "062": "중국공상은행",
        "064": "산림조합",
        "071": "우체국",
        "081": "하나은행",
        "088": "신한은행",
        "089": "케이뱅크",
        "090": "카카오뱅크",
        "092": "토스뱅크",
    }
)
