"""The standard (KFTC) codes of card companies and banks."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ..dispatch.handlers import Answer, Call, Evidence, handles
from ..errors.base import no_such_bank_code, no_such_card_code

__all__ = ["BANKS", "CARD_COMPANIES"]

CARD_COMPANIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "002": "KDB산업은행카드",
        "041": "우리카드",
        "045": "MG새마을금고카드",
        "048": "신협카드",
        "050": "저축은행카드",
        "071": "우체국카드",
        "089": "케이뱅크카드",
        "090": "카카오뱅크카드",
        "218": "KB증권카드",
        "238": "미래에셋증권카드",
        "361": "BC카드",
        "364": "광주카드",
        "365": "삼성카드",
        "366": "신한카드",
        "367": "현대카드",
        "368": "롯데카드",
        "369": "수협카드",
        "370": "씨티카드",
        "371": "NH카드",
        "372": "전북카드",
        "373": "제주카드",
        "374": "하나카드",
        "381": "KB국민카드",
    }
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


def _listed(names: Mapping[str, str]) -> Answer:
    return Answer([{"code": code, "name": name} for code, name in names.items()])


@handles("codes_list_cards", Evidence(documented="KFTC codes as text", assumed="which of them V1 lists"))
def list_cards(_call: Call) -> Answer:
    return _listed(CARD_COMPANIES)


@handles("codes_list_banks", Evidence(documented="KFTC codes as text", assumed="which of them V1 lists"))
def list_banks(_call: Call) -> Answer:
    return _listed(BANKS)


@handles("codes_get_card", Evidence(documented="KFTC codes as text; 404", assumed="words"))
def get_card(call: Call) -> Answer:
    code = call.arguments.need_text("card_standard_code")
    if code not in CARD_COMPANIES:
        raise no_such_card_code()
    return Answer({"code": code, "name": CARD_COMPANIES[code]})


@handles("codes_get_bank", Evidence(documented="KFTC codes as text; 404", assumed="words"))
def get_bank(call: Call) -> Answer:
    code = call.arguments.need_text("bank_standard_code")
    if code not in BANKS:
        raise no_such_bank_code()
    return Answer({"code": code, "name": BANKS[code]})
