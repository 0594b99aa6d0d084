from __future__ import annotations

import pytest
from portone_v1_sandbox import Sandbox, SandboxClock

from tests.sandbox.support import START, Api


@pytest.fixture
def sandbox() -> Sandbox:
    """Provide a sandbox whose clock stands still."""
    return Sandbox(clock=SandboxClock.frozen_at(START))


@pytest.fixture
def api(sandbox: Sandbox) -> Api:
    return Api(sandbox)
