"""axe-core in a page, from npm, held to the hash in our lock. Nothing that is shipped has it."""

from __future__ import annotations

import os
import tempfile
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Page

from scripts.ci.npm import OURS, install
from scripts.steps import StepError

TAGS: Final = (
    *("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"),
    "best-practice",
)
RUN: Final = """async (tags) => {
  const found = await axe.run(document, { runOnly: tags, resultTypes: ["violations"] });
  return found.violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html} ${node.failureSummary}`));
}"""


@cache
def source() -> str:
    """Return the source of axe, or skip the test if there is no package; in the CI that is a failure."""
    try:
        with tempfile.TemporaryDirectory() as folder:
            return (install(OURS, Path(folder)) / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    except StepError as error:
        if os.environ.get("PORTONE_V1_CI"):
            pytest.fail(str(error))
        pytest.skip(str(error))


def violations(page: Page) -> list[str]:
    """Return what axe finds: WCAG 2.0 to 2.2, A and AA, and its best practice."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(source())  # Not as an element: the page's own policy refuses foreign scripts.
    found: list[Any] = page.evaluate(RUN, list(TAGS))
    return [str(one) for one in found]
