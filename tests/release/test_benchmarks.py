"""What `make bench` measures of the generator still runs: nothing else builds from an enlarged specification."""

from __future__ import annotations

import pytest

from benchmarks import generating

pytestmark = pytest.mark.apart


def test_an_enlarged_specification_is_built() -> None:
    _, once = generating.times(1)
    seconds, twice = generating.times(2)
    assert (twice, seconds > 0) == (2 * once, True)
