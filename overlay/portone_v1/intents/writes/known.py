"""Pick what the journal knows of earlier writes on a record, before a plain one. Pure.

V1 dates to the second, so time alone does not distinguish two equal calls of the same second.
"""

from __future__ import annotations

from ..intent import EARLIER, GIVEN_BACK, Intent
from .table import Row

__all__ = ["known_before"]


def known_before(row: Row, last: Intent | None) -> dict[str, object]:
    """Return what a plain write keeps of the last write on its record."""
    if last is None:
        return {}
    if row.moves == "refund":
        given = last.result.get("cancelled") or last.before.get(GIVEN_BACK)
        return {GIVEN_BACK: given} if given else {}
    if row.shown_by == "attempts":
        known = {last.result.get("imp_uid"), last.result.get("own_imp_uid"), *last.before.get(EARLIER, ())}
        return {EARLIER: sorted(str(each) for each in known if each)}
    return {}
