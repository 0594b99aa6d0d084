"""The steps of "Add an operation" are green in a copy. `make recipe TESTS="tests/generated ..."` runs its tests too."""

from __future__ import annotations

from pathlib import Path

import pytest

from .add_operation import NAME, Copy, walk

pytestmark = pytest.mark.apart


def test_the_recipe_ends_green(tmp_path: Path) -> None:
    copy = Copy(tmp_path)
    walk(copy)
    code = "from portone_v1_sandbox import Sandbox; c = Sandbox().client(); print(c.codes.get_card_logo('366').url)"
    assert copy.python("-c", code) == "https://example.com/366.png\n"
    code = f"from portone_v1_generated.operations import OPERATIONS; print(OPERATIONS[{NAME!r}].path)"
    assert copy.python("-c", code) == "/cards/{card_standard_code}/logo\n"
    tests = ("tests/generated/test_surface.py", "tests/watch/test_coverage.py")
    assert " failed" not in copy.python("-m", "pytest", "-q", "-p", "no:cacheprovider", *tests)
