"""`doctor`: each thing that may stand between a shop and V1, and what to do."""

from __future__ import annotations

import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
from portone_v1._http.tls import tls_context
from portone_v1_cli.exit_codes import ExitCode
from portone_v1_sandbox import Channel, Sandbox

from ..conftest import Run
from ..network import Network


def findings(run: Run, *arguments: str) -> tuple[int, dict[str, dict[str, str]]]:
    ended = run("doctor", "-o", "json", *arguments)
    return ended.code, {finding["name"]: finding for finding in json.loads(ended.out)}


def test_all_is_well_with_the_sandbox(run: Run) -> None:
    code, found = findings(run)
    assert code == ExitCode.SUCCESS
    assert {name: finding["state"] for name, finding in found.items()} == {
        "DNS": "ok", "TLS": "skipped", "clock": "ok", "API key": "ok", "channels": "ok",
    }  # fmt: skip
    shown = run("doctor")
    assert "API key" in shown.out
    assert "sandbox_secret" not in shown.out + shown.err


def test_a_wrong_key(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTONE_V1_SECRET", "wrong-secret")
    code, found = findings(run)
    assert code == ExitCode.REFUSED
    assert found["API key"]["state"] == "bad"
    assert "console" in found["API key"]["advice"]
    assert "channels" not in found


def test_a_name_that_does_not_exist(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTONE_V1_BASE_URL", "https://nowhere.invalid")
    code, found = findings(run)
    assert code == ExitCode.UNREACHABLE
    assert found["DNS"]["state"] == "bad"


@pytest.fixture
def impostor(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """Run a TLS server that completes handshakes, with a certificate of its own authority."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                plain, _ = listener.accept()
            except OSError:
                return
            plain.settimeout(5)
            try:
                with context.wrap_socket(plain, server_side=True) as secured:
                    secured.recv(1)
            except OSError:
                plain.close()

    thread = threading.Thread(target=serve)
    thread.start()
    yield listener.getsockname()[1], tmp_path / "ca.pem"
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join()


def test_tls_tells_version_and_suite(run: Run, monkeypatch: pytest.MonkeyPatch, impostor: tuple[int, Path]) -> None:
    port, authority = impostor
    monkeypatch.setenv("PORTONE_V1_BASE_URL", f"https://localhost:{port}")
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    tls_context.cache_clear()
    code, found = findings(run)
    assert found["TLS"]["state"] == "ok"
    assert found["TLS"]["found"].startswith("TLSv1.3, TLS_")
    assert code == ExitCode.UNREACHABLE  # and then it is no V1
    tls_context.cache_clear()


def test_a_certificate_that_nobody_vouches_for(
    run: Run, monkeypatch: pytest.MonkeyPatch, impostor: tuple[int, Path]
) -> None:
    monkeypatch.setenv("PORTONE_V1_BASE_URL", f"https://localhost:{impostor[0]}")
    code, found = findings(run)
    assert code == ExitCode.UNREACHABLE
    assert found["TLS"]["state"] == "bad"
    assert "issuer" in found["TLS"]["found"]


@pytest.mark.parametrize(("skew", "expected"), [(-300, "behind"), (300, "ahead of")])
def test_a_clock_that_is_wrong(run: Run, monkeypatch: pytest.MonkeyPatch, skew: int, expected: str) -> None:
    wrong = type("Clock", (), {"time": staticmethod(lambda: time.time() + skew)})
    monkeypatch.setattr("portone_v1_cli.doctor.checks.time", wrong)
    code, found = findings(run)
    assert code == ExitCode.REFUSED
    assert expected in found["clock"]["found"]
    assert "NTP" in found["clock"]["advice"]


class TestOfTestChannels:
    @pytest.fixture
    def sandbox(self) -> Sandbox:
        return Sandbox(
            channels=[
                Channel("channel-key-1", "html5_inicis", "test", "payment", sandbox=True),
                Channel("channel-key-2", "html5_inicis", "live", "payment", sandbox=False),
            ]
        )

    def test_a_test_channel_before_the_live_one(self, run: Run) -> None:
        code, found = findings(run)
        assert code == ExitCode.SUCCESS
        assert found["test/live"]["state"] == "warn"
        assert "channel_key" in found["test/live"]["advice"]


def test_a_shop_without_channels(run: Run, network: Network) -> None:
    network.sandbox = Sandbox(channels=[])
    code, found = findings(run)
    assert code == ExitCode.REFUSED
    assert "console" in found["channels"]["advice"]


@pytest.mark.parametrize(
    ("address", "state", "expected"),
    [("{url}/_sandbox/clock", "warn", "private address"), ("http://127.0.0.1:1/hook", "bad", "no response"),
     ("https://nowhere.invalid/hook", "bad", "does not resolve"), ("shop.example.com/hook", "bad", "not a URL")],
)  # fmt: skip
def test_the_webhook_address(run: Run, network: Network, address: str, state: str, expected: str) -> None:
    _, found = findings(run, "--webhook-url", address.format(url=network.url))
    assert found["webhook"]["state"] == state
    assert expected in found["webhook"]["found"]
    assert found["webhook"]["advice"]
