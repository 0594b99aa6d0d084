"""The sandbox as one file: the same bytes from the same tree, on every Python that is here, with nothing installed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from queue import Queue
from threading import Thread

import httpx
import pytest

from scripts.release import pyz
from scripts.steps import clean, fresh
from tests.packaging.conftest import ROOT
from tests.release.machine import pythons
from tests.release.wheels import runtime_wheels

pytestmark = [pytest.mark.apart, pytest.mark.xdist_group("wheels")]  # what they install is built once

FOUND = pythons()
PAIR = {"imp_key": "sandbox_key", "imp_secret": "sandbox_secret"}


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("pyz") / pyz.NAME
    pyz.write(ROOT, target)
    return target


@contextmanager
def serving(command: list[str], folder: Path) -> Iterator[httpx.Client]:
    """Run it where nothing of this tree is, and see it end by SIGTERM without a word."""
    environment = clean(PYTHONWARNINGS="error")
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen([*command, "--port", "0"], cwd=folder, env=environment, text=True, **pipes) as process:  # type: ignore[call-overload]
        try:
            line = process.stdout.readline() or process.stderr.read()
            assert line.startswith("PortOne V1 sandbox on http://127.0.0.1:"), line
            with httpx.Client(base_url=line.split()[4].rstrip(",")) as client:
                yield client
            process.send_signal(signal.SIGTERM)
            assert process.communicate(timeout=20) == ("", "")
            assert process.returncode == 0
        finally:
            process.kill()


@contextmanager
def shop() -> Iterator[tuple[str, Queue[bytes]]]:
    received: Queue[bytes] = Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.put(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/webhook", received
        server.shutdown()


def test_the_same_bytes(file: Path, tmp_path: Path) -> None:
    digest = pyz.write(ROOT, tmp_path / "again.pyz")
    assert (tmp_path / "again.pyz").read_bytes() == file.read_bytes()
    assert len(digest) == 64
    assert os.access(file, os.X_OK)


def test_it_holds_pure_python_and_licences_and_no_place_of_this_machine(file: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        texts = b"".join(archive.read(name) for name in names)
    assert not [name for name in names if name.endswith((".so", ".pyd", ".pyc", ".pyi"))]
    tops = {name.partition("/")[0] for name in names if ".dist-info" not in name}
    assert {"portone_v1_sandbox", "portone_v1_generated", "httpx", "h11", "attr", "sortedcontainers"} <= tops
    about = {name.partition("-")[0] for name in names if ".dist-info/" in name}
    assert {name.partition("-")[0] for name in names if "/licenses/" in name or "LICENSE" in name} >= about - {
        "certifi"
    }
    assert str(ROOT).encode() not in texts
    assert f"{Path.home()}/".encode() not in texts


@pytest.mark.timeout(120)
@pytest.mark.parametrize("python", FOUND)
def test_it_runs_on_a_bare_python(file: Path, tmp_path: Path, python: str) -> None:
    database = tmp_path / "shop.sqlite3"
    command = [str(FOUND[python]), "-I", "-S", str(file), "--db", str(database)]
    with shop() as (url, received), serving([*command, "--webhook", url], tmp_path) as client:
        token = client.post("/users/getToken", json=PAIR).json()["response"]["access_token"]
        client.headers["Authorization"] = token
        paid = client.post("/_sandbox/payments", json={"merchant_uid": "order-1", "amount": 1000}).json()["response"]
        assert json.loads(received.get(timeout=20))["imp_uid"] == paid["imp_uid"]
        assert client.get(f"/payments/{paid['imp_uid']}").json()["response"]["amount"] == 1000
        assert client.get("/").status_code == 200
        assert "request_pay" in client.get("/v1/iamport.js").text
        assert client.get("/banks").json()["response"]
        assert client.head("/_sandbox/ready").status_code == 200
    assert database.exists()
    assert {path.name for path in tmp_path.iterdir()} <= {"shop.sqlite3", "shop.sqlite3-wal", "shop.sqlite3-shm"}


def test_an_older_python_says_so(file: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        start = archive.read("__main__.py").decode()
    older = start.replace("sys.version_info < (3, 11)", "True").split("from portone_v1_sandbox")[0]
    done = subprocess.run([sys.executable, "-c", older], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("the PortOne V1 sandbox needs Python 3.11 or newer; this is 3.")


@pytest.mark.timeout(120)
def test_uvx(built: Path, tmp_path: Path) -> None:
    """What `uvx portone-v1-sandbox` and `pipx run` do: an environment of its own, and the script of that name."""
    held = runtime_wheels(tmp_path / "wheels")
    wheels = [str(path) for path in built.glob("portone_v1*.whl")]
    python = fresh(tmp_path / "venv", FOUND[max(FOUND)], "--offline", "--no-index", "--find-links", str(held), *wheels)
    script = python.with_name("portone-v1-sandbox")
    with serving([str(script)], tmp_path) as client:
        assert client.get("/_sandbox/health").json()["response"]["status"] == "ok"
    output = subprocess.run([script, "--help"], capture_output=True, text=True, check=True, cwd=tmp_path).stdout
    assert output.startswith("usage: portone-v1-sandbox ")
