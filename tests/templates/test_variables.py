"""No template asks for what nobody passes, and nothing is passed that no template asks for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jinja2 import meta

from scripts.bundle import bundle
from scripts.codegen import tool
from scripts.codegen.document import Document
from scripts.codegen.project import PACKAGE, SdkProject
from scripts.codegen.supported import for_the_tool
from scripts.generate import TEMPLATES

MINI = Path(__file__).resolve().parent / "mini"

NAMES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.jinja"))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> SdkProject:
    document, target = Document(bundle(MINI), MINI), tmp_path_factory.mktemp("made")
    config = tool.configuration(target / PACKAGE)
    document.parsed = tool.parse(document, for_the_tool(document), config)
    return SdkProject(document, config, TEMPLATES)


def _asked(name: str, project: SdkProject) -> set[str]:
    return meta.find_undeclared_variables(project.env.parse((TEMPLATES / name).read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def passed(project: SdkProject) -> dict[str, set[str]]:
    """Return template → the names that it was rendered with, except the globals of the environment."""
    seen: dict[str, set[str]] = {}
    write = SdkProject._print

    def noting(self: Any, template: str, output: str, **more: Any) -> None:
        seen.setdefault(template, set()).update(more)
        write(self, template, output, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SdkProject, "_print", noting)
        project.build()
    return seen


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith("partials/")])
def test_a_template_asks_for_what_it_gets(name: str, passed: dict[str, set[str]], project: SdkProject) -> None:
    assert _asked(name, project) <= passed[name]


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("partials/")])
def test_a_partial_asks_for_its_arguments_only(name: str, project: SdkProject) -> None:
    assert _asked(name, project) == set()


def test_nothing_is_passed_in_vain(passed: dict[str, set[str]], project: SdkProject) -> None:
    asked = {variable for name in NAMES for variable in _asked(name, project)}
    assert {variable for names in passed.values() for variable in names} == asked


def test_every_partial_is_used() -> None:
    text = "".join((TEMPLATES / name).read_text(encoding="utf-8") for name in NAMES)
    assert [name for name in NAMES if name.startswith("partials/") and f'"{name}"' not in text] == []
