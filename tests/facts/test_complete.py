"""Each of the 39 corrections has a test of its own here, which names its source."""

from __future__ import annotations

import re

from .__main__ import walked

LAST = 39


def test_every_number_is_walked() -> None:
    found = walked()
    assert sorted(found) == list(range(1, LAST + 1))
    for number, tests in found.items():
        for name, says in tests:
            assert re.match("(Sources?:|N[0-9]+ )", says), f"N{number}: {name} names no source"
