"""The Korean text of the reference, whose docstrings are in English.

`reference.ko.yaml` has the operations, and the sentences of arguments, results and errors; `models.ko.yaml` has the
sentences of models, their fields and named values.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from ..yaml_files import beside

OF_PGS: Final = re.compile(r"([A-Z]\w+ \w+) ([a-z0-9_]+(?:, [a-z0-9_]+)*)\.")
SENTENCE: Final = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9`])")


@cache
def written() -> dict[str, dict[str, str]]:
    """Return the translations: `operations` by id; `sentences`, `words` and remarks about `pgs` by their English."""
    found: dict[str, dict[str, str]] = beside(__file__, "reference.ko.yaml")
    found["sentences"] |= beside(__file__, "models.ko.yaml")
    return found


def word(text: str, language: str) -> str:
    """Return a word of the pages in their language."""
    return written()["words"].get(text, text) if language == "ko" else text


def of_operation(name: str) -> str | None:
    """Return the description of an operation by its id."""
    return written()["operations"].get(name)


def of_sentences(text: str) -> str:
    """Return the text in Korean if each of its sentences is known, else unchanged: half a translation reads worse."""
    found = [_sentence(one) for one in sentences(text)]
    return text if None in found else " ".join(one for one in found if one)


def sentences(text: str) -> list[str]:
    return SENTENCE.split(" ".join(text.split()))


def lacking(text: str) -> list[str]:
    """Return the sentences that have no translation."""
    return [one for one in sentences(text) if one and _sentence(one) is None]


def _sentence(text: str) -> str | None:
    found = OF_PGS.fullmatch(text)
    if found and (lead := written()["pgs"].get(found[1])):
        return f"{lead}: {found[2]}."
    return written()["sentences"].get(text)
