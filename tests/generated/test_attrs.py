"""Models are attrs' own classes, although attrs is not loaded for answers that are only read."""

from __future__ import annotations

import copy
import inspect
import pickle
import subprocess
import sys
from decimal import Decimal
from typing import Any

import attrs
import pytest
from portone_v1_generated import models
from portone_v1_generated.models import CancelExtra, Payment, PaymentCancel, Schedule
from portone_v1_runtime.models.model import Model

WIRE = {"imp_uid": "imp_1", "merchant_uid": "order-1", "amount": 100, "cancel_history": [{"amount": 5, "pg_tid": "x"}]}


def fresh(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout.strip()


def test_reading_needs_no_attrs() -> None:
    code = "import sys; from portone_v1_generated.models import Payment; p = Payment.from_dict({'imp_uid': 'imp_1'})"
    assert fresh(f"{code}; p.to_dict(), repr(p), p == p; print({{'attr', 'attrs'}} & {{*sys.modules}})") == "set()"


RACE = """
import sys, threading
from portone_v1_generated.models import Payment, PaymentCancel, Schedule
sys.setswitchinterval(1e-6)
gate, made = threading.Barrier(16), []
def build():
    gate.wait()
    Schedule(merchant_uid="a", schedule_at=5, amount=1), PaymentCancel(amount=5)
    import attrs
    made.append(len(attrs.fields(Payment)))
threads = [threading.Thread(target=build) for _ in range(16)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(len(made), len(set(made)))
"""


def test_threads_that_build_first_at_once() -> None:
    assert fresh(RACE) == "16 1"


@pytest.mark.parametrize("name", models.__all__)
def test_attrs_knows_the_fields(name: str) -> None:
    model: Any = getattr(models, name)
    known: bool = attrs.has(model)
    assert known
    assert {field.name for field in attrs.fields(model)} == {*model._names, model._unknown}
    assert {*inspect.signature(model).parameters} == {*model._names, model._unknown}
    assert not hasattr(model.from_dict({}), "__dict__")


def test_attrs_functions() -> None:
    payment = Payment.from_dict(WIRE)
    changed = attrs.evolve(payment, name="book")
    assert changed.name == "book"
    assert changed != payment
    assert changed.cancel_history == payment.cancel_history
    assert attrs.asdict(payment)["cancel_history"][0]["pg_tid"] == "x"


def test_building() -> None:
    assert Payment.from_dict(WIRE).cancel_history[0] == PaymentCancel(amount=Decimal(5), pg_tid="x")
    assert CancelExtra().extra is not CancelExtra().extra
    build: Any = Schedule
    with pytest.raises(TypeError, match="merchant_uid"):
        build()
    with pytest.raises(TypeError, match="positional"):
        build("order-1")
    with pytest.raises(TypeError, match="nothing"):
        build(merchant_uid="order-1", schedule_at=5, amount=1, nothing=1)


def test_copies_do_not_share_what_waits_to_be_read() -> None:
    payment = Payment.from_dict(WIRE)
    copies = [copy.copy(payment), copy.deepcopy(payment), pickle.loads(pickle.dumps(payment))]
    assert len(payment.cancel_history) == 1
    assert all(one == payment and one.cancel_history == payment.cancel_history for one in copies)


def test_classes_of_ones_own() -> None:
    class Plain(PaymentCancel):
        def twice(self) -> Any:
            return self.amount * 2

    @attrs.define
    class More(CancelExtra):
        note: str = ""

    assert Plain.from_dict({"amount": 5}).twice() == Plain(amount=Decimal(5)).twice() == 10
    assert More(requester="customer", note="x").note == "x"
    with pytest.raises(TypeError, match="it is a base class"):
        Model()
