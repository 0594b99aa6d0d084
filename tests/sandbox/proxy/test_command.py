"""`portone-v1-sandbox proxy` as a process: what it prints, what it keeps, and how it ends."""

from __future__ import annotations

import json
import os
import signal
import socket
import ssl
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from portone_v1_sandbox import SandboxServer
from portone_v1_sandbox.__main__ import main

SOON = 3.0
"""Seconds, on a machine that does other things too."""
COMMAND = [sys.executable, "-m", "portone_v1_sandbox", "proxy"]


def environment(folder: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if "PROXY" not in name.upper()}
    return kept | {"HOME": str(folder), "USERPROFILE": str(folder)} | more


@contextmanager
def started(folder: Path, *arguments: str, **more: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Start a proxy in a process of its own, and yield its address."""
    command = [*COMMAND, "--port", "0", *arguments]
    with subprocess.Popen(
        command, env=environment(folder, **more), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line.startswith("PortOne V1 sandbox proxy on http://127.0.0.1:"), line
            yield line.split()[5].rstrip(","), process
        finally:
            process.kill()


def ended(process: subprocess.Popen[str]) -> float:
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == 0
    return time.monotonic() - began


def test_one_command_serves_both(tmp_path: Path) -> None:
    pair = {"PORTONE_V1_SANDBOX_IMP_KEY": "k", "PORTONE_V1_SANDBOX_IMP_SECRET": "s3cret"}
    with started(tmp_path, PORTONE_V1_SANDBOX_PORT="0", **pair) as (url, process):
        folder = tmp_path / ".portone-v1-sandbox"
        trusting = ssl.create_default_context(cafile=folder / "ca.pem")
        with httpx.Client(proxy=url, verify=trusting, trust_env=False) as client:
            response = client.post(
                "https://api.iamport.kr/users/getToken", json={"imp_key": "k", "imp_secret": "s3cret"}
            )
            assert response.status_code == 200
        assert httpx.get(f"{url}/proxy.pac", trust_env=False).status_code == 200
        if os.name != "nt":
            assert stat.S_IMODE((folder / "proxy.pem").stat().st_mode) == 0o600
        ended(process)
        assert process.stdout is not None
        assert process.stderr is not None
        printed, errors = process.stdout.read(), process.stderr.read()
    assert "A new certificate was created" not in printed  # no device trusts an earlier one
    port = url.rpartition(":")[2]
    assert f'  eval "$(portone-v1-sandbox proxy --port {port} --print-env)"\n' in printed
    assert "--ignore-certificate-errors-spki-list=" in printed
    assert "s3cret" not in printed
    assert errors == ""


def test_before_a_sandbox_that_runs_already(tmp_path: Path) -> None:
    with SandboxServer() as server, started(tmp_path, "--sandbox", server.url, "--only") as (url, process):
        paid = server.sandbox.pay(merchant_uid="order-1", amount=12000)
        trusting = ssl.create_default_context(cafile=tmp_path / ".portone-v1-sandbox" / "ca.pem")
        with httpx.Client(proxy=url, verify=trusting, trust_env=False) as client:
            assert paid.imp_uid in client.get("https://api.iamport.kr/_sandbox/list/payments").text
            with pytest.raises(httpx.ProxyError, match="403"):
                client.get("https://example.com/")
        ended(process)
        assert process.communicate()[1] == (
            "example.com:443: only api.iamport.kr and cdn.iamport.kr are answered (--only)\n"
        )


def test_it_ends_at_once(tmp_path: Path) -> None:
    """Whoever is connected, and whatever still waits."""
    with started(tmp_path, PORTONE_V1_SANDBOX_PORT="0") as (url, process):
        host, port = url.removeprefix("http://").split(":")
        connections = [socket.create_connection((host, int(port)), timeout=20) for _ in range(20)]
        for number, connection in enumerate(connections):
            head = b"CONNECT api.iamport.kr:443 HTTP/1.1\r\nHost: api.iamport.kr\r\n"
            connection.sendall(head if number % 2 else head + b"\r\n")
        assert connections[0].recv(100).startswith(b"HTTP/1.1 200 ")
        assert ended(process) < SOON
        for connection in connections:
            connection.close()


def test_what_a_shell_reads(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "with space and 'quote'"
    arguments = ["proxy", "--folder", str(folder), "--port", "8800", "--print-env"]
    assert main(arguments) == 0
    printed = capsys.readouterr().out
    assert main([*arguments, "json"]) == 0
    named = json.loads(capsys.readouterr().out)
    assert named["HTTPS_PROXY"] == named["http_proxy"] == "http://127.0.0.1:8800"
    assert (folder / "bundle.pem").read_bytes().endswith((folder / "ca.pem").read_bytes())
    if os.name != "nt":
        script = f'{printed}\n"{sys.executable}" -c "import json, os; print(json.dumps(dict(os.environ)))"'
        done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)
        read = json.loads(done.stdout)
        assert {name: read[name] for name in named} == named
    assert main([*arguments, "powershell"]) == 0
    assert "$env:NODE_USE_ENV_PROXY = '1'\n" in capsys.readouterr().out


def test_the_command_that_is_printed_is_for_this_proxy(tmp_path: Path) -> None:
    folder = tmp_path / "it's kept"
    with started(tmp_path, "--folder", os.fspath(folder), PORTONE_V1_SANDBOX_PORT="0") as (url, process):
        ended(process)
        assert process.stdout is not None
        printed = process.stdout.read()  # communicate() leaves out what came together with the first line
    (shown,) = (line.strip() for line in printed.splitlines() if line.startswith("  eval "))
    if os.name != "nt":
        script = f'PATH="{Path(sys.executable).parent}:$PATH"; {shown}; echo "$HTTPS_PROXY"; echo "$CURL_CA_BUNDLE"'
        done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)
        assert done.stdout.splitlines() == [url, os.fspath(folder / "bundle.pem")]


def test_the_bundle_does_not_grow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a shell that already has the variables."""
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    arguments = ["proxy", "--folder", str(tmp_path / "kept"), "--print-env"]
    assert main(arguments) == 0
    first = (tmp_path / "kept" / "bundle.pem").read_bytes()
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "kept" / "bundle.pem"))
    assert main(arguments) == 0
    assert (tmp_path / "kept" / "bundle.pem").read_bytes() == first


def test_the_authority_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = ["--folder", str(tmp_path / "kept")]
    assert main(["proxy", *folder, "--export-ca", str(tmp_path / "ca.pem")]) == 0
    assert main(["proxy", *folder, "--export-ca", "-"]) == 0
    printed = capsys.readouterr().out
    assert printed == (tmp_path / "ca.pem").read_text("ascii")
    assert "PRIVATE" not in printed
    assert printed.count("BEGIN CERTIFICATE") == 1


@pytest.mark.parametrize(
    ("arguments", "variables", "line"),
    [
        (["--host", "0.0.0.0"], {}, "refusing to bind 0.0.0.0:0: other machines could send their traffic"),
        (["--sandbox", "https://api.iamport.kr"], {}, "the sandbox's address must be http://host:port"),
        (["--sandbox", "http://api.iamport.kr"], {}, "the sandbox's address is the vendor's own"),
        (["--export-ca", "/nowhere/ca.pem"], {}, "cannot write /nowhere/ca.pem: No such file or directory"),
        (["--print-env"], {}, "--print-env needs the --port on which the proxy listens"),
        ([], {"PROXY_HSOT": "x"}, "unknown setting PORTONE_V1_SANDBOX_PROXY_HSOT, did you mean"),
        ([], {"PROXY_ONLY": "maybe"}, "PORTONE_V1_SANDBOX_PROXY_ONLY must be true or false"),
        (["--config", "[proxy]\nhots = 'x'"], {}, "sandbox.toml: [proxy]: unknown name 'hots', did you mean"),
        (["--config", "proxy = 1"], {}, "sandbox.toml: proxy must be a table"),
        (["--config", "[proxy]\nport = 'x'"], {}, "sandbox.toml: [proxy]: port must be a number"),
    ],
)
def test_what_stops_it_is_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    variables: dict[str, str],
    line: str,
) -> None:
    if arguments[:1] == ["--config"]:
        (tmp_path / "sandbox.toml").write_text(arguments[1], "utf-8")
        arguments = ["--config", str(tmp_path / "sandbox.toml")]
    for name, value in variables.items():
        monkeypatch.setenv(f"PORTONE_V1_SANDBOX_{name}", value)
    monkeypatch.setenv("PORTONE_V1_SANDBOX_PORT", "0")
    place = [] if "--config" in arguments else ["--port", "0"]
    assert main(["proxy", "--folder", str(tmp_path / "kept"), *place, *arguments]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(line)
    assert printed.err.count("\n") == 1


def test_the_three_places_of_a_setting(tmp_path: Path) -> None:
    """A flag goes before a variable, and a variable before the file; the sandbox minds none of them."""
    file = tmp_path / "sandbox.toml"
    file.write_text("port = 0\n[proxy]\nonly = true\nfolder = 'from-file'\n", "utf-8")
    kept = str(tmp_path / "from-variable")
    with started(tmp_path, "--config", str(file), "--no-only", PORTONE_V1_SANDBOX_PROXY_FOLDER=kept) as (url, _):
        assert (tmp_path / "from-variable" / "proxy.pem").exists()
        with socket.create_server(("127.0.0.1", 0)) as other:
            place = f"127.0.0.1:{other.getsockname()[1]}"
            host, port = url.removeprefix("http://").split(":")
            with socket.create_connection((host, int(port)), timeout=20) as connection:
                connection.sendall(f"CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n\r\n".encode())
                assert connection.recv(100).startswith(b"HTTP/1.1 200 ")


def test_without_the_extra(tmp_path: Path) -> None:
    """The sandbox runs, and the proxy says in one line what is missing."""
    (tmp_path / "cryptography.py").write_text("raise ImportError('not installed')", "utf-8")
    more = environment(tmp_path, PYTHONPATH=str(tmp_path))
    done = subprocess.run([*COMMAND, "--port", "0"], env=more, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert done.stderr == "the proxy needs the package cryptography: pip install 'portone-v1-sandbox[proxy]'\n"
    other = subprocess.run(
        [sys.executable, "-m", "portone_v1_sandbox", "--help"], env=more, capture_output=True, text=True, check=True
    )
    assert "portone-v1-sandbox proxy --help" in " ".join(other.stdout.split())
