"""The small specification, broken in one place, and what `make generate` says of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.generate import main

MINI = Path(__file__).resolve().parent / "mini"
ORDERS = "paths/shop/orders.yaml"
STOCK = "paths/stock/stock_{shop-uid}_{level}.yaml"
VOUCHER = "schemas/Voucher.yaml"

Edit = tuple[str, str, str]
"""A file, a text in it, and what stands there instead."""


def error_lines(spec: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    assert main(["--spec", str(spec), "--output", str(spec.parent / "made")]) == 1
    assert not (spec.parent / "made").exists()
    return capsys.readouterr().err.splitlines()


def check_one_line(spec: Path, edit: Edit, line: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Check that generation ends with that line, which names the file, and writes nothing."""
    file, old, new = edit
    text = (spec / file).read_text("utf-8")
    assert old in text
    (spec / file).write_text(text.replace(old, new, 1), "utf-8")
    first, *rest = error_lines(spec, capsys)
    assert first.startswith(f"generate: {line}")
    assert line.startswith("spec/")
    assert rest == ["generate: made/ stays as it was"]
