"""What users of the last release wrote is run against this tree."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from scripts.release.compatibility.replay import _called
from scripts.steps import StepError, clean

ROOT = Path(__file__).parents[2]
EXAMPLES = ("payments_cancel.ok", "payments_cancel.refused", "payments_get.ok", "subscribe_onetime.declined")


@pytest.fixture
def last(tmp_path: Path) -> Path:
    """Copy this tree as the last release, with a few of its examples."""
    root = tmp_path / "last"
    for package in ("overlay/portone_v1", "overlay/portone_v1_runtime", "generated/portone_v1_generated"):
        shutil.copytree(ROOT / package, root / package, ignore=shutil.ignore_patterns("__pycache__"))
    (root / "spec" / "examples").mkdir(parents=True)
    for name in EXAMPLES:
        shutil.copy(ROOT / "spec" / "examples" / f"{name}.json", root / "spec" / "examples")
    return root


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_nothing_changed(last: Path) -> None:
    assert list(_called(last, ROOT, "0.1.0")) == []


def test_an_example_that_is_refused_now(last: Path, tmp_path: Path) -> None:
    here = shutil.copytree(last, tmp_path / "here")
    refusal = "    require(amount=None)\n    exactly_one(imp_uid"
    _edit(here / "generated/portone_v1_generated/api/payments.py", "    exactly_one(imp_uid", refusal)
    texts = [change.text for change in _called(last, here, "0.1.0")]
    assert len(texts) == 2
    assert texts[0].startswith("`payments.cancel`: the example `ok` of 0.1.0 is not sent: ")
    assert texts[0].endswith("; before, it gives a Payment")
    assert texts[1].endswith("; before, it raises RefusedError")
    assert {change.level for change in _called(last, here, "0.1.0")} == {"major"}


def test_an_example_of_a_removed_operation_is_reported_by_its_name(last: Path) -> None:
    example: Any = json.loads((ROOT / "spec/examples/payments_get.ok.json").read_text(encoding="utf-8"))
    (last / "spec/examples/payments_vanished.ok.json").write_text(json.dumps(example), encoding="utf-8")
    assert list(_called(last, ROOT, "0.1.0")) == []


def test_a_tree_whose_client_can_not_be_imported(last: Path, tmp_path: Path) -> None:
    here = shutil.copytree(last, tmp_path / "here")
    (here / "overlay/portone_v1/errors.py").write_text("import nothing_of_this_name\n", encoding="utf-8")
    with pytest.raises(StepError, match=r"the examples of 0\.1\.0 cannot be sent: ModuleNotFoundError"):
        list(_called(last, here, "0.1.0"))


def test_it_runs_without_the_settings_of_whoever_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTONE_V1_INTENTS", "journal.sqlite3")
    assert not [name for name in clean() if name.startswith("PORTONE_V1_")]
