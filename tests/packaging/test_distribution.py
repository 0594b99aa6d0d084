"""What is shipped: all of the two packages, nothing stray, one version, and a wheel that works on its own."""

from __future__ import annotations

import email.message
import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from email.parser import BytesParser
from pathlib import Path

import portone_v1
import pytest

from tests.packaging.conftest import ROOT, Built

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def wheel_names(built: Built) -> set[str]:
    with zipfile.ZipFile(built.wheel) as wheel:
        return set(wheel.namelist())


def sdist_names(built: Built) -> set[str]:
    with tarfile.open(built.sdist) as sdist:
        return {name.partition("/")[2] for name in sdist.getnames() if "/" in name}


def metadata(built: Built) -> email.message.Message:
    with zipfile.ZipFile(built.wheel) as wheel:
        (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
        return BytesParser().parsebytes(wheel.read(name))


def tracked(folder: str) -> set[str]:
    """Every file that belongs to a folder: what is there but for caches."""
    base = ROOT / folder
    return {
        path.relative_to(base).as_posix()
        for path in base.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_holds_every_package_whole(built: Built) -> None:
    names = {name for name in wheel_names(built) if ".dist-info/" not in name}
    expected = {f"portone_v1/{name}" for name in tracked("overlay/portone_v1")}
    expected |= {f"portone_v1_runtime/{name}" for name in tracked("overlay/portone_v1_runtime")}
    expected |= {f"portone_v1_generated/{name}" for name in tracked("generated/portone_v1_generated")}
    assert names == expected
    for package in ("portone_v1", "portone_v1_runtime", "portone_v1_generated"):
        assert f"{package}/py.typed" in names
        assert f"{package}/__init__.py" in names
    assert "portone_v1/sandbox/__main__.py" in names


def test_the_wheel_holds_nothing_stray(built: Built) -> None:
    names = wheel_names(built)
    assert {name.partition("/")[0] for name in names} == {
        "portone_v1",
        "portone_v1_generated",
        "portone_v1_runtime",
        f"portone_v1-{portone_v1.__version__}.dist-info",
    }
    pages = "portone_v1/sandbox/web/static/"
    for name in names:
        kinds = {".css", ".html", ".js", ".svg"} if name.startswith(pages) else {".py", ".typed"}
        assert ".dist-info/" in name or Path(name).suffix in kinds, name
    about = {name.partition(".dist-info/")[2] for name in names if ".dist-info/" in name}
    assert {"METADATA", "WHEEL", "RECORD", "licenses/LICENSE"} <= about
    assert built.wheel.name == f"portone_v1-{portone_v1.__version__}-py3-none-any.whl"


def test_the_source_distribution_holds_what_the_wheel_is_built_from(built: Built) -> None:
    names = sdist_names(built)
    assert built.sdist.name == f"portone_v1-{portone_v1.__version__}.tar.gz"
    assert {name.partition("/")[0] for name in names} <= {
        "overlay",
        "generated",
        "README.md",
        "README.ko.md",
        "CHANGELOG.md",
        "LICENSE",
        "pyproject.toml",
        "PKG-INFO",
        ".gitignore",
    }
    assert {"pyproject.toml", "README.md", "README.ko.md", "CHANGELOG.md", "LICENSE", "PKG-INFO"} <= names
    assert {name.partition("/")[2] for name in names if name.startswith("overlay/portone_v1/")} == {
        f"portone_v1/{name}" for name in tracked("overlay/portone_v1")
    }
    assert not [name for name in names if "__pycache__" in name or name.endswith((".pyc", ".orig", ".log"))]


def test_nothing_shipped_names_the_machine_it_was_built_on(built: Built) -> None:
    here = [str(ROOT).encode(), str(Path.home()).encode() + b"/"]
    with zipfile.ZipFile(built.wheel) as wheel:
        for name in wheel.namelist():
            assert not any(place in wheel.read(name) for place in here), name


def test_the_metadata(built: Built) -> None:
    told = metadata(built)
    assert told["Name"] == "portone-v1"
    assert told["Version"] == portone_v1.__version__
    assert told["Requires-Python"] == ">=3.11"
    assert told["License-Expression"] == "MIT"
    assert set(told.get_all("Provides-Extra") or []) == set(PROJECT["optional-dependencies"])
    assert "sandbox" in (told.get_all("Provides-Extra") or [])
    needed = [line for line in told.get_all("Requires-Dist") or [] if "extra ==" not in line]
    assert sorted(re.split(r"[<>=]", line)[0] for line in needed) == ["attrs", "httpx"]
    assert str(told.get_payload()).startswith("# ")
    assert "Typing :: Typed" in (told.get_all("Classifier") or [])


def test_one_version_everywhere() -> None:
    versions = {PROJECT["version"], portone_v1.__version__}
    heads = re.findall(r"^## \[?(\d+\.\d+\.\d+)\]?", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    versions.add(heads[0])
    assert versions == {portone_v1.__version__}


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


@pytest.fixture
def installed(built: Built, tmp_path: Path) -> Path:
    """The wheel on its own, unpacked as an installer does it."""
    target = tmp_path / "site"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-compile"]
    command += ["--disable-pip-version-check", "--target", str(target), str(built.wheel)]
    subprocess.run(command, check=True, capture_output=True)
    return target


def test_the_wheel_works_without_the_tree(installed: Path, tmp_path: Path) -> None:
    import attrs

    needed = Path(attrs.__file__).parents[1]  # httpx and attrs, without the checkout's own .pth file
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PORTONE_V1_", "PYTHON"))}
    environment["PYTHONPATH"] = os.pathsep.join([str(installed), str(needed)])
    done = subprocess.run(
        [sys.executable, "-S", "-W", "error", "-c", SHOP],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "refused",
        f"{installed} {portone_v1.__version__} paid 5000 cancelled",
    ]


def test_the_entry_point_of_the_sandbox_is_in_the_wheel(installed: Path, tmp_path: Path) -> None:
    import attrs

    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(installed), str(Path(attrs.__file__).parents[1])])}
    done = subprocess.run(
        [sys.executable, "-S", "-m", "portone_v1_sandbox", "--help"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "--port" in done.stdout
