"""Alarms ring by the hundred in stories that break promises: they are counted, not logged."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def quiet_log() -> Iterator[None]:
    log = logging.getLogger("portone_v1.intents")
    log.setLevel(logging.CRITICAL)
    yield
    log.setLevel(logging.NOTSET)
