"""Nothing is loaded before it is asked for, and everything can be asked for."""

from __future__ import annotations

import importlib
import subprocess
import sys
from enum import IntEnum, StrEnum
from pathlib import Path
from types import ModuleType
from typing import Any, get_type_hints

import portone_v1_generated
import pytest
from portone_v1_generated import enums, models
from portone_v1_generated._model import Model

from tests.generated.support import SCHEMAS

PACKAGE = Path(portone_v1_generated.__file__).parent
MODULES = sorted(
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")
    for path in PACKAGE.rglob("*.py")
)


def _loaded(code: str) -> set[str]:
    """The modules that a fresh interpreter has after this code."""
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"{code}; import sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


def test_the_areas_load_no_model() -> None:
    loaded = _loaded("import portone_v1_generated.api, portone_v1_generated.operations")
    assert {name for name in loaded if name.startswith("portone_v1_generated.")} == {
        "portone_v1_generated._calls",
        "portone_v1_generated._unset",
        "portone_v1_generated.api",
        "portone_v1_generated.operations",
    }
    assert not {"httpx", "attr", "attrs", "asyncio"} & loaded


def test_the_tables_of_names_load_nothing() -> None:
    loaded = _loaded("import portone_v1_generated.models, portone_v1_generated.enums")
    assert not {name for name in loaded if name.count(".") > 1 and name.startswith("portone_v1_generated.")}
    assert "attr" not in loaded


def test_a_name_loads_its_own_module_only() -> None:
    loaded = _loaded("from portone_v1_generated.models import KcpQuickFido")
    assert {name for name in loaded if name.startswith("portone_v1_generated.models.")} == {
        "portone_v1_generated.models.kcp_quick"
    }


def test_nothing_of_it_loads_httpx() -> None:
    loaded = _loaded("; ".join(f"import {name}" for name in MODULES))
    assert set(MODULES) <= loaded
    assert "httpx" not in loaded


@pytest.mark.parametrize("package", [models, enums], ids=["models", "enums"])
def test_every_name_can_be_had(package: ModuleType) -> None:
    exported: list[str] = package.__all__
    assert exported == sorted(exported)
    assert len(exported) == len(set(exported))
    assert set(exported) <= set(dir(package))
    for name in exported:
        value = getattr(package, name)
        assert isinstance(value, type)
        assert value.__name__ == name
        assert value.__module__.startswith(f"{package.__name__}.")
    with pytest.raises(AttributeError, match="has no attribute 'Nothing'"):
        _ = package.Nothing


def test_the_names_are_those_of_the_specification() -> None:
    """What a webhook brings is no model: it is read by hand, in the overlay."""
    objects = {name for name, node in SCHEMAS.items() if node.get("type") == "object" and not node.get("x-webhook")}
    assert set(models.__all__) == objects - {"Envelope"}
    assert set(enums.__all__) == {name for name, node in SCHEMAS.items() if {"enum", "x-open-enum"} & node.keys()}


@pytest.mark.parametrize("name", enums.__all__)
def test_the_members_are_those_of_the_specification(name: str) -> None:
    node = SCHEMAS[name]
    members: Any = getattr(enums, name)
    values = [str(value) for value in node.get("enum") or node["x-open-enum"]]
    assert [str(member.value) for member in members] == values
    assert issubclass(members, IntEnum if node["type"] == "integer" else StrEnum)


@pytest.mark.parametrize("name", models.__all__)
def test_the_fields_are_those_of_the_specification(name: str) -> None:
    model: Any = getattr(models, name)
    hints = get_type_hints(model)
    assert len(model._names) == len(SCHEMAS[name]["properties"])
    assert {*model._names, "extra"} <= hints.keys()
    assert issubclass(model, Model)
    assert model.__doc__
    assert not hasattr(model.from_dict({}), "__dict__")


@pytest.mark.parametrize("name", MODULES)
def test_every_module_exports_what_it_says(name: str) -> None:
    module = importlib.import_module(name)
    exported: list[str] = module.__all__
    assert exported == sorted(exported)
    for entry in exported:
        assert getattr(module, entry) is not None
