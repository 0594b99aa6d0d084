"""What all test folders share: no setting of this machine reaches a test."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Generator, Iterator
from itertools import count
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol

pytest_plugins = ["pytester"]
NUMBERS = count()


if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell's background job ignores Ctrl-C, and so would every program that a test starts and interrupts.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(optionalhook=True)  # xdist is not there where an installed wheel is tested
def pytest_xdist_auto_num_workers() -> int:
    """Let `-n auto` start two workers for each processor: most tests wait for a process, a disk or a socket."""
    return 2 * (os.cpu_count() or 1)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Keep the tests themselves out of garbage collection, now and later: they never become garbage."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Omit a passed set-up or tear-down from the reports of an xdist worker: sending them costs as much as a test."""
    option = item.config.option
    if not hasattr(item.config, "workerinput") or option.durations is not None or option.xmlpath:
        return None
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    for report in runtestprotocol(item, log=False, nextitem=nextitem):
        if report.when == "call" or not report.passed:
            item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


# What no package of the system can bring.
MAY_BE_SKIPPED = ("the vendor document is not here", "this system ", "arq takes no redis 6")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skipped test into a failure in the CI, where .ci/run installs every package that a test needs."""
    report = yield
    if report.skipped and "PORTONE_V1_CI" in os.environ and not hasattr(report, "wasxfail"):
        reason = str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
        if not reason.removeprefix("Skipped: ").startswith(MAY_BE_SKIPPED):
            report.outcome, report.longrepr = "failed", f"{item.nodeid} was skipped in the CI: {reason}"
    return report


def _trust_one_authority(patch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Shorten certifi's list to its first entry: no test calls a public host, and each client reads all of the list."""
    import certifi

    first, end, _ = Path(certifi.where()).read_text("utf-8").partition("-----END CERTIFICATE-----\n")
    short = tmp_path_factory.mktemp("certifi") / "cacert.pem"
    short.write_text(first + end, "utf-8")
    patch.setattr(certifi, "where", lambda: str(short))


@pytest.fixture(scope="session", autouse=True)
def _no_settings_of_this_machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Yield the folder of the journals. What a test sets by `monkeypatch` ends with it."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith("PORTONE_V1_") and name not in {"PORTONE_V1_CI", "PORTONE_V1_VENDOR_DOCUMENT"}:
                patch.delenv(name)
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"):
            patch.delenv(name, raising=False)
            patch.delenv(name.lower(), raising=False)
        _trust_one_authority(patch, tmp_path_factory)
        patch.setenv("PORTONE_V1_INTENTS", "")  # so that the end of the session restores it
        yield tmp_path_factory.mktemp("journals")


@pytest.fixture(autouse=True)
def _journal_of_its_own(_no_settings_of_this_machine: Path) -> None:
    """Set the path of a journal for tests that name no store of their own."""
    os.environ["PORTONE_V1_INTENTS"] = f"{_no_settings_of_this_machine}/{next(NUMBERS)}.sqlite3"
