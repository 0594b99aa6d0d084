"""The words of the pages: each that is used is there, in both languages, and none is left over."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from portone_v1_sandbox.web import assets

STATIC: Final = Path(assets.__file__).parent / "static"
WORD: Final = re.compile(r'^  "([\w.]+)": \["((?:[^"\\]|\\.)*)", "((?:[^"\\]|\\.)*)"\],$', re.MULTILINE)
BOOKS: Final = {path.stem: path.read_text("utf-8") for path in (STATIC / "words").iterdir()}
SOURCES: Final = {
    path.relative_to(STATIC).as_posix(): path.read_text("utf-8")
    for path in STATIC.rglob("*")
    if path.suffix in (".js", ".html") and path.parent.name != "words"
}
CODE: Final = "\n".join(SOURCES.values())
USED: Final = set(re.findall(r'"([a-z]+(?:\.\w+)+)"', CODE))
PREFIXES: Final = {
    *re.findall(r"`([a-z]+(?:\.[a-z]+)*\.)\$\{", CODE),
    *(f"{kind}." for kind in re.findall(r'nameOf\("(\w+)"', CODE)),
}


def test_each_word_is_there_once_in_both_languages() -> None:
    words = [found for book in BOOKS.values() for found in WORD.findall(book)]
    assert len(words) > 300
    assert len({key for key, _, _ in words}) == len(words)
    for key, korean, english in words:
        assert korean.strip(), key
        assert english.strip(), key
        assert set(re.findall(r"\{(\w+)\}", korean)) == set(re.findall(r"\{(\w+)\}", english)), key


def test_each_line_of_a_book_is_a_word() -> None:
    for name, book in BOOKS.items():
        lines = [line for line in book.splitlines() if line.startswith("  ")]
        assert len(lines) == len(WORD.findall(book)), name


def test_each_word_that_is_used_is_there_and_each_that_is_there_is_used() -> None:
    words = {key for book in BOOKS.values() for key, _, _ in WORD.findall(book)}
    files = {key for key in USED if key.rpartition(".")[2] in ("js", "html", "css", "svg")}
    assert USED - words - files == set()
    assert {key for key in words - USED if not any(key.startswith(prefix) for prefix in PREFIXES)} == set()


def test_modules_are_short_and_import_one_way() -> None:
    """The shared modules know of no page, and no page knows of another."""
    for name, source in SOURCES.items():
        # A shop's page loads the vendor's script as one file.
        assert len(source.splitlines()) <= (260 if name == "window/iamport.js" else 210), name
        folder = name.partition("/")[0]
        for imported in re.findall(r'from "(\.[^"]+)"', source):
            other = imported.split("/")[1] if imported.startswith("../") else folder
            assert other in (folder, "shared", "words"), f"{name} imports {imported}"
            assert folder != "shared" or other == "shared", f"{name} imports {imported}"
