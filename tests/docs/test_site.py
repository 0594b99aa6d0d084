"""The site: it builds strictly and without a network, and nothing of the API is missing from it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from portone_v1 import errors, models
from portone_v1_generated.operations import OPERATIONS
from portone_v1_sandbox import TEST_CARDS

from scripts.docs.migrations import CLIENTS, read_rows
from scripts.docs.pgs import pg_codes
from scripts.docs.site import fill, navigation, pages

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
BOTH = ("tasks", "migration")
"""The folders of pages that are written in English and in Korean."""
CREDIT = "https://squidfunk.github.io/mkdocs-material/"


class Addresses(HTMLParser):
    """What a page makes a browser load."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "link", "img", "iframe", "source"):
            self.loaded += [value for name, value in attrs if name in ("src", "href") and value]


def test_it_builds_strictly_and_loads_nothing_from_elsewhere(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path / "site")]
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    built = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    shown = list((tmp_path / "site").rglob("*.html"))
    assert len(shown) > 100
    for page in shown:
        text = page.read_text(encoding="utf-8")
        addresses = Addresses()
        addresses.feed(text)
        assert not [address for address in addresses.loaded if re.match("[a-z]+:|//", address)], page
        assert "invisible-code-block" not in text
        assert "generated:" not in text
        assert set(re.findall(r'href="(https?://[^"]*)"', text)) <= {CREDIT}


def test_every_operation_has_its_place_and_its_korean_name() -> None:
    written = pages()
    for operation in OPERATIONS.values():
        page = written[f"reference/{operation.area}.md"]
        assert f"## {operation.name} {{ #{operation.name} }}" in page
        assert operation.name_ko in page
        assert f"`{operation.method} {operation.path}`" in page


def test_every_argument_of_an_operation_is_explained() -> None:
    written = pages()
    for operation in OPERATIONS.values():
        section = written[f"reference/{operation.area}.md"].split(f"{{ #{operation.name} }}")[1].split("\n## ")[0]
        for parameter in operation.parameters:
            assert re.search(rf"(?m)^\| `{parameter.python_name}`.* \|$", section), (operation.id, parameter.name)


def test_every_model_has_its_fields() -> None:
    written = "\n".join(text for path, text in pages().items() if path.startswith("reference/models/"))
    assert [name for name in models.__all__ if f"\n## {name}\n" not in written] == []


def test_every_pg_that_is_spoken_of_has_a_page() -> None:
    assert {f"pg/{code}.md" for code in pg_codes()} <= pages().keys()
    page = pages()["pg/naverpay.md"]
    assert re.search(r"\[`payments.cancel`\]\(\.\./reference/payments\.md#cancel\) .*`reason`", page)


def test_every_error_is_in_the_catalogue() -> None:
    catalogue = fill((DOCS / "errors.md").read_text(encoding="utf-8"), "errors.md")
    for name in errors.__all__:
        assert f"### {name} " in catalogue
    assert "이미 전액취소된 주문입니다." in catalogue


def test_the_sandbox_page_tells_what_is_not_imitated() -> None:
    page = fill((DOCS / "sandbox.md").read_text(encoding="utf-8"), "sandbox.md")
    named = set(re.findall(r"`([a-z_]+)`", page))
    assert {operation.name for operation in OPERATIONS.values()} <= named
    for card in TEST_CARDS.values():
        assert card.number in page


@pytest.mark.parametrize("client", CLIENTS)
def test_every_migration_leads_somewhere(client: str) -> None:
    there = {f"{operation.area}.{operation.name}" for operation in OPERATIONS.values()}
    safe = {"payments.verify", "payments.cancel_once", "subscribe.again_once", "subscribe.onetime_once"}
    rows = read_rows(client)
    assert {name for row in rows for name in row.new} <= there | safe
    for row in rows:
        assert row.new or row.remarks["en"], row.old
        assert bool(row.remarks["en"]) == bool(row.remarks["ko"]), row.old


def test_the_clients_of_the_other_languages_are_covered_as_far_as_they_go() -> None:
    """76 operations each, the token's among them (Java fetches it by a method of its own)."""
    reached = {client: {name for row in read_rows(client) for name in row.new} for client in ("node", "java")}
    safe = {"payments.cancel_once", "subscribe.again_once", "subscribe.onetime_once"}
    assert {client: len(names - safe) for client, names in reached.items()} == {"node": 75, "java": 75}


def korean_pages() -> Iterator[Path]:
    return (DOCS / "ko").rglob("*.md")


def pages_with_a_twin() -> list[str]:
    """The start, and what a shop reads to do its work or to move here."""
    return ["index.md", *(f"{folder}/{page.name}" for folder in BOTH for page in sorted((DOCS / folder).glob("*.md")))]


def test_every_start_task_and_migration_has_a_page_in_both_languages() -> None:
    wanted = set(pages_with_a_twin())
    assert {f"migration/{name}.md" for name in ("index", *CLIENTS)} < wanted
    assert {page.relative_to(DOCS / "ko").as_posix() for page in korean_pages()} == wanted


@pytest.mark.parametrize("page", pages_with_a_twin())
def test_the_twins_have_the_same_code_and_lead_to_each_other(page: str) -> None:
    korean, english = ((folder / page).read_text(encoding="utf-8") for folder in (DOCS / "ko", DOCS))
    assert code_lines(korean) == code_lines(english)
    assert korean.count("invisible-code-block") == english.count("invisible-code-block")
    up = "../" * page.count("/")
    assert f"[한국어]({up}ko/{page})" in english
    assert f"[English]({up}../{page})" in korean


def test_a_korean_page_leads_to_korean_pages_where_there_are_some() -> None:
    twins = {DOCS / page for page in pages_with_a_twin()}
    for page in korean_pages():
        text = re.sub(r"\[English\]\([^)]*\)", "", page.read_text(encoding="utf-8"))
        linked = {(page.parent / link).resolve() for link in re.findall(r"\]\(([^)#:]+\.md)", text)}
        assert not linked & twins, page


def test_the_navigation_has_both_languages_in_the_same_order() -> None:
    written = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:\n")[2]
    order = re.findall(r"(?m)^ *- (?:.*: )?((?:ko/)?(?:tasks|migration)/.*\.md)$", written)
    korean = [page.removeprefix("ko/") for page in order if page.startswith("ko/")]
    assert korean == [page for page in order if not page.startswith("ko/")]
    assert sorted(["index.md", *korean]) == sorted(pages_with_a_twin())


def code_lines(page: str) -> list[str]:
    """The code of a page without its remarks and texts."""
    blocks = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    return [re.sub(r"#.*|\".*?\"", "", line).rstrip() for block in blocks for line in block.splitlines()]


def test_the_navigation_fills_its_places_and_drops_empty_ones() -> None:
    filled = navigation(["index.md", {"Reference": ["a.md", {"Operations": "@operations"}]}, {"Nothing": []}])
    assert filled[0] == "index.md"
    assert {"payments 결제": "reference/payments.md"} in filled[1]["Reference"][1]["Operations"]
    assert len(filled) == 2


def test_a_mark_that_names_nothing_stops_the_build() -> None:
    with pytest.raises(KeyError):
        fill("<!-- generated: nothing -->", "index.md")
