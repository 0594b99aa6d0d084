"""The hook for MkDocs: add the pages without a file, the tables inside the others, and links to the other language.

English is built from docs/ to site/, Korean from docs/ko/ to site/ko/. A link of one language's page to the other's is
a plain link in the HTML, because MkDocs checks only links within one site.
"""

from __future__ import annotations

import posixpath
import re
import sys
from pathlib import Path
from typing import Any, Final, cast

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

sys.path.insert(0, str(Path(__file__).parents[2]))

from scripts.docs.site import DOCS, fill, navigation, pages
from scripts.yaml_files import beside

LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)#:\s]+)(#[^)]*)?\)")
SHARED = ("images", "cli", "tables.css")
"""Files that both sites use."""
SYNONYMS: Final[dict[str, str]] = beside(__file__, "search_words.yaml")
"""Words that Korean shop developers type, by the API's names in the pages."""
HEADING = re.compile(r"(?m)^(#{1,2} .*)$")


def language(config: MkDocsConfig) -> str:
    return str(config.theme["language"])


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    config.nav = navigation(cast("Any", config).nav or [])
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    for path, content in pages(language(config)).items():
        files.append(File.generated(config, path, content=content))
    if language(config) == "ko":
        for name in SHARED:
            place = DOCS / name
            for found in [place] if place.is_file() else sorted(place.glob("*")):
                files.append(File.generated(config, found.relative_to(DOCS).as_posix(), abs_src_path=str(found)))
    return files


def on_page_markdown(markdown: str, page: Any, config: MkDocsConfig, **_: Any) -> str:
    here = page.file.src_uri if language(config) == "en" else f"ko/{page.file.src_uri}"

    def link(found: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(here), found[3]))
        if here.startswith("ko/") == target.startswith("ko/"):
            return found[0]
        if target.endswith(".md"):
            return f'<a href="{posixpath.relpath(address(target), address(here))}/">{found[2]}</a>'
        shown = posixpath.relpath(target, posixpath.dirname(page.file.src_uri) or ".")
        return f"{found[1]}[{found[2]}]({shown})"

    filled = LINK.sub(link, fill(markdown))
    return add_search_words(filled) if language(config) == "ko" else filled


def on_page_context(context: Any, page: Any, config: MkDocsConfig, **_: Any) -> Any:
    """Link the language switch to the same page, or to the start if only one language has it.

    MkDocs cannot write a link that leaves its site, so `on_post_page` writes it.
    """
    source = page.file.src_uri
    both = (DOCS / "ko" / source).is_file() or source in pages("ko")
    english = address(source if both or language(config) == "en" else "index.md")
    korean = posixpath.join("ko", address(source if both or language(config) == "ko" else "index.md"))
    config.extra["alternate"] = [
        {"name": "한국어", "link": f"switch:{korean}", "lang": "ko"},
        {"name": "English", "link": f"switch:{english}", "lang": "en"},
    ]
    return context


def on_post_page(output: str, page: Any, config: MkDocsConfig, **_: Any) -> str:
    here = posixpath.join("ko" if language(config) == "ko" else "", address(page.file.src_uri))
    return re.sub(r'"switch:([^"]*)"', lambda found: f'"{posixpath.relpath(found[1], here)}/"', output)


def address(path: str) -> str:
    """Return the folder of a page's HTML in the whole site."""
    return posixpath.normpath(re.sub(r"(^|/)index\.md$", r"\1", path).removesuffix(".md")) or "."


def add_search_words(markdown: str) -> str:
    """Add words that only the search sees below each heading that has one of their terms."""
    parts = re.split(r"(?ms)^(```.*?^```$)", markdown)
    return "".join(part if part.startswith("```") else HEADING.sub(_with_words, part) for part in parts)


def _with_words(heading: re.Match[str]) -> str:
    words = [more for term, more in SYNONYMS.items() if re.search(term, heading[1], re.IGNORECASE)]
    return f'{heading[1]}\n\n<p class="search-words" hidden>{" ".join(words)}</p>\n' if words else heading[1]
