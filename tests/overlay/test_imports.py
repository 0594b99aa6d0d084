"""Importing the package costs next to nothing: each part is loaded when it is first asked for."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import portone_v1
import pytest

HEAVY = ("httpx", "httpcore", "attr", "attrs", "ssl", "asyncio", "certifi", "json", "decimal", "datetime")


def loaded_after(code: str) -> set[str]:
    """The modules of a fresh interpreter after this code, beyond those that it starts with."""
    script = "\n".join(
        ["import sys", "before = set(sys.modules)", code, "after = set(sys.modules)", "print(*sorted(after - before))"]
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def parts(modules: set[str], prefix: str) -> set[str]:
    return {name for name in modules if name.startswith(prefix)}


CLIENT = "from portone_v1 import PortOne; client = PortOne('key', 'secret')"


def test_the_package_alone() -> None:
    loaded = loaded_after("import portone_v1")
    assert not loaded & set(HEAVY)
    assert parts(loaded, "portone_v1") == {"portone_v1"}


def test_errors_alone() -> None:
    loaded = loaded_after("from portone_v1 import PortOneError, RefusedError")
    assert not loaded & {"httpx", "httpcore", "attrs", "attr", "ssl", "asyncio"}
    assert not parts(loaded, "portone_v1_generated.models")


@pytest.mark.parametrize("kind", ["PortOne", "AsyncPortOne"])
def test_a_client_without_a_call(kind: str) -> None:
    loaded = loaded_after(f"from portone_v1 import {kind}; client = {kind}('key', 'secret')")
    assert "httpx" in loaded
    for prefix in ("portone_v1_generated.models", "portone_v1_generated.enums", "portone_v1_generated.operations"):
        assert not parts(loaded, prefix)
    assert parts(loaded, "portone_v1_generated.api") == {"portone_v1_generated.api"}
    assert not parts(loaded, "portone_v1.sandbox")


def test_an_area_brings_its_own_models_only() -> None:
    loaded = loaded_after(f"{CLIENT}; client.codes")
    assert parts(loaded, "portone_v1_generated.api.") == {"portone_v1_generated.api.codes"}
    assert parts(loaded, "portone_v1_generated.models.") == {"portone_v1_generated.models.codes"}


def test_one_model_brings_its_own_module_only() -> None:
    loaded = loaded_after("from portone_v1.models import StandardCode")
    assert parts(loaded, "portone_v1_generated.models.") == {"portone_v1_generated.models.codes"}
    assert "httpx" not in loaded


def test_one_enum_brings_no_model() -> None:
    loaded = loaded_after("from portone_v1.enums import PaymentStatus")
    assert not parts(loaded, "portone_v1_generated.models")
    assert "httpx" not in loaded


def isort(name: str) -> tuple[int, str]:
    return (0 if name.isupper() else 1 if name.lstrip("_")[0].isupper() else 2, name)


@pytest.mark.parametrize("module", ["portone_v1", "portone_v1.errors", "portone_v1.client"])
def test_public_names_are_sorted_and_there(module: str) -> None:
    loaded = __import__(module, fromlist=["*"])
    names: list[str] = loaded.__all__
    assert names == sorted(set(names), key=isort)
    for name in names:
        assert getattr(loaded, name) is not None


@pytest.mark.parametrize("module", ["portone_v1", "portone_v1.models", "portone_v1.enums", "portone_v1.errors"])
def test_a_star_import_brings_every_public_name(module: str) -> None:
    space: dict[str, Any] = {}
    exec(f"from {module} import *", space)
    loaded = __import__(module, fromlist=["*"])
    assert set(loaded.__all__) <= set(space)
    assert set(loaded.__all__) <= set(dir(loaded))


@pytest.mark.parametrize("module", ["portone_v1", "portone_v1.models", "portone_v1.enums"])
def test_a_name_that_is_not_there(module: str) -> None:
    loaded = __import__(module, fromlist=["*"])
    with pytest.raises(AttributeError, match="Nothing"):
        _ = loaded.Nothing


def test_a_name_is_the_same_each_time() -> None:
    for name in portone_v1.__all__:
        assert getattr(portone_v1, name) is getattr(portone_v1, name)
