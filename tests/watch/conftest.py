"""A small document in the vendor's manner, and the facts that stand in for its last review."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from scripts.watch.__main__ import main

ROOT = Path(__file__).resolve().parents[2]
SHOP = Path(__file__).parent / "data" / "shop.swagger.json"


class Watch:
    """The command against a lock of its own."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.capsys = capsys
        self.lock = folder / "lock.json"
        self.shop: dict[str, Any] = json.loads(SHOP.read_text(encoding="utf-8"))

    def write(self, document: Any) -> Path:
        path = self.folder / "document.json"
        path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
        return path

    def run(self, *arguments: str | Path) -> tuple[int, list[str], str]:
        status = main(["--lock", str(self.lock), *map(str, arguments)])
        output = self.capsys.readouterr()
        return status, output.out.splitlines(), output.err

    def review(self) -> tuple[int, list[str], str]:
        """Return what the command says about the document as the test has changed it."""
        return self.run("--file", self.write(self.shop))


@pytest.fixture
def watch(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Watch:
    watch = Watch(tmp_path, capsys)
    status, _, _ = watch.run("--file", SHOP, "--accept", "--dated", "2026-01-02")
    assert status == 0
    return watch


@pytest.fixture(scope="session")
def vendor_document() -> Path:
    named = os.environ.get("PORTONE_V1_VENDOR_DOCUMENT")
    path = Path(named) if named else ROOT.parent / "shared" / "reference" / "vendor-v1.swagger.json"
    if not path.is_file():
        pytest.skip(f"the vendor document is not here: {path} (PORTONE_V1_VENDOR_DOCUMENT names another place)")
    return path


@pytest.fixture
def spec_copy(tmp_path: Path) -> Path:
    """Copy our spec, which the test may break."""
    return Path(shutil.copytree(ROOT / "spec", tmp_path / "spec"))
