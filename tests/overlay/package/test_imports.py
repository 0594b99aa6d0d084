"""Importing the package costs next to nothing: each part is loaded when it is first asked for."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path
from typing import Any

import portone_v1
import pytest

HEAVY = ("httpx", "httpcore", "attr", "attrs", "ssl", "asyncio", "certifi", "json", "decimal", "datetime")


def loaded_after(code: str) -> set[str]:
    """Return the modules of a fresh interpreter after this code, except those that it starts with."""
    script = "\n".join(
        ["import sys", "before = set(sys.modules)", code, "after = set(sys.modules)", "print(*sorted(after - before))"]
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def parts(modules: set[str], prefix: str) -> set[str]:
    return {name for name in modules if name.startswith(prefix)}


CLIENT = "from portone_v1 import PortOne; client = PortOne('key', 'secret')"
WITH_JOURNAL = """
from portone_v1 import PortOne
from portone_v1.intents import MemoryStore
client = PortOne('key', 'secret', intents=MemoryStore())
"""


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
    assert "httpcore" in loaded
    assert "httpx" not in loaded  # 60 ms of CPU that only a transport of the caller's needs
    for prefix in ("portone_v1_generated.models", "portone_v1_generated.enums", "portone_v1_generated.operations"):
        assert not parts(loaded, prefix)
    assert parts(loaded, "portone_v1_generated.api") == {"portone_v1_generated.api"}
    assert not parts(loaded, "portone_v1_sandbox")


def test_threads_need_nothing_of_tasks() -> None:
    loaded = loaded_after(f"{CLIENT}; client.payments.get")
    assert not loaded & {"asyncio", "concurrent.futures", "subprocess"}


@pytest.mark.parametrize("made", [CLIENT, WITH_JOURNAL])
def test_a_client_is_no_class_of_attrs(made: str) -> None:
    """Making those costs more than the whole client, and that of attrs itself as much as a tenth of httpx."""
    loaded = loaded_after(made)
    assert not loaded & {"attr", "attrs"}


@pytest.mark.parametrize("kind", ["PortOne", "AsyncPortOne"])
def test_money_safe_operations_are_loaded_one_by_one(kind: str) -> None:
    client = f"from portone_v1 import {kind}; client = {kind}('key', 'secret')"
    payments = parts(loaded_after(f"{client}; client.payments.get"), "portone_v1")
    assert not payments & {
        f"portone_v1._sync.{name}"
        for name in (
            "reconcile",
            "recorded_writes.charge_once",
            "recorded_writes.cancel_once",
            "recorded_writes.converge",
        )
    }
    assert not payments & {
        "portone_v1._decisions.charges",
        "portone_v1._decisions.refunds",
        "portone_v1._decisions.movements",
    }
    assert not payments & {"portone_v1.webhooks", "portone_v1_generated.models.subscribe"}
    cancelling = parts(loaded_after(f"{client}; client.payments.cancel_once"), "portone_v1")
    assert "portone_v1._decisions.refunds" not in cancelling  # what a method does is loaded with its first call


@pytest.mark.parametrize("kind", ["PortOne", "AsyncPortOne"])
def test_what_is_loaded_later_tells_of_itself_alike(kind: str) -> None:
    client = getattr(portone_v1, kind)("key", "secret")
    cancel_once = client.payments.cancel_once
    assert cancel_once == client.payments.cancel_once
    assert inspect.isfunction(type(client.payments).cancel_once)
    assert cancel_once.__name__ == "cancel_once"
    assert "checksum" in cancel_once.__doc__
    assert {"amount", "imp_uid", "tier"} <= inspect.signature(cancel_once).parameters.keys()
    assert {"verify", "cancel_once", "reconcile", "cancellable_amount", "get"} <= {*dir(client.payments)}


RACE = """
import sys, threading
from portone_v1 import PortOne
sys.setswitchinterval(1e-6)
client, gate, found = PortOne("key", "secret"), threading.Barrier(16), []
ways = [
    lambda: client.payments.cancel_once, lambda: client.payments.reconcile, lambda: client.payments.verify,
    lambda: client.subscribe.again_once, lambda: client.webhooks.resolve, lambda: client.codes.list_banks,
]
def ask(number):
    gate.wait()
    for way in ways[number % 6:] + ways[:number % 6]:
        found.append(way().__name__)
threads = [threading.Thread(target=ask, args=(number,)) for number in range(16)]
for thread in threads: thread.start()
for thread in threads: thread.join()
names = ["again_once", "cancel_once", "list_banks", "reconcile", "resolve", "verify"]
assert sorted(found) == sorted(names * 16), found
"""


def test_threads_that_ask_first_at_once() -> None:
    done = subprocess.run([sys.executable, "-c", RACE], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


OVERLAY = Path(portone_v1.__file__).parent
ALONE = sorted(
    ".".join(path.relative_to(OVERLAY.parent).with_suffix("").parts).removesuffix(".__init__")
    for folder in (OVERLAY, OVERLAY / "_decisions", OVERLAY / "compat")
    for path in folder.glob("*.py")
)


@pytest.mark.parametrize("module", ALONE)
def test_every_module_can_be_the_first_one(module: str) -> None:
    """What is loaded late must not lean on what happens to be loaded before it."""
    assert module in loaded_after(f"import {module}")


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
