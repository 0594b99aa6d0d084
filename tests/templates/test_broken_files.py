"""A specification with a file that is none, or that is called what nothing may be called."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.templates.broken_spec import ORDERS, VOUCHER, error_lines

ORDER = "schemas/Order.yaml"

NO_UTF_8 = "소비자".encode("cp949")
FILES: dict[str, tuple[bytes, str]] = {
    VOUCHER: (NO_UTF_8, "spec/schemas/Voucher.yaml: not UTF-8 text, from byte 0 on"),
    ORDER: (b"", "spec/schemas/Order.yaml: it must be a mapping"),
    ORDERS: (b"a: {" * 5000, "spec/paths/shop/orders.yaml:1: exceeded maximum nesting depth"),
    "openapi.yaml": (b"{}", "spec/openapi.yaml: it needs openapi"),
    "examples/shop_order.ok.json": (NO_UTF_8, "spec/examples/shop_order.ok.json: not UTF-8 text, from byte 0 on"),
    "examples/shop_refund.ok.json": (
        b"[" * 100_000,
        "spec/examples/shop_refund.ok.json: not an example: it is nested",
    ),
    "claims.yaml": (b"[words]", "spec/claims.yaml: 0: it must be a mapping"),
    "sources.yaml": (b"keys: {W: {}}", "spec/sources.yaml: keys.W: it needs grade"),
    "questions.yaml": (b"[{id: {a: b}}]", "spec/questions.yaml: 0.id: it must be a text"),
    "codes.yaml": (b"banks: [", "spec/codes.yaml:2: did not find expected node content"),
    "pg/kcp.yaml": (b"- words", "spec/pg/kcp.yaml: it is not right: it must be a mapping"),
    "pg/nice.yaml": (
        b"plays: {a: {value: 1, sources: 1}}",
        "spec/pg/nice.yaml: plays.a.sources: it must be a list of texts",
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_a_whole_file_that_is_something_else(name: str, spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    held, line = FILES[name]
    (spec / name).parent.mkdir(exist_ok=True)
    (spec / name).write_bytes(held)
    first, *rest = error_lines(spec, capsys)
    assert first.startswith(f"generate: {line}")
    assert rest == ["generate: made/ stays as it was"]


def test_a_name_that_no_component_has(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (spec / VOUCHER).rename(spec / "schemas" / "상품권.yaml")
    for path in spec.rglob("*.yaml"):
        path.write_text(path.read_text("utf-8").replace("Voucher.yaml", "상품권.yaml"), "utf-8")
    first, *_ = error_lines(spec, capsys)
    assert first == "generate: spec/schemas/상품권.yaml: its name may only have A-Z, a-z, 0-9, `.`, `-` and `_`"


@pytest.mark.parametrize("name", ["ShopApi", "AsyncStockApiRaw", "StrictOrder", "Mapping"])
def test_a_class_that_would_hide_another(name: str, spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (spec / VOUCHER).rename(spec / "schemas" / f"{name}.yaml")
    for path in spec.rglob("*.yaml"):
        text = path.read_text("utf-8")
        path.write_text(text.replace("Voucher.yaml", f"{name}.yaml").replace("Voucher:", f"{name}:"), "utf-8")
    first, *_ = error_lines(spec, capsys)
    assert f"a class called {name} " in first
    assert first.startswith("generate: spec/")
