"""A griffe extension: docstrings of this project as mkdocstrings shows them.

* `결제취소: refund a payment` opens with the Korean name in bold.
* `Args:` and `Raises:` entries that name several things are one entry each.
* The fields of a model and the members of an enumeration are a table.
* An operation of V1 ends with its examples from the specification.
* `client.payments`, `client.subscribe`, … are classes below `portone_v1.PortOne`, where a reader looks for them.
* On the Korean site an operation says in Korean what it does; the English docstring is folded below it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, cast

import griffe
from portone_v1 import errors
from portone_v1_generated.operations import OPERATIONS

from scripts.docs import korean
from scripts.docs.markup import json_block, note, table
from scripts.docs.reference import examples

API = "portone_v1_generated.api."
WRITTEN_BY_HAND = "portone_v1._sync."
WITHDRAWN = "The vendor no longer documents this operation. A call emits a `DeprecationWarning`."
HANGUL = re.compile("[가-힣]")
NAMED = re.compile(r"(?s)([^\n:.]*[가-힣][^\n:.]*)[:.] (.*)")


class Reference(griffe.Extension):
    def __init__(self, language: str = "en") -> None:
        super().__init__()
        self._language = language

    def on_package(self, *, pkg: griffe.Module, loader: griffe.GriffeLoader, **_: Any) -> None:
        if pkg.path == "portone_v1":
            _add_generated(pkg, loader)

    def on_class(self, *, cls: griffe.Class, loader: griffe.GriffeLoader, **_: Any) -> None:
        if cls.path == "portone_v1._sync.client.PortOne":  # its own attributes are a table by now
            _add_areas(cls, loader)

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        if isinstance(obj, griffe.Class):
            _add_fields(obj, self._language)
        if obj.docstring:
            _rewrite(obj.docstring, obj, self._language)


def _rewrite(docstring: griffe.Docstring, owner: griffe.Object, language: str) -> None:
    """Change the parsed sections in place; griffe parses a docstring once."""
    sections = docstring.parsed
    for section in sections:
        if isinstance(section, griffe.DocstringSectionParameters):
            section.value = [one for entry in section.value for one in _parameters(entry, owner, language)]
        elif isinstance(section, griffe.DocstringSectionRaises):
            section.value = [one for entry in section.value for one in _raises(entry, language)]
        elif isinstance(section, griffe.DocstringSectionReturns) and language == "ko":
            for entry in section.value:
                entry.description = korean.of_sentences(entry.description)
    operation = _operation(owner)
    if sections and isinstance(sections[0], griffe.DocstringSectionText):
        text = bold_name(sections[0].value)
        if language == "ko":
            korean_text = korean.of_operation(operation)
            text = in_korean(text, korean_text) if korean_text else _paragraphs_in_korean(text)
        sections[0].value = text
        docstring.value = " ".join(text.partition("\n\n")[0].split())  # a summary shows its first line
    if operation in OPERATIONS:
        if OPERATIONS[operation].deprecated:
            warning = note("warning", korean.word("Deprecated", language), korean.word(WITHDRAWN, language))
            sections.insert(1, griffe.DocstringSectionText(warning))
        sections.append(griffe.DocstringSectionText(examples_part(operation, language)))


def in_korean(text: str, korean_text: str) -> str:
    """Return a text such as `**결제취소.** Refund a payment` with the Korean first and the English folded."""
    first, *rest = text.split("\n\n")
    name, _, summary = first.partition("** ")
    path = [rest.pop(0)] if rest and rest[0].startswith("`") else []
    english = note("note", korean.word("English", "ko"), "\n\n".join([summary, *rest]), folded=True)
    return "\n\n".join([f"{name}** {korean_text}", *path, english])


def _paragraphs_in_korean(text: str) -> str:
    """Translate each paragraph whose sentences are all known."""
    parts = text.split("\n\n")
    for place, part in enumerate(parts):
        name, dot, rest = part.partition(".** ") if part.startswith("**") else ("", "", part)
        first = rest[:1].lower() + rest[1:]
        shown = next((korean.of_sentences(one) for one in (rest, first) if not korean.lacking(one)), rest)
        parts[place] = f"{name}{dot}{shown}"
    return "\n\n".join(parts)


def bold_name(text: str) -> str:
    """Convert `결제취소: refund a payment` to `**결제취소.** Refund a payment`."""
    name, rest = named(text)
    return f"**{name}.** {rest if rest.startswith('`') else rest[:1].upper() + rest[1:]}" if name else text


def named(text: str) -> tuple[str, str]:
    """Split a text into the Korean name that opens it, or nothing, and the rest."""
    found = NAMED.match(text)
    if found is None or len(found[1]) > 60 or len(HANGUL.findall(found[1])) * 3 < len(found[1]):
        return "", text
    return found[1].strip(), found[2]


def _parameters(
    entry: griffe.DocstringParameter, owner: griffe.Object, language: str
) -> Iterator[griffe.DocstringParameter]:
    called = owner.members.get("__init__", owner)
    known = called.parameters if isinstance(called, griffe.Function) else griffe.Parameters()
    text = _description(entry.description, language)
    for name in entry.name.split(", "):
        declared = known[name] if name in known else entry  # noqa: SIM401 - it has no get
        yield griffe.DocstringParameter(name, description=text, annotation=declared.annotation, value=declared.default)


def _description(text: str, language: str) -> str:
    if language != "ko":
        return bold_name(text)
    name, rest = named(text)
    shown = korean.of_sentences(rest)
    return f"**{name}.** {shown}" if name else shown


def _raises(entry: griffe.DocstringRaise, language: str) -> Iterator[griffe.DocstringRaise]:
    for name in str(entry.annotation).strip("()").split(", "):
        kind = griffe.ExprName(name, parent="portone_v1.errors" if name in errors.__all__ else None)
        text = korean.of_sentences(entry.description) if language == "ko" else entry.description
        yield griffe.DocstringRaise(annotation=kind, description=text)


def _operation(owner: griffe.Object) -> str:
    """Return the operation's id for a method of the generated API, and a similar name for a method of the client."""
    for place in (API, WRITTEN_BY_HAND):
        if owner.path.startswith(place) and isinstance(owner, griffe.Function):
            return f"{owner.path.removeprefix(place).partition('.')[0]}_{owner.name}"
    return ""


def _add_fields(found: griffe.Class, language: str) -> None:
    fields = [
        griffe.DocstringAttribute(
            one.name,
            description=_description(one.docstring.value, language),
            annotation=one.annotation,
            value=one.value,
        )
        for one in found.members.values()
        if isinstance(one, griffe.Attribute) and one.docstring and not one.name.startswith("_")
    ]
    if fields and found.docstring:
        found.docstring.parsed.append(griffe.DocstringSectionAttributes(fields))


def _add_areas(client: griffe.Class, loader: griffe.GriffeLoader) -> None:
    areas: griffe.Object = loader.modules_collection["portone_v1_generated.api.Areas"]
    members: dict[str, Any] = {**areas.members, **client.members}
    for name, member in members.items():
        kind = member.annotation if isinstance(member, griffe.Attribute) and "cached" in member.labels else None
        if isinstance(kind, griffe.Expr):
            client.members[name] = griffe.Alias(name, kind.canonical_path, parent=client)


def _add_generated(pkg: griffe.Module, loader: griffe.GriffeLoader) -> None:
    """Name the classes of `portone_v1.models` and `portone_v1.enums`, which are loaded only when they are needed."""
    for folder in ("models", "enums"):
        for module in loader.modules_collection[f"portone_v1_generated.{folder}"].modules.values():
            for name, found in module.classes.items():
                pkg[folder].members[name] = griffe.Alias(name, found.path, parent=pkg[folder])


def examples_part(operation: str, language: str = "en") -> str:
    """Return each case in one line, then request and response of the plain case, folded."""
    rows: list[list[str]] = []
    shown: list[str] = []
    for case, summary, request, status, answer in examples(operation):
        rows.append([f"`{case}`", summary, f"{status}", f"{answer['code']}", answer.get("message") or ""])
        if case == "ok":
            shown = [json_block(one) for one in (request, _without_blanks(answer)) if one is not None]
    title, *head = (
        korean.word(word, language)
        for word in ("Request and response", "case", "what happens", "HTTP", "`code`", "message")
    )
    return table(head, rows) + "\n" + (note("example", title, "\n".join(shown), folded=True) if shown else "")


def _without_blanks(value: Any) -> Any:
    """Return the response without its empty fields, for readability."""
    if isinstance(value, dict):
        fields = cast("dict[str, Any]", value)
        kept = {name: _without_blanks(item) for name, item in fields.items()}
        return {name: item for name, item in kept.items() if item not in (None, [], {}) or name == "message"}
    return [_without_blanks(item) for item in value] if isinstance(value, list) else value  # pyright: ignore
