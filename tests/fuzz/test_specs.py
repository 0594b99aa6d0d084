"""A short, seeded run over small specifications. The long one is `make fuzz-spec`."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from .specs.runs import run

EXAMPLES = 15


@pytest.mark.parametrize("seed", range(4))
def test_what_arrives_is_what_was_sent(seed: int) -> None:
    """In a process of its own: Hypothesis also draws constants of whatever modules other tests have loaded, so that a
    seed alone does not say what is generated; and what other tests left behind would be collected here.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        report = pool.submit(run, EXAMPLES, seed).result()
    assert report.outcomes["round trip"] >= EXAMPLES // 2
    assert set(report.outcomes) <= {"round trip", "refused", "skipped"}
