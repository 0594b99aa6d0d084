"""The site: it builds strictly and without a network, and nothing of the API is missing from it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import escape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from portone_v1 import enums, errors, events, inbox, intents, models, results
from portone_v1_generated.operations import OPERATIONS
from portone_v1_sandbox import TEST_CARDS

from scripts.docs.knowledge import pgs
from scripts.docs.reference import vendor_types
from scripts.docs.site import fill, navigation, pages
from scripts.docs.tables import migration

pytestmark = [pytest.mark.apart, pytest.mark.xdist_group("site"), pytest.mark.timeout(600)]  # the first builds both

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
CLIENTS = sorted(path.stem for path in (ROOT / "scripts" / "docs" / "clients").glob("*.yaml"))
BOTH = ("tasks", "migration", "reference")
"""The folders of pages that are written in English and in Korean."""
TOP = ("index.md", "errors.md", "sandbox.md", "security.md", "cli.md", "reliability.md", "glossary.md", "upgrade.md")
"""The same among the pages at the top. The others are for those who work on the project."""
SAFE = ("payments.verify", "payments.cancel_once", "subscribe.again_once", "subscribe.onetime_once")
"""Methods of the client that are no operation of V1."""
CREDIT = "https://squidfunk.github.io/mkdocs-material/"


class Addresses(HTMLParser):
    """What a page makes a browser load."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "link", "img", "iframe", "source"):
            self.loaded += [value for name, value in attrs if name in ("src", "href") and value]


def page_of(site: Path, path: str) -> str:
    return (site / path / "index.html").read_text(encoding="utf-8")


def test_it_loads_nothing_from_elsewhere(site: Path) -> None:
    shown = list(site.rglob("*.html"))
    assert len(shown) > 200
    for page in shown:
        text = page.read_text(encoding="utf-8")
        addresses = Addresses()
        addresses.feed(text)
        assert not [address for address in addresses.loaded if re.match("[a-z]+:|//", address)], page
        assert "invisible-code-block" not in text
        assert "generated:" not in text
        assert set(re.findall(r'href="(https?://[^"]*)"', text)) <= {CREDIT}


def test_every_link_within_the_site_leads_somewhere(site: Path) -> None:
    """MkDocs checks the links within one language; the links between them are checked here."""
    there = {page.parent.resolve() for page in site.rglob("index.html")}
    for page in site.rglob("index.html"):
        for link in re.findall(r'href="([^"#:]*)[#"]', page.read_text(encoding="utf-8")):
            if link and not re.search(r"\.\w+$", link):
                assert (page.parent / link).resolve() in there, (page, link)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_interface_speaks_the_language_of_the_page(site: Path, language: str) -> None:
    top = site / "ko" if language == "ko" else site
    pages_here = [page for page in top.rglob("*.html") if language == "ko" or "ko" not in page.relative_to(site).parts]
    assert len(pages_here) > 100
    for page in pages_here:
        assert f'<html lang="{language}"' in page.read_text(encoding="utf-8"), page
    assert ('placeholder="검색"' in page_of(top, "tasks/cancel")) == (language == "ko")


@pytest.mark.parametrize("top", ["", "ko/"])
def test_every_operation_stands_in_the_reference_with_its_arguments(site: Path, top: str) -> None:
    for operation in OPERATIONS.values():
        page = page_of(site, f"{top}reference/{operation.area}")
        section = page.partition(f'id="portone_v1.PortOne.{operation.area}.{operation.name}"')[2]
        section = section.partition('class="doc doc-object doc-function"')[0]
        assert section, operation.id
        assert operation.name_ko in section
        assert f"{operation.method} {escape(operation.path)}" in section
        for parameter in operation.parameters:
            assert f"<code>{parameter.python_name}</code>" in section, (operation.id, parameter.name)


@pytest.mark.parametrize("top", ["", "ko/"])
@pytest.mark.parametrize("area", ["payments", "subscribe"])
def test_the_money_safe_methods_stand_beside_the_operations(site: Path, top: str, area: str) -> None:
    page = page_of(site, f"{top}reference/{area}")
    safe = [name for name in SAFE if name.startswith(f"{area}.")]
    assert safe
    for name in safe:
        assert f'id="portone_v1.PortOne.{name}"' in page


@pytest.mark.parametrize("top", ["", "ko/"])
def test_every_public_name_has_an_anchor(site: Path, top: str) -> None:
    """Models and enums with their fields, results, and each class of error under a short name as well."""
    written = "\n".join(page.read_text(encoding="utf-8") for page in (site / top / "reference").rglob("*.html"))
    errors_page = page_of(site, f"{top}errors")
    assert [name for name in models.__all__ if f'id="portone_v1.models.{name}"' not in written] == []
    classes = [name for name in enums.__all__ if isinstance(getattr(enums, name), type)]
    assert [name for name in classes if f'id="portone_v1.enums.{name}"' not in written] == []
    results_here = [name for name in results.__all__ if isinstance(getattr(results, name), type)]
    assert [name for name in results_here if f'id="portone_v1.results.{name}"' not in written] == []
    for name in errors.DOCUMENTED:
        assert f'id="{name.lower()}"' in errors_page
    for name in errors.__all__:
        assert f'id="portone_v1.errors.{name}"' in errors_page
    assert "이미 전액취소된 주문입니다." in errors_page


@pytest.mark.parametrize("top", ["", "ko/"])
def test_every_vendor_name_is_found(site: Path, top: str) -> None:
    index = json.loads((site / top / "search" / "search_index.json").read_text(encoding="utf-8"))
    texts = [entry["text"] for entry in index["docs"] if "vendor-names" in entry["location"]]
    assert vendor_types()
    for vendor in vendor_types():
        assert any(re.search(rf"\b{vendor}\b", text) for text in texts), vendor


def test_every_pg_that_is_spoken_of_has_a_page() -> None:
    for language in ("en", "ko"):
        written = pages(language)
        assert {f"pg/{code}.md" for code in pgs()} <= written.keys()
        page = written["pg/naverpay.md"]
        assert re.search(r"\[`payments.cancel`\]\[portone_v1.PortOne.payments.cancel\] .*`reason`", page)


def test_the_sandbox_page_tells_what_is_not_imitated() -> None:
    page = fill((DOCS / "sandbox.md").read_text(encoding="utf-8"))
    named = set(re.findall(r"`([a-z_]+)`", page))
    assert {operation.name for operation in OPERATIONS.values()} <= named
    for card in TEST_CARDS.values():
        assert card.number in page


@pytest.mark.parametrize("client", CLIENTS)
def test_every_migration_leads_somewhere(client: str) -> None:
    there = {f"{operation.area}.{operation.name}" for operation in OPERATIONS.values()}
    safe = {"payments.verify", "payments.cancel_once", "subscribe.again_once", "subscribe.onetime_once"}
    rows = migration(client)
    assert {name for row in rows for name in row["new"]} <= there | safe
    for row in rows:
        assert row["new"] or row["en"], row["old"]
        assert bool(row["en"]) == bool(row["ko"]), row["old"]


def test_the_clients_of_the_other_languages_are_covered_as_far_as_they_go() -> None:
    """76 operations each, the token's among them (Java fetches it by a method of its own)."""
    reached = {client: {name for row in migration(client) for name in row["new"]} for client in ("node", "java")}
    safe = {"payments.cancel_once", "subscribe.again_once", "subscribe.onetime_once"}
    assert {client: len(names - safe) for client, names in reached.items()} == {"node": 75, "java": 75}


def korean_pages() -> Iterator[Path]:
    return (DOCS / "ko").rglob("*.md")


def pages_with_a_twin() -> list[str]:
    """Return all pages that a shop reads."""
    return [*TOP, *(f"{folder}/{page.name}" for folder in BOTH for page in sorted((DOCS / folder).glob("*.md")))]


def test_every_page_for_a_shop_is_there_in_both_languages() -> None:
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
    english, korean = (
        re.findall(
            r"(?m)^ *- (?:.*: )?(\S*\.md)$", (ROOT / config).read_text(encoding="utf-8").partition("\nnav:\n")[2]
        )
        for config in ("mkdocs.yml", "mkdocs.ko.yml")
    )
    twins = {
        *pages_with_a_twin(),
        "reference/vendor-names.md",
        "reference/code-tables.md",
        "claims.md",
        "open-questions.md",
    }
    assert korean == [page for page in english if page in twins]
    assert set(korean) == twins


def code_lines(page: str) -> list[str]:
    """Return the code of a page without its comments and texts."""
    blocks = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    return [re.sub(r"#.*|\"+.*?\"+", "", line).rstrip() for block in blocks for line in block.splitlines()]


def test_the_navigation_fills_its_places_and_drops_empty_ones() -> None:
    filled = navigation(["index.md", {"Reference": ["a.md", {"Operations": "@operations"}]}, {"Nothing": []}])
    assert filled[0] == "index.md"
    assert {"payments 결제": "reference/payments.md"} in filled[1]["Reference"][1]["Operations"]
    assert len(filled) == 2


def test_a_mark_that_names_nothing_stops_the_build() -> None:
    with pytest.raises(LookupError):
        fill("<!-- generated: nothing -->")


@pytest.mark.parametrize("top", ["", "ko/"])
def test_the_inbox_the_journal_and_the_events_stand_in_the_reference(site: Path, top: str) -> None:
    for module in (inbox, intents, events):
        page = page_of(site, f"{top}reference/{'journal' if module is intents else module.__name__.rpartition('.')[2]}")
        wanted = [name for name in module.__all__ if not name.startswith("Async")]
        wanted = [name for name in wanted if name not in ("Event", "IntentStoreWarning")]
        assert [name for name in wanted if f'id="{module.__name__}.{name}"' not in page] == []
    page = page_of(site, f"{top}reference/inbox")
    methods = [name for name in dir(inbox.Inbox) if not name.startswith("_")]
    assert [name for name in methods if f'id="portone_v1.inbox.Inbox.{name}"' not in page] == []
