"""하위상점: sub-merchants of an agency."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from ..dispatch.handlers import Answer, Call, Evidence, handles
from ..errors.base import wrong_value
from ..errors.certifications import no_such_tier, tier_exists
from ..state.conditions.settings import Settings
from ..state.state import State

__all__ = ["require_known_tier", "tiers_of"]

CODE = re.compile(r"[A-Z0-9]{3}")

WITHDRAWN = "that it still answers; words and codes"


def tiers_of(texts: Iterable[str]) -> dict[str, str]:
    """Return the names of sub-merchants by code, from texts such as `ABC` and `ABC=name`. Raises ValueError."""
    tiers: dict[str, str] = {}
    for text in texts:
        code, _, name = text.partition("=")
        if not CODE.fullmatch(code):
            raise ValueError(f"tiers: {text[:40]!r} is not ABC or ABC=name")
        tiers[code] = name or code
    return tiers


def require_known_tier(settings: Settings, state: State, tier: str | None) -> None:
    """Refuse the Tier header of an unregistered sub-merchant, if `registered_tiers_only` is set."""
    if settings.registered_tiers_only and tier is not None and tier not in state.tiers:
        raise no_such_tier()


@handles("tiers_get", Evidence(documented="404 for a code that is unknown or deleted", assumed="words and code"))
def get(call: Call) -> Answer:
    return _shown(call, _known(call))


@handles("tiers_create", Evidence(documented="400 for a code that is taken or malformed", assumed=WITHDRAWN))
def create(call: Call) -> Answer:
    code = call.arguments.need_text("tier_code")
    if not CODE.fullmatch(code):
        raise wrong_value("tier_code")
    if code in call.state.tiers:
        raise tier_exists()
    return _name(call, code)


@handles("tiers_update", Evidence(documented="404 for a code that is unknown", assumed=WITHDRAWN))
def update(call: Call) -> Answer:
    return _name(call, _known(call))


@handles(
    "tiers_delete",
    Evidence(documented="404 for a code that is unknown", assumed=f"{WITHDRAWN}; the tier's payments are kept"),
)
def delete(call: Call) -> Answer:
    code = _known(call)
    answer = _shown(call, code)
    del call.state.tiers[code]
    return answer


def _known(call: Call) -> str:
    code = call.arguments.need_text("tier_code")
    if code not in call.state.tiers:
        raise no_such_tier()
    return code


def _name(call: Call, code: str) -> Answer:
    call.state.tiers[code] = call.arguments.need_text("tier_name")
    return _shown(call, code)


def _shown(call: Call, code: str) -> Answer:
    shown: dict[str, Any] = {"tier_code": code, "tier_name": call.state.tiers[code]}
    return Answer(shown)
