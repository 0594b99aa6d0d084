"""What a PG does stands in spec/pg/: no PG's name decides anything in the sandbox's code."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from portone_v1 import pg_profiles

FOLDER = Path(__file__).parents[2] / "sandbox" / "portone_v1_sandbox"
NAMES = frozenset(pg_profiles.codes())
EXCUSED = {
    "state/channels.py": NAMES,  # the channels that a new sandbox has: data
    "engine/handlers.py": {"kakao", "kcp_quick", "payco", "paymentwall"},  # names of modules
    "state/pay_methods.py": {"kakaopay", "naverpay", "payco", "tosspay"},  # values of pay_method
    "web/checkout_view.py": {"html5_inicis"},  # the channel that is offered where neither page nor merchant names a PG
    "web/results.py": {"html5_inicis"},  # the one PG whose bank app is known to return to the shop's app
    "views/next_steps.py": {"settle"},  # an action: settle the accepted refund
    "views/rows.py": {"settle"},  # its button
}


def named_in(source: str) -> set[str]:
    """Return the PGs whose codes are texts in the source, or the first part of `pg.mid`."""
    texts = {
        node.value.partition(".")[0]
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return texts & NAMES


def modules() -> list[str]:
    return sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.py"))


@pytest.mark.parametrize("module", modules())
def test_no_name_of_a_pg_decides_in_the_sandbox(module: str) -> None:
    assert named_in((FOLDER / module).read_text(encoding="utf-8")) <= EXCUSED.get(module, set())


def test_every_excuse_is_needed() -> None:
    assert set(EXCUSED) <= set(modules())
    assert all(named_in((FOLDER / module).read_text(encoding="utf-8")) for module in EXCUSED)


def test_a_branch_is_found() -> None:
    assert named_in('if payment.pg_provider == "daou":\n    pass\n') == {"daou"}
    assert named_in('LATE = frozenset({"ksnet.mid", "other"})\n') == {"ksnet"}
