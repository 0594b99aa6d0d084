"""From dist/ to a real index on this machine, and from there into a fresh environment."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.release.distributions import artefacts
from scripts.release.publish import address, explain, main, require_credentials
from scripts.steps import StepError, clean, fresh, tool
from tests.release.loopback import Index, serve
from tests.release.wheels import runtime_wheels

pytestmark = [pytest.mark.apart, pytest.mark.xdist_group("release")]  # what they install is built once

ROOT = Path(__file__).parents[2]
READ = "import portone_v1; from portone_v1_sandbox import Sandbox; print(portone_v1.__version__, Sandbox().client())"
CREDENTIALS = ("UV_PUBLISH_TOKEN", "UV_PUBLISH_USERNAME", "UV_PUBLISH_PASSWORD", "UV_PUBLISH_URL")
IDENTITIES = ("ACTIONS_ID_TOKEN_REQUEST_URL", "PYPI_ID_TOKEN")


def test_the_job_that_uploads_needs_no_package_but_uv() -> None:
    """`-S`: without what is installed here."""
    code = "import sys; sys.path.insert(0, '.'); import scripts.release.publish"
    done = subprocess.run([sys.executable, "-S", "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture(autouse=True)
def _no_credentials_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*CREDENTIALS, *IDENTITIES):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    folder = tmp_path / "packages"
    folder.mkdir()
    return folder


@pytest.fixture
def index(packages: Path) -> Iterator[Index]:
    with serve(packages, "release", "correct horse") as running:
        yield running


def _use(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


def _pip(python: Path, index: Index, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run pip with this index only."""
    url = index.simple.replace("://", "://release:correct%20horse@")
    command = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-cache-dir", "--index-url", url]
    environment = clean(PIP_CONFIG_FILE=os.devnull, PIP_DISABLE_PIP_VERSION_CHECK="1")
    return subprocess.run([*command, *arguments], env=environment, capture_output=True, text=True, check=False)


def _lock(index: Index, folder: Path, version: str) -> Path:
    wanted, locked = folder / "requirements.in", folder / "requirements.txt"
    wanted.write_text(f"portone-v1[sandbox]=={version}\n", encoding="utf-8")
    environment = clean(UV_DEFAULT_INDEX=f"internal={index.simple}", UV_NO_CACHE="1", **index.reading)
    subprocess.run(
        [tool("uv"), "pip", "compile", "--quiet", "--generate-hashes", "--no-emit-index-url", wanted, "-o", locked],
        env=environment,
        check=True,
        capture_output=True,
    )
    return locked


def test_upload_and_install(
    tree: Path,
    dist: Path,
    version: str,
    index: Index,
    packages: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    publish = ["--index", "internal", "--dist", str(dist), "--root", str(tree)]
    host = index.url.removeprefix("http://").removesuffix("/")
    wheel = f"portone_v1-{version}-py3-none-any.whl"

    _use(monkeypatch, {**index.publishing, "UV_PUBLISH_PASSWORD": "wrong horse"})
    assert main(publish) == 1
    refused = f"publish: {wheel}: {host} refused the credentials (or they may not upload this package)\n"
    assert capfd.readouterr().err == refused
    assert list(packages.iterdir()) == []

    _use(monkeypatch, index.publishing)
    assert main(publish) == 0
    output = capfd.readouterr()
    assert output.out == f"publish: 6 files of {version} are on {host}\n"
    assert "correct horse" not in output.out + output.err
    files = artefacts(dist, version)
    assert sorted(path.name for path in packages.iterdir()) == sorted(path.name for path in files)
    assert (packages / wheel).read_bytes() == (dist / wheel).read_bytes()

    assert main(publish) == 1
    printed = capfd.readouterr().err.splitlines()
    assert f"publish: {wheel}: {host} has this version already: a version is published once, so raise it" in printed

    runtime_wheels(packages)
    locked = _lock(index, tmp_path, version)
    assert locked.read_text(encoding="utf-8").count("--hash=sha256:") >= 9
    python = fresh(tmp_path / "venv", Path(sys.executable))
    done = _pip(python, index, "--require-hashes", "--only-binary", ":all:", "-r", str(locked))
    assert done.returncode == 0, done.stderr
    ran = subprocess.run([python, "-c", READ], cwd=tmp_path, env=clean(), capture_output=True, text=True, check=True)
    assert ran.stdout.startswith(f"{version} <PortOne ")

    with zipfile.ZipFile(packages / wheel, "a") as archive:  # someone changes the file on the index
        archive.writestr("portone_v1/_more.py", "")
    other = fresh(tmp_path / "other", Path(sys.executable))
    done = _pip(other, index, "--require-hashes", "--only-binary", ":all:", "-r", str(locked))
    assert done.returncode != 0
    assert "DO NOT MATCH THE HASHES" in done.stderr


def _impostor(folder: Path) -> None:
    """Make a package of the same name and a higher version, as anyone can put on a public index."""
    info = "portone_v1-99.0.0.dist-info"
    with zipfile.ZipFile(folder / "portone_v1-99.0.0-py3-none-any.whl", "w") as archive:
        archive.writestr("portone_v1/__init__.py", "")
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: portone-v1\nVersion: 99.0.0\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")


def test_a_higher_version_elsewhere_is_not_taken(
    wheel: Path, version: str, index: Index, packages: Path, tmp_path: Path
) -> None:
    shutil.copy(wheel, packages)
    public = runtime_wheels(tmp_path / "public")
    _impostor(public)
    project = '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = ["portone-v1"]\n'
    pinned = (
        f'[[tool.uv.index]]\nname = "internal"\nurl = "{index.simple}"\nexplicit = true\n'
        '[tool.uv.sources]\nportone-v1 = { index = "internal" }\n'
    )
    path = tmp_path / "pyproject.toml"
    with serve(public, "anyone", "x") as elsewhere:
        default = elsewhere.simple.replace("://", "://anyone:x@")
        environment = clean(UV_DEFAULT_INDEX=default, UV_NO_CACHE="1", **index.reading)
        environment.pop("UV_NO_CONFIG")
        command = [tool("uv"), "pip", "compile", "--no-header", "--no-annotate", "--no-emit-index-url", str(path)]

        def resolved() -> str:
            done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
            return next(line for line in done.stdout.splitlines() if line.startswith("portone-v1"))

        path.write_text(project + pinned, encoding="utf-8")
        assert resolved() == f"portone-v1=={version}"
        path.write_text(project, encoding="utf-8")
        assert resolved() == "portone-v1==99.0.0"  # what the pin is there for


@pytest.mark.parametrize("spoiled", ["portone_v1-{}.tar.gz", "portone_v1-{}.cdx.json", "SHA256SUMS", "more.txt"])
def test_what_was_touched_since_it_was_built(
    tree: Path,
    dist: Path,
    version: str,
    index: Index,
    packages: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    spoiled: str,
) -> None:
    name = spoiled.format(version)
    copy = shutil.copytree(dist, tmp_path / "dist")
    if name == "SHA256SUMS":
        (copy / name).unlink()
    else:
        with (copy / name).open("ab") as file:
            file.write(b"\0")
    _use(monkeypatch, index.publishing)
    assert main(["--index", "internal", "--dist", str(copy), "--root", str(tree)]) == 1
    output = capsys.readouterr().err
    assert output.startswith(f"publish: dist/{name} is ")
    assert output.count("\n") == 1
    assert list(packages.iterdir()) == []


def test_nobody_listens(
    tree: Path, dist: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = "http://127.0.0.1:9/"
    _use(monkeypatch, {"UV_PUBLISH_URL": url, "UV_PUBLISH_TOKEN": "t", "UV_HTTP_RETRIES": "0"})
    assert main(["--index", "internal", "--dist", str(dist), "--root", str(tree)]) == 1
    output = capsys.readouterr().err
    assert "127.0.0.1:9: Connection refused" in output
    assert output.count("\n") == 1


def test_where_to(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text(
        '[[tool.uv.index]]\nname = "internal"\nurl = "https://packages.example.com/simple/"\n'
        'publish-url = "https://packages.example.com/legacy/"\n',
        encoding="utf-8",
    )
    assert address("internal", path, {}) == "https://packages.example.com/legacy/"
    assert address("internal", path, {"UV_PUBLISH_URL": "https://other.example.com/"}) == "https://other.example.com/"
    for host in ("127.0.0.1:80", "localhost", "[::1]:8080"):
        assert address("any", path, {"UV_PUBLISH_URL": f"http://{host}/"}) == f"http://{host}/"
    with pytest.raises(StepError, match="no index 'external': set UV_PUBLISH_URL"):
        address("external", path, {})
    for url in ("http://packages.example.com/", "http://127.0.0.1.example.com/", "ftp://localhost/"):
        with pytest.raises(StepError, match="credentials travel over https only"):
            address("internal", path, {"UV_PUBLISH_URL": url})
    with pytest.raises(StepError, match="the index's URL holds credentials") as raised:
        address("internal", path, {"UV_PUBLISH_URL": "https://release:horse@packages.example.com/"})
    assert "horse" not in str(raised.value)


def test_with_what() -> None:
    require_credentials({"UV_PUBLISH_TOKEN": "t"})
    require_credentials({"UV_PUBLISH_USERNAME": "u", "UV_PUBLISH_PASSWORD": "p"})
    require_credentials({"ACTIONS_ID_TOKEN_REQUEST_URL": "https://example.com/"})
    for environment in ({}, {"UV_PUBLISH_USERNAME": "u"}, {"UV_PUBLISH_PASSWORD": "p"}):
        with pytest.raises(StepError, match="no credentials: set UV_PUBLISH_TOKEN"):
            require_credentials(environment)


def test_empty_variables_are_none(
    tree: Path, dist: Path, index: Index, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _use(monkeypatch, {"UV_PUBLISH_URL": index.url, "UV_PUBLISH_USERNAME": "", "UV_PUBLISH_PASSWORD": ""})
    assert main(["--index", "internal", "--dist", str(dist), "--root", str(tree)]) == 1
    expected = "publish: no credentials: set UV_PUBLISH_TOKEN, or UV_PUBLISH_USERNAME and UV_PUBLISH_PASSWORD\n"
    assert capsys.readouterr().err == expected


def test_other_answers() -> None:
    assert explain("error: x\n  cause: y\n  cause: timed out\n", "h") == "h: timed out"
    assert explain("error: something\n", "h") == "h: error: something"
    assert explain("", "h") == "h: no answer"
    # Numbers that are no status: a port, a size.
    output = "Uploading x.whl (403.1KiB)\nerror: x to `http://127.0.0.1:40123/`\n  cause: status code 409 Conflict\n"
    assert explain(output, "h").startswith("h has this version already")
    assert explain(output.replace("409 Conflict", "500 Oops"), "h") == "h: status code 500 Oops"
    assert explain(output.replace("409 Conflict", "401 Unauthorized"), "h").startswith("h refused the credentials")
