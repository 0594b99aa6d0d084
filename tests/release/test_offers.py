"""What no import names: commands, control calls and what installing asks for, and what a change of it is to users."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from scripts.release.compatibility.changes import highest
from scripts.release.compatibility.offers import Offers, compare_offers, read_offers
from scripts.steps import StepError
from tests.release.trees import FILES, write

ROOT = Path(__file__).parents[2]
PROJECT = """
[project]
name = "portone-v1"
version = "0.1.0"
requires-python = ">=3.11"
dependencies = ["httpx>=0.27,<1"]
[project.optional-dependencies]
redis = ["redis>=5"]
sandbox = ["portone-v1-sandbox==0.1.0"]
[project.scripts]
portone-v1 = "portone_v1_cli:main"
"""
INSTALLING = [
    (">=3.11", ">=3.12", "major", "`pip install portone-v1`: `Python`: it no longer runs on Python 3.11"),
    (">=3.11", ">=3.10", "minor", "`pip install portone-v1`: `Python`: it runs on Python 3.10"),
    ("httpx>=0.27,<1", "httpx>=0.28,<1", "minor", "`httpx` must be <1,>=0.28, and was <1,>=0.27"),
    ('"httpx>=0.27,<1"', '"httpx>=0.27,<1", "idna>=3"', "minor", "`pip install portone-v1`: `idna`"),
    ('"httpx>=0.27,<1"', "", "minor", "`pip install portone-v1`: `httpx`"),
    ("redis>=5", "redis>=6", "minor", "`redis of [redis]` must be >=6, and was >=5"),
    ("redis = [", "valkey = [", "major", "`pip install portone-v1`: `[redis]`"),
    ("portone-v1 = ", "portone = ", "major", "`pip install portone-v1`: `portone-v1`"),
    ("==0.1.0", "==0.2.0", "patch", ""),
]


@pytest.mark.parametrize(("old", "new", "level", "text"), INSTALLING)
def test_what_installing_asks_for(tmp_path: Path, old: str, new: str, level: str, text: str) -> None:
    assert old in PROJECT
    before = read_offers(write(tmp_path / "a", {**FILES, "pyproject.toml": PROJECT}))
    after = read_offers(write(tmp_path / "b", {**FILES, "pyproject.toml": PROJECT.replace(old, new)}))
    found = compare_offers(before, after)
    assert highest(found) == level
    assert any(text in one.text for one in found) if text else found == []


RECONCILE = "portone-v1 reconcile"
BEFORE: Offers = {
    RECONCILE: {
        "--orders": {"required": True, "kind": "path"},
        "--output": {"required": False, "enum": ["table", "json"], "otherwise": None},
        "--only": {"required": False, "several": True},
    },
    "POST /_sandbox/clock": {"advance": {"required": False, "enum": None}},
}


def _with(name: str, part: str, **more: Any) -> Offers:
    return {**BEFORE, name: {**BEFORE[name], part: {**BEFORE[name].get(part, {}), **more}}}


@pytest.mark.parametrize(
    ("after", "level", "text"),
    [
        (_with(RECONCILE, "--to", required=True), "major", "`portone-v1 reconcile`: `--to` must now be given"),
        (_with(RECONCILE, "--to", required=False), "minor", "`portone-v1 reconcile`: `--to`"),
        (_with(RECONCILE, "--orders", required=False), "minor", "`--orders` need not be given"),
        (_with(RECONCILE, "--orders", kind="integer"), "major", "`--orders` takes a integer, and took a path"),
        (_with(RECONCILE, "--output", enum=["json"]), "major", "`--output` may no longer be `table`"),
        (_with(RECONCILE, "--output", otherwise="json"), "major", "`--output` is json where it is not given"),
        (_with(RECONCILE, "--only", several=False), "major", "`--only` may be given once only"),
        (_with("POST /_sandbox/clock", "advance", required=True), "major", "`advance` must now be given"),
        ({**BEFORE, "POST /_sandbox/clock": {}}, "major", "`POST /_sandbox/clock`: `advance`"),
        ({RECONCILE: BEFORE[RECONCILE]}, "major", "`POST /_sandbox/clock`"),
        ({**BEFORE, "portone-v1 pg": {"NAME": {"required": True}}}, "minor", "`portone-v1 pg`"),
        (BEFORE, "patch", ""),
    ],
)  # fmt: skip
def test_a_command_or_a_call(after: Offers, level: str, text: str) -> None:
    found = compare_offers(BEFORE, after)
    assert highest(found) == level
    assert any(text in one.text for one in found) if text else found == []


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Copy this tree so that the sandbox and the command line can be changed."""
    root = tmp_path / "here"
    for name in ("sandbox", "cli"):
        package = f"portone_v1_{name}"
        shutil.copytree(ROOT / name / package, root / name / package, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / name / "pyproject.toml", root / name)
    for name in ("overlay", "generated", "pyproject.toml"):
        (root / name).symlink_to(ROOT / name)
    return root


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_this_trees_own_commands_and_calls(tree: Path) -> None:
    before = read_offers(tree)
    assert before["portone-v1 reconcile"]["--orders"]["required"]
    assert "amount" in before["POST /_sandbox/payments"]
    assert {"portone-v1 payments cancel", "portone-v1-sandbox proxy", "GET /_sandbox/openapi.json"} <= before.keys()

    _edit(tree / "cli/portone_v1_cli/reconcile/command.py", '"--html"', '"--page"')
    _edit(tree / "cli/portone_v1_cli/commands.py", '"refund-bank": _refund_bank', '"bank": _refund_bank')
    _edit(tree / "sandbox/portone_v1_sandbox/configuration/settings.py", '"channels_from": Option(', '"adopt": Option(')
    assert {(one.heading, one.text) for one in compare_offers(before, read_offers(tree))} == {
        ("Removed", "`portone-v1 reconcile`: `--html`"),
        ("Added", "`portone-v1 reconcile`: `--page`"),
        ("Removed", "`portone-v1 refund-bank`"),
        ("Added", "`portone-v1 bank`"),
        ("Removed", "`portone-v1-sandbox`: `--channels-from`"),
        ("Added", "`portone-v1-sandbox`: `--adopt`"),
    }


def test_a_tree_whose_commands_can_not_be_imported(tree: Path) -> None:
    (tree / "cli/portone_v1_cli/app.py").write_text("import nothing_of_this_name\n", encoding="utf-8")
    with pytest.raises(StepError, match="the commands of here cannot be read: ModuleNotFoundError"):
        read_offers(tree)
