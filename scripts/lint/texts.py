"""Rules about texts: present everywhere, in whole sentences, in the right language."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .places import Spec

HANGUL = re.compile(r"[가-힣]")
CODE = re.compile(r"`[^`]*`")
HTML = re.compile(r"</?[a-zA-Z][^>]*>|&[a-z]+;")
UNFINISHED = re.compile(r"\b(TODO|FIXME|TBD|XXX)\b")


def value_descriptions(spec: Spec) -> Iterator[str]:
    """Every value of an enumeration is explained, and nothing else is."""
    for place in spec.places:
        explained = place.node.get("x-open-enum") or place.node.get("x-enum-descriptions", {})
        texts = {str(value): str(text or "") for value, text in explained.items()}
        values = [str(value) for value in place.node.get("enum", texts)]
        for value in values:
            if not texts.get(value, "").strip():
                yield f"{place.where}: the value {value} is not explained"
        for value in texts.keys() - {*values}:
            yield f"{place.where}: {value} is explained, but is none of its values"


def wording(spec: Spec) -> Iterator[str]:
    """No HTML, nothing unfinished, no sentence that breaks off."""
    for place in spec.places:
        texts: dict[str, object] = {
            key: place.node[key] for key in ("description", "summary", "x-name-ko") if key in place.node
        }
        for key in ("x-open-enum", "x-enum-descriptions"):
            texts |= {f"{key} {value}": text for value, text in place.node.get(key, {}).items()}
        notes = place.node.get("x-pg", {}).get("notes", {})
        texts |= {f"x-pg {code}": text for code, text in notes.items()}
        for key, text in texts.items():
            yield from (f"{place.where}: {key} {fault}" for fault in _faults(str(text)))


def _faults(text: str) -> Iterator[str]:
    plain = CODE.sub("", text)
    if not text.replace("\n", "").isprintable():
        yield "holds an invisible character"
    if UNFINISHED.search(text):
        yield "is unfinished"
    if HTML.search(plain):
        yield "holds HTML"
    if text != text.strip() or "  " in text:
        yield "has loose spaces"
    if text.rstrip().endswith((":", ",", ";", "(", "–", "-", "…")):
        yield "breaks off"
    if "`" in plain or plain.count("(") != plain.count(")"):
        yield "has an unclosed ` or ("
