"""The workflows' linter: what it refuses, where it comes from, and what it may reach while it runs."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from scripts.ci import actionlint
from scripts.ci.npm import OURS, install
from scripts.steps import StepError

ROOT = Path(__file__).parents[2]
GOOD = """\
name: good
on: {issues: {types: [opened]}}
permissions: {}
concurrency:
  group: good
  cancel-in-progress: true
jobs:
  first:
    name: first
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    permissions: {}
    strategy:
      matrix:
        number: [1, 2]
    steps:
      - run: echo "$TITLE"
        env:
          TITLE: ${{ github.event.issue.title }}
  second:
    name: second
    needs: first
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    permissions: {}
    steps:
      - run: echo done
"""
# What is put in the place of what, and what is said of it.
FAULTS = {
    "injection": (
        '"$TITLE"',
        '"${{ github.event.issue.title }}"',
        '"github.event.issue.title" is potentially untrusted',
    ),
    "needs": ("needs: first", "needs: frist", 'job "second" needs job "frist" which does not exist'),
    "matrix": ("needs: first\n    runs-on: ubuntu-24.04", "runs-on: ${{ matrix.os }}", 'property "os" is not defined'),
    "label": ("runs-on: ubuntu-24.04", "runs-on: ubuntu-24.4", 'label "ubuntu-24.4" is unknown'),
    "function": ("${{ github.event.issue.title }}", "${{ upper(github.ref) }}", 'undefined function "upper"'),
    "event": ("types: [opened]", "types: [unopened]", 'invalid activity type "unopened"'),
    "syntax": ("${{ github.event.issue.title }}", "${{ github.event.issue.title == }}", "unexpected end of input"),
}


@pytest.fixture(scope="session")
def _linter(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Return the linter, or skip the test if it cannot be installed; in the CI that is a failure."""
    try:
        install(OURS, tmp_path_factory.mktemp("npm"))
    except StepError as error:
        if os.environ.get("PORTONE_V1_CI"):
            pytest.fail(str(error))
        pytest.skip(str(error))


@pytest.mark.usefixtures("_linter")
def test_each_fault_is_found_in_its_file_and_nothing_in_a_good_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = {"good": GOOD} | {name: GOOD.replace(was, becomes) for name, (was, becomes, _) in FAULTS.items()}
    files = [tmp_path / f"{name}.yml" for name in texts]
    for file, text in zip(files, texts.values(), strict=True):
        file.write_text(text, encoding="utf-8")
    assert actionlint.main([str(file) for file in files]) == 1
    output = capsys.readouterr().err.splitlines()
    for name, (_, _, message) in FAULTS.items():
        assert [line for line in output if line.startswith(f"{tmp_path / name}.yml:") and message in line], name
    assert not [line for line in output if "good.yml" in line]


@pytest.mark.apart
@pytest.mark.usefixtures("_linter")
def test_the_target_that_the_ci_calls_refuses_them(tmp_path: Path) -> None:
    workflow = tmp_path / ".github" / "workflows" / "check.yml"
    shutil.copytree(ROOT / ".github", tmp_path / ".github", ignore=lambda *_: ["workflows"])
    workflow.parent.mkdir(parents=True)
    for name in (".gitlab-ci.yml", "examples/compose/compose.yaml", "sandbox/Containerfile"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    ready = f"{sys.prefix}/.ready"

    def make() -> subprocess.CompletedProcess[str]:
        command = ["make", "--file", str(ROOT / "Makefile"), f"VENV={sys.prefix}", f"--old-file={ready}", "lint-ci"]
        return subprocess.run(
            command,
            cwd=tmp_path,
            env=environment | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )

    workflow.write_text(GOOD, encoding="utf-8")
    done = make()
    assert done.returncode == 0, done.stderr
    assert "actionlint: 1 workflows, no findings" in done.stdout
    was, becomes, message = FAULTS["injection"]
    workflow.write_text(GOOD.replace(was, becomes), encoding="utf-8")
    done = make()
    assert done.returncode != 0
    assert message in done.stderr


def test_no_workflow_at_all_is_no_success() -> None:
    with pytest.raises(SystemExit, match="2"):
        actionlint.main([])


def _packed(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def _integrity(tarball: bytes) -> str:
    return f"sha512-{base64.b64encode(hashlib.sha512(tarball).digest()).decode()}"


GREEDY = """
const tries = {
  process: () => process.env,
  require: () => require("node:fs"),
  module: () => process.getBuiltinModule("node:fs"),
  fetch: () => fetch("http://127.0.0.1:9"),
  code: () => Function("return 1")(),
  files: () => fs.readFileSync(".", "utf8"),
};
globalThis.Go = class {
  importObject = {};
  run() {}
};
globalThis.runActionlint = () => Object.entries(tries).map(([kind, attempt], index) => {
  let message = "reached";
  try { attempt(); } catch (error) { message = "refused: " + error.message; }
  return {line: index, column: 1, kind, message};
});
"""


def _package(folder: Path, glue: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "wasm_exec.js").write_text(glue, encoding="utf-8")
    (folder / "main.wasm").write_bytes(b"\0asm\1\0\0\0")
    return folder


def test_the_program_reaches_nothing_of_this_machine(tmp_path: Path) -> None:
    package = _package(tmp_path, GREEDY)
    workflow = tmp_path / "good.yml"
    workflow.write_text(GOOD, encoding="utf-8")
    result = actionlint.findings([workflow], package)
    assert [line.rpartition(" ")[2] for line in result] == [
        "[process]", "[require]", "[module]", "[fetch]", "[code]", "[files]"
    ]  # fmt: skip
    assert not [line for line in result if "refused" not in line]


def test_a_program_that_does_not_answer_is_no_success(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    glue = "globalThis.Go = class { importObject = {}; run() {} }; globalThis.runActionlint = () => undefined;"
    _package(tmp_path / "modules" / actionlint.PACKAGE, glue)
    monkeypatch.setattr(actionlint, "install", lambda *_: tmp_path / "modules")
    workflow = tmp_path / "good.yml"
    workflow.write_text(GOOD, encoding="utf-8")
    assert actionlint.main([str(workflow)]) == 1
    assert "it did not run" in capsys.readouterr().err


@contextmanager
def _registry(tarball: bytes | None) -> Iterator[str]:
    """Serve a registry of one package, with the true facts about its tarball."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if tarball is None:
                self.send_error(404)
                return
            body = tarball
            if self.path == "/linter":
                dist = {"tarball": f"{address}linter-1.0.0.tgz", "integrity": _integrity(tarball)}
                version = {"name": "linter", "version": "1.0.0", "dist": dist}
                document = {"name": "linter", "dist-tags": {"latest": "1.0.0"}, "versions": {"1.0.0": version}}
                body = json.dumps(document).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        address = f"http://127.0.0.1:{server.server_port}/"
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield address
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def _npm_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("cache", "userconfig", "globalconfig"):
        monkeypatch.setenv(f"npm_config_{name}", str(tmp_path / "npm" / name))


def _lock(folder: Path, tarball: bytes) -> Path:
    """Write the lock of a project that needs this tarball, without an address."""
    project = {"name": "project", "dependencies": {"linter": "1.0.0"}}
    linter = {"version": "1.0.0", "integrity": _integrity(tarball)}
    lock = {"name": "project", "lockfileVersion": 3, "packages": {"": project, "node_modules/linter": linter}}
    folder.mkdir()
    (folder / "package.json").write_text(json.dumps(project), encoding="utf-8")
    (folder / "package-lock.json").write_text(json.dumps(lock), encoding="utf-8")
    return folder


MANIFEST = b'{"name": "linter", "version": "1.0.0"}'


@pytest.mark.usefixtures("_npm_of_its_own")
def test_it_is_fetched_once_and_kept_by_npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tarball = _packed({"package.json": MANIFEST, "main.wasm": b"wasm"})
    lock = _lock(tmp_path / "lock", tarball)
    with _registry(tarball) as address:
        monkeypatch.setenv("npm_config_registry", address)
        install(lock, _empty(tmp_path / "first"))
    modules = install(lock, _empty(tmp_path / "second"))  # the registry is gone
    assert (modules / "linter" / "main.wasm").read_bytes() == b"wasm"


def _empty(folder: Path) -> Path:
    folder.mkdir()
    return folder


@pytest.mark.usefixtures("_npm_of_its_own")
def test_another_tarball_of_the_same_version_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    honest, changed = (_packed({"package.json": MANIFEST, "main.wasm": wasm}) for wasm in (b"honest", b"changed"))
    place = _empty(tmp_path / "place")
    with _registry(changed) as address:
        monkeypatch.setenv("npm_config_registry", address)
        with pytest.raises(StepError, match="npm ci of lock: EINTEGRITY"):
            install(_lock(tmp_path / "lock", honest), place)
    assert not [*place.rglob("main.wasm")]


@pytest.mark.usefixtures("_npm_of_its_own")
def test_a_missing_package_is_reported_without_the_registrys_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with _registry(None) as address:
        monkeypatch.setenv("npm_config_registry", address)
        with pytest.raises(StepError, match="npm ci of lock: E404") as caught:
            install(_lock(tmp_path / "lock", b""), _empty(tmp_path / "place"))
    assert address not in str(caught.value)


def test_our_lock_has_a_hash_for_each_package_and_no_address() -> None:
    packages = json.loads((OURS / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    del packages[""]
    assert all(one["integrity"].startswith("sha512-") and "resolved" not in one for one in packages.values())
