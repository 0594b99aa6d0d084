"""The vendor's own clients, as their registries hand them out, and the sandbox on a socket."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from portone_v1_sandbox import SandboxServer

HERE = Path(__file__).parent
NODE_CLIENT = "iamport@0.3.4"
PYTHON_CLIENT = "iamport-rest-client==0.9.0"

Run = Callable[[], dict[str, Any]]


@pytest.fixture
def server() -> Iterator[SandboxServer]:
    with SandboxServer() as running:
        yield running


def _do_without(reason: str) -> None:
    """Skip the test; in the CI that is a failure."""
    if os.environ.get("PORTONE_V1_CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def _install(command: list[str], what: str) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=90)
    except subprocess.TimeoutExpired:
        _do_without(f"{what} did not come in time")
    except subprocess.CalledProcessError as error:
        output = error.stderr.strip().splitlines()
        reason = next((line for line in output if "error" in line.lower()), f"exit code {error.returncode}")
        _do_without(f"{what} cannot be installed: {reason}")


# What is installed comes before the test itself, with the machine's own settings for its registries.
@pytest.fixture(scope="session")
def node_modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        _do_without("there is no Node.js: apt-get install nodejs npm")
    folder = tmp_path_factory.mktemp("node")
    options = ["--prefix", str(folder), "--no-audit", "--no-fund", "--ignore-scripts", "--no-package-lock"]
    options += ["--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=1000"]
    _install([str(npm), "install", *options, NODE_CLIENT], NODE_CLIENT)
    return folder / "node_modules"


@pytest.fixture(scope="session")
def python_packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the client without the old `requests` that it requires: the one that is here works."""
    folder = tmp_path_factory.mktemp("python")
    options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--target", str(folder)]
    options += ["--retries=1"]
    _install([sys.executable, "-m", "pip", "install", *options, PYTHON_CLIENT], PYTHON_CLIENT)
    return folder


def _run(server: SandboxServer, command: list[str], **environment: str) -> dict[str, Any]:
    arguments = [server.url, "sandbox_key", "sandbox_secret", str(server.sandbox.clock.now())]
    settings = os.environ | {"NO_PROXY": "127.0.0.1"} | environment
    done = subprocess.run([*command, *arguments], capture_output=True, text=True, env=settings, timeout=60)
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result


@pytest.fixture
def run_node(node_modules: Path, server: SandboxServer) -> Run:
    script = str(HERE / "node_client.js")
    return lambda: _run(server, ["node", "--no-deprecation", script], NODE_PATH=str(node_modules))


@pytest.fixture
def run_python(python_packages: Path, server: SandboxServer) -> Run:
    script = str(HERE / "python_client.py")
    return lambda: _run(server, [sys.executable, script], PYTHONPATH=str(python_packages))
