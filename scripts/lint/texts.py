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
        opened, closed = place.node.get("x-open-enum"), place.node.get("enum")
        if opened is None and closed is None:
            continue
        if opened is not None and closed is not None:
            yield f"{place.where}: it is either open or closed"
        explained = opened if opened is not None else place.node.get("x-enum-descriptions")
        if not isinstance(explained, dict):
            yield f"{place.where}: its values must be explained"
            continue
        if place.node.get("type") == "integer" and not all(re.fullmatch(r"-?\d+", str(key)) for key in explained):
            yield f"{place.where}: its values must be whole numbers"
        values = [str(value) for value in (closed if closed is not None else opened or [])]
        texts = {str(key): text for key, text in explained.items()}
        for value in values:
            if not str(texts.get(value) or "").strip():
                yield f"{place.where}: the value {value} is not explained"
        yield from (
            f"{place.where}: {value} is explained, but is none of its values" for value in texts.keys() - {*values}
        )


def wording(spec: Spec) -> Iterator[str]:
    """No HTML, nothing unfinished, no sentence that breaks off."""
    for place in spec.places:
        texts = {key: place.node.get(key) for key in ("description", "summary", "x-name-ko")}
        for key in ("x-open-enum", "x-enum-descriptions"):
            values = place.node.get(key)
            texts |= {f"{key} {value}": text for value, text in values.items()} if isinstance(values, dict) else {}
        pg = place.node.get("x-pg")
        notes = pg.get("notes") if isinstance(pg, dict) else None
        texts |= {f"x-pg {code}": text for code, text in notes.items()} if isinstance(notes, dict) else {}
        for key, text in texts.items():
            if text is not None:
                yield from (f"{place.where}: {key} {fault}" for fault in _faults(str(text)))


def _faults(text: str) -> Iterator[str]:
    plain = CODE.sub("", text)
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
