"""sdist and wheel: the same bytes from the same commit, nothing stray in them, and what lies beside them."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from scripts.release import build as build_release
from scripts.release.build import commit_time
from scripts.release.contents import inspect_sdist, inspect_wheel
from scripts.release.distributions import DISTRIBUTIONS, Distribution, artefacts
from scripts.steps import StepError, clean, fresh
from tests.release.trees import write

pytestmark = [pytest.mark.apart, pytest.mark.xdist_group("release")]  # what they install is built once

ROOT = Path(__file__).parents[2]
BUILD = "import sys; from pathlib import Path; from scripts.release.build import build; build(*map(Path, sys.argv[1:]))"


def _built(source: Path, folder: Path, umask: int, zone: str, mode: int) -> dict[str, str]:
    """Build in another place, as another user, at another time, from the same commit."""
    tree = shutil.copytree(source, folder / "tree")
    for path in tree.rglob("*.py"):
        path.chmod(mode)
        os.utime(path, (1_000_000_000 + umask, 1_000_000_000 + umask))
    target = folder / "dist"
    environment = {**os.environ, "TZ": zone, "SOURCE_DATE_EPOCH": "1790000000"}
    subprocess.run(
        [sys.executable, "-c", BUILD, str(tree), str(target)], cwd=ROOT, env=environment, umask=umask, check=True
    )
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in target.iterdir()}


@pytest.mark.timeout(300)
def test_the_same_commit_gives_the_same_bytes(tree: Path, tmp_path: Path) -> None:
    here = _built(tree, tmp_path / "here", 0o022, "Asia/Seoul", 0o644)
    there = _built(tree, tmp_path / "a" / "longer" / "way" / "there", 0o077, "America/St_Johns", 0o600)
    assert len(here) == 6
    assert here == there


def test_the_time_is_the_commits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    done = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert commit_time(ROOT) == done.stdout.strip()
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    with pytest.raises(StepError, match="no git history: set SOURCE_DATE_EPOCH"):
        commit_time(tmp_path)


def test_what_lies_in_dist(dist: Path, version: str) -> None:
    names = sorted(path.name for path in dist.iterdir())
    made = [name for one in DISTRIBUTIONS for name in (one.wheel(version), one.sdist(version), one.bill(version))]
    assert names == ["SHA256SUMS", *sorted(made)]
    lines = (dist / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    assert lines == [f"{hashlib.sha256((dist / other).read_bytes()).hexdigest()}  {other}" for other in names[1:]]


CLIENT = {"anyio", "attrs", "certifi", "h11", "httpcore", "httpx", "idna", "typing_extensions"}
NEEDS = {
    "portone-v1": ({"attrs", "httpx"}, CLIENT),
    "portone-v1-sandbox": (
        {"portone-v1", "sortedcontainers", "uvicorn"},
        CLIENT | {"portone-v1", "sortedcontainers", "uvicorn", "click"},
    ),
    "portone-v1-cli": (
        {"portone-v1", "rich", "typer"},
        CLIENT | {"portone-v1", "rich", "typer", "markdown-it-py", "mdurl", "Pygments", "shellingham"},
    ),
}


@pytest.mark.parametrize("one", DISTRIBUTIONS, ids=lambda one: one.name)
def test_the_bill_of_materials(dist: Path, version: str, one: Distribution) -> None:
    bill = json.loads((dist / one.bill(version)).read_text(encoding="utf-8"))
    assert bill["bomFormat"] == "CycloneDX"
    assert bill["metadata"]["component"]["name"] == one.name
    assert bill["metadata"]["component"]["version"] == version
    direct, all_of_them = NEEDS[one.name]
    held = {component["name"] for component in bill["components"]}
    assert all_of_them <= held
    assert all(component["version"] and component["purl"] for component in bill["components"])
    text = json.dumps(bill)
    assert "/tmp" not in text
    assert bill["metadata"]["timestamp"] == "2026-09-21T14:13:20+00:00"  # the commit's
    needs = {entry["ref"]: entry.get("dependsOn", []) for entry in bill["dependencies"]}
    root = bill["metadata"]["component"]["bom-ref"]
    assert {ref.partition("==")[0] for ref in needs[root]} == direct
    assert bill["metadata"]["component"]["purl"] == f"pkg:pypi/{one.name}@{version}"


@pytest.mark.parametrize("one", DISTRIBUTIONS, ids=lambda one: one.name)
def test_the_wheel_brings_its_bill_of_materials(dist: Path, version: str, one: Distribution, tmp_path: Path) -> None:
    wheel = dist / one.wheel(version)
    with zipfile.ZipFile(wheel) as archive:
        held = archive.read(f"{one.stem}-{version}.dist-info/sboms/{one.stem}.cdx.json")
        names = archive.namelist()
    assert held == (dist / one.bill(version)).read_bytes()
    assert len(names) == len(set(names))
    python = fresh(tmp_path / "venv", Path(sys.executable), "--no-deps", "--offline", str(wheel))  # RECORD is right
    code = f"import importlib.metadata as m; print(sum('sboms/' in str(f) for f in m.files('{one.name}')))"
    done = subprocess.run([python, "-c", code], env=clean(), capture_output=True, text=True, check=True)
    assert done.stdout == "1\n"


def test_the_whole_release_is_the_same_twice(tree: Path, dist: Path, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1790000000")
        assert build_release.main(["--root", str(tree), "--output", str(tmp_path / "again")]) == 0
    assert (tmp_path / "again" / "SHA256SUMS").read_bytes() == (dist / "SHA256SUMS").read_bytes()


def test_the_wheels_carry_one_time(made: list[Path]) -> None:
    for wheel in made:
        with zipfile.ZipFile(wheel) as archive:
            assert len({info.date_time for info in archive.infolist()}) == 1


def _with(wheel: Path, folder: Path, name: str, data: bytes) -> Path:
    copy = folder / wheel.name
    shutil.copyfile(wheel, copy)
    with zipfile.ZipFile(copy, "a") as archive:
        archive.writestr(name, data)
    return copy


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("tests/test_x.py", b"", "tests/test_x.py is stray"),
        ("portone_v1/.env", b"", "portone_v1/.env is stray"),
        ("portone_v1/__pycache__/client.cpython-311.pyc", b"", "is stray"),
        ("portone_v1/notes.txt", b"", "portone_v1/notes.txt is stray"),
        ("portone_v1/invented.py", b"", "portone_v1/invented.py is not what the tree holds"),
        ("portone_v1/key.py", b"-----BEGIN PRIVATE KEY-----", "holds a private key"),
        ("portone_v1/path.py", b"/home/gildong/", "holds a private key or a path of this machine"),
    ],
)
def test_what_may_not_be_in_a_wheel(
    tmp_path: Path, tree: Path, wheel: Path, version: str, name: str, data: bytes, expected: str
) -> None:
    complaints = list(inspect_wheel(_with(wheel, tmp_path, name, data), tree, version))
    assert any(expected in complaint for complaint in complaints), complaints


def test_what_must_be_in_a_wheel(tmp_path: Path, tree: Path, wheel: Path, version: str) -> None:
    copy = tmp_path / wheel.name
    with zipfile.ZipFile(wheel) as old, zipfile.ZipFile(copy, "w") as new:
        for name in old.namelist():
            if name not in {"portone_v1/py.typed", "portone_v1/client.py"}:
                new.writestr(name, old.read(name))
    complaints = list(inspect_wheel(copy, tree, version))
    assert f"{wheel.name}: portone_v1/client.py is missing" in complaints
    assert f"{wheel.name}: portone_v1/py.typed is missing: type checkers would not look at it" in complaints
    wrong = list(inspect_wheel(wheel, tree, "9.9.9"))
    assert wrong == [f"{wheel.name}: the metadata say None None, not portone-v1 9.9.9"]


def test_what_may_not_be_in_an_sdist(tmp_path: Path, tree: Path, dist: Path, version: str) -> None:
    sdist = dist / f"portone_v1-{version}.tar.gz"
    assert list(inspect_sdist(sdist, tree, version)) == []
    unpacked, copy = tmp_path / "unpacked", tmp_path / sdist.name
    with tarfile.open(sdist) as archive:
        archive.extractall(unpacked, filter="data")
    top = unpacked / f"portone_v1-{version}"
    (top / "secrets.env").write_text("", encoding="utf-8")
    (top / "overlay" / "portone_v1" / "py.typed").unlink()
    with tarfile.open(copy, "w:gz") as archive:
        archive.add(top, arcname=top.name)
    complaints = list(inspect_sdist(copy, tree, version))
    assert f"{sdist.name}: portone_v1-{version}/secrets.env is stray" in complaints
    assert f"{sdist.name}: overlay/portone_v1/py.typed is missing" in complaints


def test_two_versions_in_one_folder(tmp_path: Path, version: str) -> None:
    for one in DISTRIBUTIONS:
        (tmp_path / one.wheel(version)).write_bytes(b"")
        (tmp_path / one.sdist(version)).write_bytes(b"")
    assert len(artefacts(tmp_path, version)) == 6
    (tmp_path / "portone_v1-0.0.1.tar.gz").write_bytes(b"")
    with pytest.raises(StepError, match=r"holds portone_v1-0\.0\.1\.tar\.gz, "):
        artefacts(tmp_path, version)


def test_nothing_is_built_of_a_tree_that_disagrees(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = write(tmp_path / "tree")
    pyproject = root / "pyproject.toml"
    pyproject.write_text(pyproject.read_text("utf-8").replace('version = "0.1.0"', 'version = "0.2.0"'), "utf-8")
    (root / "CHANGELOG.md").write_text("## 0.1.9\n", encoding="utf-8")
    bundle = b'{"info": {"version": "d"}}'
    stamp = {"release": "0.2.0", "spec_version": "d", "bundle_sha256": hashlib.sha256(bundle).hexdigest()}
    (root / "generated" / "openapi.json").write_bytes(bundle)
    (root / "generated" / "STAMP.json").write_text(json.dumps(stamp), encoding="utf-8")
    assert build_release.main(["--root", str(root), "--output", str(tmp_path / "dist")]) == 1
    assert capsys.readouterr().err.splitlines() == [
        "build: pyproject.toml says 0.1.0, pyproject.toml says 0.2.0",
        "build: sandbox/pyproject.toml says 0.1.0, pyproject.toml says 0.2.0",
        "build: cli/pyproject.toml says 0.1.0, pyproject.toml says 0.2.0",
        "build: overlay/portone_v1/_version.py says 0.1.0, pyproject.toml says 0.2.0",
        "build: CHANGELOG.md says 0.1.9, pyproject.toml says 0.2.0",
    ]
    assert not (tmp_path / "dist").exists()
