"""The clock that a sandbox starts with, and the seconds that it waits."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from portone_v1_sandbox.serving import sandbox_of

from tests.sandbox.configuration.reading import read


@pytest.mark.parametrize("written", ["2026-03-10T10:00:00", "2026-03-10T10:00:00+09:00", "2026-03-10", "'2026-03-10'"])
def test_a_date_of_toml(tmp_path: Path, written: str) -> None:
    path = tmp_path / "sandbox.toml"
    path.write_text(f"clock_date = {written}\nclock_frozen = true", "utf-8")
    with sandbox_of(read("--config", os.fspath(path))) as sandbox:
        assert sandbox.clock.now() == (1_773_104_400 if "T" in written else 1_773_068_400)


@pytest.mark.parametrize("date", ["2026-03-10T10:00", "2026-03-10T10:00:00+09:00", "1773104400"])
def test_the_clock(date: str) -> None:
    with sandbox_of(read("--clock-date", date, "--clock-frozen")) as sandbox:
        assert (sandbox.clock.now(), sandbox.clock.frozen) == (1_773_104_400, True)
    with sandbox_of(read("--clock-rate", "60")) as sandbox:
        assert sandbox.clock.rate == 60
    with pytest.raises(ValueError, match="clock_date"):
        sandbox_of(read("--clock-date", "soon"))


@pytest.mark.parametrize("flag", ["--read-lag", "--pg-seconds"])
@pytest.mark.parametrize("seconds", ["-1", "nan", "inf", "601"])
def test_a_time_that_nobody_can_wait(flag: str, seconds: str) -> None:
    with pytest.raises(ValueError, match="between 0 and 600 seconds"), sandbox_of(read(flag, seconds)):
        pass
