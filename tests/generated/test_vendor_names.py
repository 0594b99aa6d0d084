"""Whoever looks for a type by the vendor's name is told what it is here."""

from __future__ import annotations

import importlib
import json
import re
from pathlib import Path

import portone_v1
import pytest
from portone_v1_generated import models
from portone_v1_generated.vendor_names import VENDOR_NAMES

ROOT = Path(__file__).resolve().parents[2]
VENDOR = sorted(json.loads((ROOT / "spec" / "upstream.lock.json").read_text("utf-8"))["definitions"])
VENDOR = [name for name in VENDOR if name.isidentifier()]


def test_all_of_them_are_there() -> None:
    assert VENDOR
    assert {*VENDOR_NAMES} == {name for name in VENDOR if name not in models.__all__}


@pytest.mark.parametrize("name", VENDOR)
def test_the_import_says_what_it_is(name: str) -> None:
    ours = importlib.import_module("portone_v1.models")
    if name in models.__all__:
        assert getattr(ours, name).__name__ == name
        return
    code = compile(f"from portone_v1.models import {name}", name, "exec")
    with pytest.raises(ImportError) as refused:
        exec(code, {})
    here = VENDOR_NAMES[name]
    assert str(refused.value) == (
        f"{name} is `{here}` here" if here else f"{name} has no class here: no operation uses it"
    )


@pytest.mark.parametrize("here", sorted({*VENDOR_NAMES.values()} - {""}))
def test_what_it_is_can_be_imported(here: str) -> None:
    for name in re.findall(r"\w+", here):
        assert name in models.__all__ or hasattr(portone_v1, name)


def test_another_name_is_just_not_there() -> None:
    with pytest.raises(ImportError, match="cannot import name 'PaymentNote'"):
        exec("from portone_v1.models import PaymentNote", {})
