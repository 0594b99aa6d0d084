"""The Korean of the reference, whose docstrings are English.

`reference.ko.yaml` has the operations, and the sentences of arguments, results and errors; `models.ko.yaml` has the
sentences of models, their fields and named values.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

import yaml

FILE: Final = Path(__file__).parent / "reference.ko.yaml"
MODELS: Final = Path(__file__).parent / "models.ko.yaml"
SENTENCE: Final = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9`])")
PGS: Final = {
    "Required by": "필수인 PG사",
    "Only for": "지원하는 PG사",
    "Not for": "쓰지 않는 PG사",
}
OF_PGS: Final = re.compile(rf"({'|'.join(PGS)}) ([a-z0-9_]+(?:, [a-z0-9_]+)*)\.")
WORDS: Final = {
    "case": "예시",
    "what happens": "상황",
    "message": "메시지",
    "Request and response": "요청과 응답",
    "English": "영어 설명",
}


@cache
def written() -> dict[str, dict[str, str]]:
    """`operations` by id, `sentences` by their English."""
    found: dict[str, dict[str, str]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    found["sentences"] |= yaml.safe_load(MODELS.read_text(encoding="utf-8"))
    return found


def of_operation(name: str) -> str | None:
    """What the operation does, by its id."""
    return written()["operations"].get(name)


def of_sentences(text: str) -> str:
    """The text in Korean if each of its sentences is known, else as it is: half a translation reads worse than none."""
    found = [_sentence(one) for one in sentences(text)]
    return text if None in found else " ".join(one for one in found if one)


def sentences(text: str) -> list[str]:
    return SENTENCE.split(" ".join(text.split()))


def lacking(text: str) -> list[str]:
    """The sentences that have no Korean."""
    return [one for one in sentences(text) if one and _sentence(one) is None]


def _sentence(text: str) -> str | None:
    if pgs := OF_PGS.fullmatch(text):
        return f"{PGS[pgs[1]]}: {pgs[2]}."
    return written()["sentences"].get(text)
