"""A short, seeded run over small specifications. The long one is `make fuzz-spec`."""

from __future__ import annotations

import pytest

from .specs.runs import run

EXAMPLES = 15


@pytest.mark.parametrize("seed", range(4))
def test_what_arrives_is_what_was_sent(seed: int) -> None:
    report = run(EXAMPLES, seed)
    assert report.outcomes["round trip"] >= EXAMPLES // 2
    assert set(report.outcomes) <= {"round trip", "refused", "skipped"}
