"""What the tests of every folder start from: no setting of this machine reaches them."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Generator, Iterator
from uuid import uuid4

import pytest

pytest_plugins = ["pytester"]


if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell's background job ignores Ctrl-C, and so would every program that a test starts and interrupts.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(optionalhook=True)  # xdist is not there where an installed wheel is tested
def pytest_xdist_auto_num_workers() -> int:
    """`-n auto`: two workers for each processor, as most tests wait for a process, a disk or a socket of their own."""
    return 2 * (os.cpu_count() or 1)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """The tests themselves never become garbage: neither now nor later is it looked for among them."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


# What no package of the system can bring.
MAY_BE_SKIPPED = ("the vendor document is not here", "this system ", "arq takes no redis 6")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In the CI a skipped test is a failure: .ci/run installs every package that a test needs."""
    report = yield
    if report.skipped and "PORTONE_V1_CI" in os.environ and not hasattr(report, "wasxfail"):
        reason = str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
        if not reason.removeprefix("Skipped: ").startswith(MAY_BE_SKIPPED):
            report.outcome, report.longrepr = "failed", f"{item.nodeid} was skipped in the CI: {reason}"
    return report


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    for name in list(os.environ):
        if name.startswith("PORTONE_V1_") and name != "PORTONE_V1_CI":
            monkeypatch.delenv(name)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    journal = tmp_path_factory.getbasetemp() / f"intents-{uuid4().hex}.sqlite3"
    monkeypatch.setenv("PORTONE_V1_INTENTS", str(journal))  # opened by tests that name no store of their own


@pytest.fixture(autouse=True)
def _log_levels_stay(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    caplog.clear()
