"""The recorded session of the documentation is what the commands print."""

from __future__ import annotations

from pathlib import Path

from .record import PLACE, record


def test_the_recorded_session_is_what_the_commands_print(tmp_path: Path) -> None:
    assert record(tmp_path) == (PLACE / "session.txt").read_text(encoding="utf-8"), "run python -m cli.tests.record"
