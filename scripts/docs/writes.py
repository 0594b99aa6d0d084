"""The table of all writes: what is read after silence, what proves that one was executed, whether it may be repeated.

Reads and repeats come from the rows of the client; only the words are in writes.yaml, and a write without them stops
the build.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final, Literal

from portone_v1.intents.writes import ROWS

from ..yaml_files import beside
from .markup import code_words, table

WORDS: Final[dict[str, Any]] = beside(__file__)


def writes(language: Literal["en", "ko"] = "en") -> str:
    """Every row of the client's table, those of equal meaning together."""
    place = 0 if language == "en" else 1
    proofs = {operation: row["words"] for row in WORDS["proofs"] for operation in row["operations"]} | WORDS["groups"]
    together: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for operation, row in ROWS.items():
        proof = proofs[row.shown_by if row.shown_by in WORDS["groups"] else operation]
        repeat = WORDS["repeats"]["product orders" if row.shown_by == "product orders" else row.repeat]
        together[WORDS["reads"][row.shown_by], proof[place], repeat[place]].append(operation)
    return table(WORDS["heads"][language], [(code_words(written), *cells) for cells, written in together.items()])
