"""Each kind of change of a public surface, and the version that it asks for."""

from __future__ import annotations

from pathlib import Path

import griffe
import pytest
from packaging.version import Version

from scripts.release.compatibility.changes import Level, following, highest, released
from scripts.release.compatibility.compare import compare
from scripts.release.compatibility.signatures import Role
from scripts.release.compatibility.surface import read
from scripts.steps import StepError
from tests.release.trees import FILES, write

ROOT = Path(__file__).parents[2]
API = "generated/portone_v1_generated/api/payments.py"
MODELS = "generated/portone_v1_generated/models/payments.py"
ENUMS = "generated/portone_v1_generated/enums/payments.py"
CLIENT = "overlay/portone_v1/client.py"
SAFE = "overlay/portone_v1/_safe.py"
ERRORS = "overlay/portone_v1/errors.py"
WEBHOOKS = "overlay/portone_v1/webhooks.py"
RUNTIME = "overlay/portone_v1_runtime/operation.py"
SETTINGS = "overlay/portone_v1/_settings.py"
REFUND = "    def refund(self) -> Payment:\n        ...\n"

ROLES: dict[str, Role] = {"Order": "request", "Payment": "answer", "Receipt": "answer"}

CHANGES = [
    # operations and their arguments
    (API, "def get(", "def fetch(", "major", ["the operation `payments.get`", "the operation `payments.fetch`"]),
    (API, "PaymentsApi:\n", f"PaymentsApi:\n{REFUND}", "minor", ["the operation `payments.refund`"]),
    (API, 'mode: str = "a", ', "", "major", ["`payments.get`: the argument `mode`"]),
    (API, 'mode: str = "a"', "mode: str", "major", ["`payments.get`: `mode` must now be given"]),
    (API, 'mode: str = "a"', 'mode: str = "b"', "major", ["`mode` is 'b' where it is not given, and was 'a'"]),
    (API, "*, amount", "*, currency: str, amount", "major", ["`payments.get` must now be given `currency`"]),
    (API, "*, amount", '*, currency: str = "KRW", amount', "minor", ["`payments.get`: the argument `currency`"]),
    (API, "int | Decimal = 0", "int = 0", "major", ["`amount` takes less: `int | Decimal` → `int`"]),
    (API, "int | Decimal = 0", "int | Decimal | str = 0", "minor", ["`amount` takes more"]),
    (API, "int | Decimal = 0", "str = 0", "major", ["`amount`: `int | Decimal` → `str`"]),
    (API, "int | Decimal = 0", "Decimal | int = 0", "patch", []),
    (API, "imp_uid: str, *", "*, imp_uid: str", "major", ["`imp_uid` was positional or keyword, and is keyword-only"]),
    (
        API,
        "imp_uid: str, *",
        "imp_uid: str, /, *",
        "major",
        ["`imp_uid` was positional or keyword, and"],
    ),
    (API, "*, amount", "amount", "minor", ["`amount` can be given by position and by name"]),
    (
        API,
        "hint: str | None = None, level: int = 1",
        "level: int = 1, hint: str | None = None",
        "major",
        ["the order of the arguments"],
    ),
    (
        API,
        "hint: str | None",
        "extra: int = 0, hint: str | None",
        "major",
        ["the order of the arguments", "the argument `extra`"],
    ),
    (API, "level: int = 1)", "level: int = 1, last: int = 0)", "minor", ["the argument `last`"]),
    (API, "level: int = 1)", "level: int = 1, *more: str)", "minor", ["the argument `more`"]),
    (API, "order: Order", "order: Order = EMPTY", "minor", ["`order` need not be given: EMPTY"]),
    # what comes back
    (API, "Receipt | None", "Receipt", "minor", ["what comes back is narrower"]),
    (API, "-> Payment", "-> Payment | None", "major", ["what comes back: `Payment` → `Payment | None`"]),
    (API, "-> Payment", "-> Receipt", "major", ["what comes back: `Payment` → `Receipt`"]),
    # models: Order is written, Payment and Receipt are read
    (MODELS, "    imp_uid: str\n", "", "major", ["`Payment.imp_uid`"]),
    (MODELS, "imp_uid: str", "imp_uid: str | None", "major", ["`Payment.imp_uid`: `str` → `str | None`"]),
    (MODELS, "datetime | None = None", "datetime", "minor", ["`Payment.paid_at`", "`Payment.paid_at` is always there"]),
    (MODELS, "    imp_uid: str\n", "    imp_uid: str\n    note: str\n", "minor", ["`Payment.note`"]),
    (
        MODELS,
        "merchant_uid: str",
        "merchant_uid: str\n    amount: int",
        "major",
        ["`Order` must now be given `amount`"],
    ),
    (MODELS, "merchant_uid: str", "merchant_uid: str\n    amount: int = 0", "minor", ["`Order.amount`"]),
    (MODELS, "merchant_uid: str", "merchant_uid: str | int", "minor", ["`Order.merchant_uid`: `str` → `str | int`"]),
    (MODELS, "name: str | None", "name: str", "major", ["`Order.name`: `str | None` → `str`"]),
    (MODELS, "name: str | None = None", "name: str | None", "major", ["`Order.name` must now be given"]),
    (MODELS, "merchant_uid: str", 'merchant_uid: str = ""', "minor", ["`Order.merchant_uid` need not be given"]),
    (MODELS, '"""A payment."""', '"""A payment, described better."""', "patch", []),
    (MODELS, "_hidden: ClassVar[frozenset[str]] = frozenset()", "_hidden: ClassVar[int] = 0", "patch", []),
    # enums
    (ENUMS, '    FAILED = "failed"\n', "", "major", ["`PaymentStatus.FAILED`"]),
    (ENUMS, "FAILED =", "DECLINED =", "major", ["`PaymentStatus.FAILED`", "`PaymentStatus.DECLINED`"]),
    (ENUMS, '"failed"', '"fail"', "major", ["`PaymentStatus.FAILED`: 'failed' → 'fail'"]),
    (ENUMS, '"failed"', '"failed"\n    READY = "ready"', "minor", ["`PaymentStatus.READY`"]),
    # errors
    (ERRORS, '"RefusedError"', "", "major", ["the error `RefusedError`"]),
    (
        ERRORS,
        "RefusedError(ApiError)",
        "RefusedError(PortOneError)",
        "major",
        ["`RefusedError` is no `ApiError` any more"],
    ),
    (
        ERRORS,
        "ApiError(PortOneError)",
        "ApiError(PortOneError, ValueError)",
        "minor",
        ["`ApiError` is also a `ValueError`"],
    ),
    (ERRORS, "    status: int\n", "    status: int | None\n", "major", ["`ApiError.status`: `int` → `int | None`"]),
    (ERRORS, "    status: int\n", "    status: int\n    code: int\n", "minor", ["`ApiError.code`"]),
    # the overlay
    (
        CLIENT,
        "timeout: float = 60",
        "timeout: float = 60, tier: str | None = None",
        "minor",
        ["`PortOne`: the argument `tier`"],
    ),
    (CLIENT, "def close(self)", "async def close(self)", "major", ["`PortOne.close` must now be awaited"]),
    (CLIENT, "def close(self)", "def shut(self)", "major", ["`PortOne.close`", "`PortOne.shut`"]),
    (
        SAFE,
        "customer_uid: str, amount",
        "customer_uid: str, name: str, amount",
        "major",
        ["`payments.charge` must now be given `name`"],
    ),
    (
        SAFE,
        "-> Charge",
        "-> Charge | None",
        "major",
        ["`payments.charge`: what comes back: `Charge` → `Charge | None`"],
    ),
    (SAFE, "    paid: bool\n", "", "major", ["`results.Charge.paid`"]),
    (SAFE, "    paid: bool\n", "    paid: bool\n    tries: int\n", "minor", ["`results.Charge.tries`"]),
    (SETTINGS, "read: float = 60", "read: float", "major", ["`Timeout.read` must now be given"]),
    (WEBHOOKS, '"ADDRESSES", ', "", "major", ["`webhooks.ADDRESSES`"]),
    (WEBHOOKS, "tuple[str, ...]", "list[str]", "major", ["`webhooks.ADDRESSES`: `tuple[str, ...]` → `list[str]`"]),
    (WEBHOOKS, "@overload\ndef parse(body: bytes) -> dict[str, Any]: ...\n", "", "major", ["1 way(s) of calling"]),
    (
        WEBHOOKS,
        "@overload\ndef parse(body: str",
        "@overload\ndef parse() -> None: ...\n@overload\ndef parse(body: str",
        "minor",
        ["1 way(s) of calling"],
    ),
    (WEBHOOKS, "body: str, content_type: str", "body: str", "major", ["`webhooks.parse`: the argument `content_type`"]),
    (SAFE, "client: Any", "target: Any", "patch", []),
    (
        "overlay/portone_v1_runtime/operation.py",
        "timeout: float | None",
        "timeout: float",
        "major",
        ["`timeout` takes less"],
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "level", "expected"), CHANGES)
def test_a_change(tmp_path: Path, file: str, old: str, new: str, level: str, expected: list[str]) -> None:
    assert old in FILES[file]
    before = read(write(tmp_path / "before"))
    changed = FILES[file].replace(old, new)
    after = read(write(tmp_path / "after", {**FILES, file: changed}))
    changes = compare(before, after, ROLES)
    assert highest(changes) == level
    for text in expected:
        assert any(text in change.text for change in changes), [change.text for change in changes]
    assert bool(changes) is bool(expected)


def test_the_same_tree_has_the_same_surface(tmp_path: Path) -> None:
    assert compare(read(write(tmp_path / "a")), read(write(tmp_path / "b")), ROLES) == []


def test_this_tree() -> None:
    surface = read(ROOT)
    names = {named.name for named in surface.values()}
    assert {"payments.get", "payments.cancel_once", "Payment", "PaymentStatus", "RefusedError", "Sandbox"} <= names
    assert compare(surface, read(ROOT), {}) == []


def test_a_tree_that_is_no_python(tmp_path: Path) -> None:
    with pytest.raises(StepError, match="portone_v1_generated cannot be read"):
        read(write(tmp_path, {**FILES, "generated/portone_v1_generated/__init__.py": "def (:\n"}))


@pytest.mark.parametrize(
    ("last", "level", "proposed"),
    [
        ("0.1.0", "patch", "0.1.1"),
        ("0.1.3", "minor", "0.2.0"),
        ("0.1.3", "major", "0.2.0"),
        ("1.4.2", "patch", "1.4.3"),
        ("1.4.2", "minor", "1.5.0"),
        ("1.4.2", "major", "2.0.0"),
    ],
)
def test_the_next_version(last: str, level: Level, proposed: str) -> None:
    assert str(following(Version(last), level)) == proposed


@pytest.mark.parametrize("text", ["1.0", "1.0.0rc1", "01.0.0", "1.0.0.0", "Unreleased", ""])
def test_what_is_no_version(text: str) -> None:
    assert released(text) is None


def test_what_an_operation_returns_is_named_too() -> None:
    """A class that no public module names would change unseen."""
    found = read(ROOT)
    known = {named.thing.path for named in found.values()}
    returned = set[str]()
    for named in found.values():
        annotation = named.thing.returns if isinstance(named.thing, griffe.Function) else None
        for part in annotation.iterate(flat=True) if isinstance(annotation, griffe.Expr) else ():
            if isinstance(part, griffe.ExprName) and part.canonical_path.startswith("portone_v1."):
                target = named.thing.modules_collection[part.canonical_path]
                target = target.final_target if target.is_alias else target
                returned |= {target.path} if target.is_class else set()
    assert len(returned) > 20
    assert returned <= known
