"""Standard (KFTC) codes of card companies and banks."""

from __future__ import annotations

from collections.abc import Mapping

from ..dispatch.handlers import Answer, Call, Evidence, handles
from ..errors.base import no_such_bank_code, no_such_card_code
from ..state.bank_codes import BANKS, CARD_COMPANIES

__all__ = []


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
