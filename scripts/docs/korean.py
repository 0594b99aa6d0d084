"""The Korean of the reference, whose docstrings are English: `reference.ko.yaml`."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

import yaml

FILE: Final = Path(__file__).parent / "reference.ko.yaml"
SENTENCE: Final = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9`])")
PGS: Final = {
    "PG that need it": "필요한 PG사",
    "Only on": "지원하는 PG사",
    "Not on": "쓰지 않는 PG사",
}
OF_PGS: Final = re.compile(rf"({'|'.join(PGS)}):? (.+)\.")
WORDS: Final = {
    "case": "예시",
    "what happens": "상황",
    "message": "메시지",
    "Request and response": "요청과 응답",
    "English": "영어 설명",
}


@cache
def _written() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found


def of_operation(name: str) -> str | None:
    """What the operation does, by its id."""
    return _written()["operations"].get(name)


def of_sentences(text: str) -> str:
    """The text in Korean if each of its sentences is known, else as it is: half a translation reads worse than none."""
    found = [_sentence(one) for one in SENTENCE.split(" ".join(text.split()))]
    return text if None in found else " ".join(one for one in found if one)


def _sentence(text: str) -> str | None:
    if pgs := OF_PGS.fullmatch(text):
        return f"{PGS[pgs[1]]}: {pgs[2]}."
    return _written()["sentences"].get(text)
