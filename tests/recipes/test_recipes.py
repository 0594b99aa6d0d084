"""The steps of "Add", "Rename" and "Remove an operation" are green in a copy.

`make recipe TESTS="tests/generated ..."` runs the copy's tests too.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from .add_operation import NAME, ROOT, Copy, walk
from .change_operation import NEW_NAME, remove, rename
from .vendor_change import OPERATIONS, take_over

pytestmark = [pytest.mark.apart, pytest.mark.xdist_group("recipes")]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    copy = Copy(tmp_path_factory.mktemp("recipes"))
    walk(copy)
    return copy


def test_an_operation_is_added(copy: Copy) -> None:
    code = "from portone_v1_sandbox import Sandbox; c = Sandbox().client(); print(c.codes.get_card_logo('366').url)"
    assert copy.python("-c", code) == "https://example.com/366.png\n"
    code = f"from portone_v1_generated.operations import OPERATIONS; print(OPERATIONS[{NAME!r}].path)"
    assert copy.python("-c", code) == "/cards/{card_standard_code}/logo\n"
    tests = ("tests/generated/test_surface.py", "tests/watch/test_coverage.py")
    assert " failed" not in copy.python("-m", "pytest", "-q", "-p", "no:cacheprovider", *tests)


def test_it_is_renamed_and_removed_again(copy: Copy) -> None:
    assert f"card-logos: {NAME} explains no difference" in rename(copy)
    code = "from portone_v1_sandbox import Sandbox; c = Sandbox().client(); print(c.codes.find_card_logo('366').url)"
    assert copy.python("-c", code) == "https://example.com/366.png\n"
    left = remove(copy)
    for line in ("CardLogo.yaml: nothing refers to it", "CardLogoEnvelope.yaml: nothing refers to it"):
        assert line in left
    assert f"card-logos: {NEW_NAME} explains no difference" in left
    assert generated(copy.root) == generated(ROOT)


def generated(root: Path) -> dict[str, bytes]:
    files = (root / "generated").rglob("*")
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in files
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_a_change_of_the_vendor_is_taken_over(tmp_path: Path) -> None:
    copy = Copy(tmp_path)
    left, changes = take_over(copy)
    assert {change.kind.partition("-")[0] for change in changes} == {
        "operation",
        "definition",
        "parameter",
        "field",
        "value",
    }
    assert "there is no such file" not in left
    for place in ("payments_cancel.memo", "Payment.refund_bank", "PaymentStatusFilter", "RefundAccount.kind"):
        assert re.search(rf"{re.escape(place)}: .* is unfinished", left), place
    for name in OPERATIONS:
        code = f"from portone_v1_generated.operations import OPERATIONS; print(OPERATIONS[{name!r}].path)"
        assert copy.python("-c", code) == "/payments/{imp_uid}/refund-account\n"
