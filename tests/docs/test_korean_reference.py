"""The Korean reference: every argument, field, named value, method and class says in Korean what it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape, unescape
from pathlib import Path

import griffe
import pytest
from portone_v1 import PortOne
from portone_v1_generated.operations import OPERATIONS

from scripts.docs import griffe_reference, korean

pytestmark = [pytest.mark.apart, pytest.mark.xdist_group("site"), pytest.mark.timeout(600)]  # the first builds both

ROOT = Path(__file__).parents[2]
FOLDED = re.compile(r"(?s)<details.*?</details>")
CELL = re.compile(r'(?s)<div class="doc-md-description">(.*?)</div>')
OPENING = re.compile(r'(?s)<div class="doc doc-contents ?[^"]*">\s*((?:<p>.*?</p>\s*)+)')
PARAGRAPH = re.compile(r"(?s)<p>(.*?)</p>")
NAME = re.compile(r"(?s)<strong>.*?</strong>")
CODE = re.compile(r"(?s)<(code|a|var|span)\b[^>]*>.*?</\1>")
TAG = re.compile(r"<[^>]+>")


def in_english(page: str) -> Iterator[str]:
    """Find the texts in a page of the reference that have no Korean besides the name at their beginning."""
    page = FOLDED.sub("", page)
    texts = CELL.findall(page) + [one for opening in OPENING.findall(page) for one in PARAGRAPH.findall(opening)]
    for text in texts:
        shown = NAME.sub("", text)
        if re.search("[A-Za-z]{3}", TAG.sub(" ", CODE.sub(" ", shown))) and not re.search("[가-힣]", shown):
            yield " ".join(unescape(TAG.sub("", shown)).split())


def test_nothing_of_it_is_left_in_english(site: Path) -> None:
    """Names that are the same in both languages are written down as such (`DHL`)."""
    same = {ours for theirs, ours in korean.written()["sentences"].items() if theirs == ours}
    pages = sorted((site / "ko" / "reference").rglob("index.html"))
    assert len(pages) > 40
    left = {
        f"{page.parent.relative_to(site)}: {text}"
        for page in pages
        for text in in_english(page.read_text(encoding="utf-8"))
        if text not in same
    }
    assert left == set()


@pytest.mark.parametrize(
    "page",
    [
        '<div class="doc-md-description"><p>Amount to charge.</p></div>',
        '<div class="doc-md-description"><p><strong>결제금액.</strong> Amount to charge.</p></div>',
        '<div class="doc doc-contents first"><p><strong>결제취소.</strong> Refund a payment.</p><p>돈이 나갑니다.</p>',
    ],
)
def test_a_text_in_english_is_found(page: str) -> None:
    assert list(in_english(page))


def test_each_operation_says_in_korean_what_it_does(site: Path) -> None:
    """And what its errors mean for money. The English docstring is there too, folded."""
    for operation in OPERATIONS.values():
        page = (site / "ko" / "reference" / operation.area / "index.html").read_text(encoding="utf-8")
        section = page.partition(f'id="portone_v1.PortOne.{operation.area}.{operation.name}"')[2]
        section = section.partition('class="doc doc-object doc-function"')[0]
        description = korean.of_operation(operation.id)
        assert description is not None, operation.id
        assert escape(re.split("[`<]", description, maxsplit=1)[0].strip(), quote=False) in section, operation.id
        assert "<summary>영어 설명</summary>" in section, operation.id
        assert "실행된 것은 없습니다" in section or "다시 조회해도 됩니다" in section, operation.id


def test_a_translation_of_nothing_is_found() -> None:
    """A docstring that changed leaves its Korean behind: then the English is shown, and the old sentence must go."""
    assert set(korean.written()["sentences"]) - set(spoken()) == set()
    assert {name for name in korean.written()["operations"] if name not in OPERATIONS and not _method(name)} == set()


def spoken() -> Iterator[str]:
    """Return each sentence of the docstrings, as the reference separates them."""
    loader = griffe.GriffeLoader(
        search_paths=[ROOT / "overlay", ROOT / "generated"],
        docstring_parser="google",
        docstring_options={"warnings": False},
    )
    for package in ("portone_v1_runtime", "portone_v1_generated", "portone_v1"):
        for found in _walk(loader.load(package)):
            for text in _texts(found.docstring) if found.docstring else ():
                for part in text.split("\n\n"):
                    opening = griffe_reference.named(" ".join(part.split()))[1]
                    yield from korean.sentences(opening)
                    yield from korean.sentences(opening[:1].lower() + opening[1:])


def _walk(parent: griffe.Object | griffe.Alias) -> Iterator[griffe.Object]:
    """Iterate over everything below an object."""
    for member in parent.members.values():
        if not isinstance(member, griffe.Alias):
            yield member
            yield from _walk(member)


def _texts(docstring: griffe.Docstring) -> Iterator[str]:
    yield docstring.value
    for section in docstring.parsed:
        if isinstance(
            section,
            griffe.DocstringSectionParameters | griffe.DocstringSectionRaises | griffe.DocstringSectionReturns,
        ):
            for entry in section.value:
                yield entry.description


def _method(name: str) -> bool:
    """Return the method of a name such as `payments_cancel_once` or `client_settle`."""
    area = next((area for area in (*dir(PortOne), "client") if name.startswith(f"{area}_")), "")
    owner = PortOne if area == "client" else type(getattr(PortOne("key", "secret"), area, None))
    return hasattr(owner, name.removeprefix(f"{area}_"))
