"""Words that a Korean shop developer types for what the pages call by the API's names.

The search indexes the text of a page. Under each heading with one of these terms, the words follow where only the
index sees them.
"""

from __future__ import annotations

import re
from typing import Final

from ..yaml_files import beside

SYNONYMS: Final[dict[str, str]] = beside(__file__)
HEADING: Final = re.compile(r"(?m)^(#{1,2} .*)$")


def add_search_words(markdown: str) -> str:
    """The page with the words below its headings, hidden from readers. Code blocks stay as they are."""
    parts = re.split(r"(?ms)^(```.*?^```$)", markdown)
    return "".join(part if part.startswith("```") else HEADING.sub(_with_words, part) for part in parts)


def _with_words(heading: re.Match[str]) -> str:
    words = [more for term, more in SYNONYMS.items() if re.search(term, heading[1], re.IGNORECASE)]
    return f'{heading[1]}\n\n<p class="search-words" hidden>{" ".join(words)}</p>\n' if words else heading[1]
