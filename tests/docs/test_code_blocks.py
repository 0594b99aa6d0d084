"""Every Python block of the documentation and of the READMEs runs, page by page, against a sandbox.

A page sets up in a comment at its top what its blocks need; for the READMEs it is done here.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest
from portone_v1_sandbox import Sandbox, SandboxServer
from sqlalchemy import Engine
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

from tests.contrib.test_redis import _redis_server

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs").rglob("*.md"))
READMES = [ROOT / "README.md", ROOT / "README.ko.md"]
SYBIL = Sybil(parsers=[PythonCodeBlockParser()])


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def run_blocks(page: Path) -> int:
    document = SYBIL.parse(page)
    examples = list(document.examples())
    try:
        for example in examples:
            example.evaluate()
    finally:
        for each in document.namespace.values():
            if isinstance(each, Engine):  # a shop keeps it as long as it runs
                each.dispose()
    return len(examples)


@pytest.fixture
def environment(page: Path, tmp_path: Path) -> Iterator[None]:
    """Isolate the variables of a page. A page about Redis gets a server in `REDIS_URL`."""
    with mock.patch.dict(os.environ):
        if "REDIS_URL" not in page.read_text(encoding="utf-8"):
            yield
            return
        for server in _redis_server(tmp_path):
            os.environ["REDIS_URL"] = server.url
            yield


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("page", PAGES, ids=name)
def test_the_blocks_of_a_page_run(page: Path) -> None:
    assert run_blocks(page) >= page.read_text(encoding="utf-8").count("```python\n")


@pytest.mark.parametrize("readme", READMES, ids=name)
def test_the_blocks_of_a_readme_run(readme: Path) -> None:
    """The first block brings its own sandbox, the second takes the keys from the environment."""
    with SandboxServer(Sandbox()) as server:
        keys = {"PORTONE_V1_KEY": "sandbox_key", "PORTONE_V1_SECRET": "sandbox_secret"}
        with mock.patch.dict(os.environ, PORTONE_V1_BASE_URL=server.url, **keys):
            assert run_blocks(readme) == 2


def test_both_readmes_have_the_same_parts() -> None:
    english, korean = ([line for line in page.read_text("utf-8").splitlines() if line] for page in READMES)
    for mark in ("## ", "```", "![", "| "):
        assert sum(line.startswith(mark) for line in english) == sum(line.startswith(mark) for line in korean), mark


def test_a_block_that_fails_fails_its_page(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```python\nassert 1 == 2\n```\n", encoding="utf-8")
    with pytest.raises(AssertionError):
        run_blocks(page)
