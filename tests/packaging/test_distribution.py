"""What is shipped: three distributions, each with its own packages whole and nothing stray, that work on their own."""

from __future__ import annotations

import email.message
import os
import re
import subprocess
import sys
import tarfile
import zipfile
from email.parser import Parser
from pathlib import Path

import portone_v1
import pytest

from scripts.release.distributions import DISTRIBUTIONS, Distribution, project, raise_version, versions
from tests.packaging.conftest import ROOT

pytestmark = [pytest.mark.apart, pytest.mark.xdist_group("wheels")]  # what they install is built once

VERSION = portone_v1.__version__
CLIENT, SANDBOX, CLI = DISTRIBUTIONS
each = pytest.mark.parametrize("one", DISTRIBUTIONS, ids=lambda one: one.name)


def wheel_names(built: Path, one: Distribution) -> set[str]:
    with zipfile.ZipFile(built / one.wheel(VERSION)) as wheel:
        return set(wheel.namelist())


def sdist_names(built: Path, one: Distribution) -> set[str]:
    with tarfile.open(built / one.sdist(VERSION)) as sdist:
        return {name.partition("/")[2] for name in sdist.getnames() if "/" in name}


def metadata(built: Path, one: Distribution) -> email.message.Message:
    with zipfile.ZipFile(built / one.wheel(VERSION)) as wheel:
        return Parser().parsestr(wheel.read(f"{one.stem}-{VERSION}.dist-info/METADATA").decode())


def needs(built: Path, one: Distribution, extra: str | None = None) -> set[str]:
    """Return the names of its requirements, or of an extra's; this project's have their versions."""
    lines = metadata(built, one).get_all("Requires-Dist") or []
    chosen = [line for line in lines if (f"extra == '{extra}'" in line if extra else "extra ==" not in line)]
    names = [line.partition(";")[0].strip() for line in chosen]
    return {line if line.startswith("portone-v1") else re.split(r"[<>=\[]", line)[0] for line in names}


def tracked(folder: str) -> set[str]:
    """Return every file of a folder except caches."""
    base = ROOT / folder
    return {
        path.relative_to(base).as_posix()
        for path in base.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@each
def test_a_wheel_holds_its_packages_whole_and_nothing_else(built: Path, one: Distribution) -> None:
    names = wheel_names(built, one)
    expected = {
        f"{package}/{name}" for package, folder in one.packages.items() for name in tracked(f"{folder}/{package}")
    }
    assert {name for name in names if ".dist-info/" not in name} == expected
    for package in one.packages:
        assert {f"{package}/py.typed", f"{package}/__init__.py"} <= names
    about = {name.partition(".dist-info/")[2] for name in names if ".dist-info/" in name}
    scripts = {"entry_points.txt"} if one is not CLIENT else set()
    assert about == {"METADATA", "WHEEL", "RECORD", "licenses/LICENSE"} | scripts


def test_the_client_brings_no_sandbox_no_page_and_no_script(built: Path) -> None:
    names = wheel_names(built, CLIENT)
    assert not [name for name in names if "sandbox/" in name or "cli/" in name or "static/" in name]
    inside = {name for name in names if ".dist-info/" not in name and "contrib/django/templates/" not in name}
    assert {Path(name).suffix for name in inside} <= {".py", ".typed", ".json"}
    assert needs(built, CLIENT) == {"attrs", "httpx"}
    assert needs(built, CLIENT, "sandbox") == {f"portone-v1-sandbox=={VERSION}"}
    assert needs(built, CLIENT, "cli") == {f"portone-v1-cli=={VERSION}"}
    assert needs(built, SANDBOX) == {f"portone-v1=={VERSION}", "sortedcontainers", "uvicorn"}
    assert needs(built, CLI) == {f"portone-v1=={VERSION}", "rich", "typer"}
    assert needs(built, CLI, "sandbox") == {f"portone-v1-sandbox=={VERSION}"}


def test_entry_points(built: Path) -> None:
    scripts = {}
    for one in (SANDBOX, CLI):
        with zipfile.ZipFile(built / one.wheel(VERSION)) as wheel:
            scripts[one.name] = wheel.read(f"{one.stem}-{VERSION}.dist-info/entry_points.txt").decode().split("\n")
    assert {"portone-v1-sandbox = portone_v1_sandbox.__main__:main", "[pytest11]"} <= {*scripts["portone-v1-sandbox"]}
    assert "portone_v1_sandbox = portone_v1_sandbox.pytest_plugin" in scripts["portone-v1-sandbox"]
    assert scripts["portone-v1-cli"][:2] == ["[console_scripts]", "portone-v1 = portone_v1_cli:main"]


@each
def test_a_source_distribution_holds_what_its_wheel_is_built_from(built: Path, one: Distribution) -> None:
    names = sdist_names(built, one)
    assert {"pyproject.toml", "PKG-INFO", *one.documents} <= names
    for package, folder in one.packages.items():
        top = package if folder == one.folder else f"{folder}/{package}"
        found = {name.removeprefix(f"{top}/") for name in names if name.startswith(f"{top}/") and "." in name}
        assert found == tracked(f"{folder}/{package}")
    assert not [name for name in names if "__pycache__" in name or name.endswith((".pyc", ".orig", ".log"))]


@each
def test_nothing_shipped_names_the_machine_it_was_built_on(built: Path, one: Distribution) -> None:
    here = [str(ROOT).encode(), str(Path.home()).encode() + b"/"]
    with zipfile.ZipFile(built / one.wheel(VERSION)) as wheel:
        for name in wheel.namelist():
            assert not any(place in wheel.read(name) for place in here), name


@each
def test_the_metadata(built: Path, one: Distribution) -> None:
    fields = metadata(built, one)
    assert fields["Metadata-Version"] == "2.3"  # twine 5.1 and 6.0, and indexes of their time, take no newer one
    assert fields["Name"] == one.name
    assert fields["Version"] == VERSION
    assert fields["Requires-Python"] == ">=3.11"
    assert fields["License"] == "MIT"
    assert set(fields.get_all("Provides-Extra") or []) == set(
        project(ROOT, one.folder).get("optional-dependencies", {})
    )
    classifiers = fields.get_all("Classifier") or []
    minors = [line.rpartition(" :: ")[2] for line in classifiers if re.search(r"Python :: 3\.\d+$", line)]
    assert minors == ["3.11", "3.12", "3.13", "3.14"]
    assert "Typing :: Typed" in classifiers
    assert {"포트원", "아임포트"} <= set(str(fields["Keywords"]).split(","))
    links = {line.partition(", ")[0] for line in fields.get_all("Project-URL") or []}
    assert {"Homepage", "Documentation", "Source", "Changelog", "Issues"} <= links
    page = str(fields.get_payload())
    assert page.startswith(f"# {one.name}\n")
    assert re.search("[가-힣]", page)


@pytest.mark.parametrize("folder", ["sandbox", "cli"])
def test_the_licence_is_one(folder: str) -> None:
    assert (ROOT / folder / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()


def test_one_version_everywhere(tmp_path: Path) -> None:
    results = list(versions(ROOT))
    assert {version for _, version in results} == {VERSION}
    # Three projects, what the extras pin, what sandbox and command line need of the client, and `__version__`.
    assert [place for place, _ in results].count("pyproject.toml") == 4
    assert [place for place, _ in results].count("sandbox/pyproject.toml") == 2
    assert [place for place, _ in results].count("cli/pyproject.toml") == 3
    heads = re.findall(r"^## \[?(\d+\.\d+\.\d+)\]?", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert heads[0] == VERSION


def test_a_version_is_raised_in_one_place(tmp_path: Path) -> None:
    for place in dict.fromkeys(place for place, _ in versions(ROOT)):
        path = tmp_path / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes((ROOT / place).read_bytes())
    raise_version(tmp_path, "7.8.9")
    assert {version for _, version in versions(tmp_path)} == {"7.8.9"}
    assert len(list(versions(tmp_path))) == len(list(versions(ROOT)))
    for one in DISTRIBUTIONS:
        ours = (tmp_path / one.folder / "pyproject.toml").read_text("utf-8")
        assert VERSION not in re.findall(r'"portone-v1[^"]*==([^"]+)"|^version = "([^"]+)"', ours, re.MULTILINE)
        assert ours.replace("7.8.9", VERSION) == (ROOT / one.folder / "pyproject.toml").read_text("utf-8")


SHOP = """
import asyncio, sys
from pathlib import Path
import portone_v1
from portone_v1 import FULL, RefusedError
from portone_v1_sandbox import Sandbox

where = Path(portone_v1.__file__).parent.parent
assert (where / "portone_v1_generated").is_dir()
card = {"card_number": "4242-4242-4242-4242", "expiry": "2031-12", "birth": "900101"}
sandbox = Sandbox()
with sandbox.client() as client:
    paid = client.subscribe.onetime(merchant_uid="order-1", amount=12000, name="원두", **card)
    read = client.payments.get(paid.imp_uid)
    part = client.payments.cancel(imp_uid=paid.imp_uid, amount=5000, checksum=12000)
    try:
        client.payments.cancel(imp_uid=paid.imp_uid, amount=5000, checksum=12000)
    except RefusedError:
        print("refused")

async def rest():
    async with sandbox.async_client() as client:
        return await client.payments.cancel(imp_uid=paid.imp_uid, amount=FULL)

last = asyncio.run(rest())
print(where, portone_v1.__version__, read.status, part.cancel_amount, last.status)
"""


@pytest.fixture(scope="session")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpack client and sandbox as an installer does."""
    return unpacked(tmp_path_factory.mktemp("site"), built, CLIENT, SANDBOX)


def unpacked(target: Path, built: Path, *chosen: Distribution) -> Path:
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-compile"]
    command += ["--disable-pip-version-check", "--target", str(target)]
    command += [str(built / one.wheel(VERSION)) for one in chosen]
    subprocess.run(command, check=True, capture_output=True)
    return target


def run(site: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a Python that sees `site` and the installed dependencies, but not the checkout."""
    import attrs

    needed = Path(attrs.__file__).parents[1]  # without the checkout's own .pth files
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PORTONE_V1_", "PYTHON"))}
    kept["PYTHONPATH"] = os.pathsep.join([str(site), str(needed)])
    command = [sys.executable, "-S", "-W", "error", *arguments]
    return subprocess.run(command, cwd=folder, env=kept, capture_output=True, text=True, check=False)


def test_the_wheels_work_without_the_tree(installed: Path, tmp_path: Path) -> None:
    done = run(installed, tmp_path, "-c", SHOP)
    assert done.stderr == ""
    assert done.stdout.splitlines() == ["refused", f"{installed} {VERSION} paid 5000 cancelled"]


def test_the_sandbox_runs_as_a_module(installed: Path, tmp_path: Path) -> None:
    done = run(installed, tmp_path, "-m", "portone_v1_sandbox", "--help")
    assert done.returncode == 0, done.stderr
    assert "--port" in done.stdout


def test_the_client_alone_and_the_command_line_without_a_sandbox(built: Path, tmp_path: Path) -> None:
    site = unpacked(tmp_path / "site", built, CLIENT, CLI)
    done = run(site, tmp_path, "-c", "import portone_v1; portone_v1.PortOne(imp_key='k', imp_secret='s').close()")
    assert (done.returncode, done.stderr) == (0, "")
    assert "payments" in run(site, tmp_path, "-m", "portone_v1_cli", "--help").stdout
    done = run(site, tmp_path, "-m", "portone_v1_cli", "sandbox")
    assert done.returncode == 2
    assert done.stderr.endswith("The sandbox is not installed: pip install 'portone-v1-cli[sandbox]'\n")
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""
