"""No template asks for what nobody passes, and nothing is passed that no template asks for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jinja2 import meta

from scripts.bundle import bundle
from scripts.codegen import render
from scripts.codegen.document import Document
from scripts.generate import TEMPLATES

MINI = Path(__file__).resolve().parent / "mini"

NAMES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.jinja"))


def _asked(name: str) -> set[str]:
    environment = render.environment(TEMPLATES)
    source = (TEMPLATES / name).read_text(encoding="utf-8")
    return meta.find_undeclared_variables(environment.parse(source))


@pytest.fixture(scope="module")
def passed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """template → the names that it was rendered with."""
    seen: dict[str, set[str]] = {}
    printer = render._Printer
    write = printer.write

    def noting(self: Any, template: str, output: str, **more: Any) -> None:
        seen.setdefault(template, set()).update(self.shared, more)
        write(self, template, output, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(printer, "write", noting)
        render.render(Document(bundle(MINI)), TEMPLATES, tmp_path_factory.mktemp("rendered"))
    return seen


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith("partials/")])
def test_a_template_asks_for_what_it_gets(name: str, passed: dict[str, set[str]]) -> None:
    assert _asked(name) <= passed[name]


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("partials/")])
def test_a_partial_asks_for_its_arguments_only(name: str) -> None:
    assert _asked(name) == set()


def test_nothing_is_passed_in_vain(passed: dict[str, set[str]]) -> None:
    asked = {variable for name in NAMES for variable in _asked(name)}
    assert {variable for names in passed.values() for variable in names} == asked


def test_every_partial_is_used() -> None:
    text = "".join((TEMPLATES / name).read_text(encoding="utf-8") for name in NAMES)
    assert [name for name in NAMES if name.startswith("partials/") and f'"{name}"' not in text] == []
