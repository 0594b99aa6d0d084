"""The page of the framework packages names every setting, in both languages."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest
from portone_v1.contrib import django, fastapi, flask
from portone_v1.contrib.django import _settings

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "docs" / folder / "reference/frameworks.md" for folder in ("", "ko")]
COMMANDS = ROOT / "overlay/portone_v1/contrib/django/management/commands"


def first_cells(page: Path, title: str) -> set[str]:
    """Return the code in the first cells of a section's tables."""
    part = page.read_text("utf-8").partition(f"\n## {title}")[2].partition("\n## ")[0]
    rows = re.findall(r"^\|([^|]*)\|", part, re.MULTILINE)
    return {re.split(r"[ (]", code)[0] for row in rows for code in re.findall(r"`([^`]+)`", row)}


@pytest.mark.parametrize("page", PAGES, ids=["en", "ko"])
def test_every_setting_is_on_the_page(page: Path) -> None:
    commands = {path.stem for path in COMMANDS.glob("portone_*.py")}
    assert first_cells(page, "Django") - {"portone_v1.contrib.django"} == {
        *_settings.OPTIONS,
        *django.__all__,
        *commands,
    }
    for title, kind in (("FastAPI", fastapi.PortOneV1), ("Flask", flask.PortOneV1)):
        assert first_cells(page, title) == set(inspect.signature(kind).parameters)
