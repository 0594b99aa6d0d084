"""What the proxy does on a real socket, and what the SDK makes of it."""

from __future__ import annotations

from random import Random
from typing import Any

import httpx
import pytest
from portone_v1 import NoAnswerError, NotFoundError, NotSentError, OutcomeUnknownError, RateLimitError
from portone_v1_sandbox import Sandbox

from tests.faults.leaks import BUYER, Leaks
from tests.faults.proxy import FAULTS, FaultProxy, Plan
from tests.overlay.harness import AiohttpFlavour, AsyncFlavour, Flavour, SyncFlavour, flavours

KEYS: dict[str, Any] = {"imp_key": "sandbox_key", "imp_secret": "sandbox_secret"}


class Always(Plan):
    """The same fault for every exchange that is not about the token."""

    def __init__(self, kind: str | None) -> None:
        super().__init__("", 0.0)
        self.kind = kind

    def of(self, label: str, kinds: tuple[str, ...] = FAULTS) -> tuple[str | None, Random]:
        exempt = label == "connection" and self.kind != "dropped unread"
        return (None if exempt or "getToken" in label else self.kind), Random(label)


flavour = flavours(SyncFlavour, AsyncFlavour, AiohttpFlavour)


@pytest.mark.parametrize("with_http_client", [False, True])
def test_what_is_left_of_an_answer_is_not_taken_for_the_next(flavour: Flavour, with_http_client: bool) -> None:
    sandbox = Sandbox()
    payments = [sandbox.pay(merchant_uid=f"order-{number}", amount=1000 + number) for number in range(20)]
    with FaultProxy(sandbox, Always("answered twice"), late=(0, 0)) as proxy:
        options: dict[str, Any] = {"base_url": proxy.url, **KEYS}
        if with_http_client:
            options["http_client"] = flavour.http_client()
        client = flavour.client(**options)
        for payment in payments:
            answer = client.call(lambda c, uid=payment.imp_uid: c.payments.get(uid))
            assert answer.imp_uid == payment.imp_uid
            assert isinstance(client.failure(lambda c: c.payments.get("imp_404")), NotFoundError)
            order = client.call(lambda c, uid=payment.merchant_uid: c.payments.find_all(uid))
            assert [found.imp_uid for found in order.items] == [payment.imp_uid]
        # Threads take connections over from each other at the worst moments.
        asked = [payment.imp_uid if number % 2 else "imp_404" for number, payment in enumerate(payments * 3)]
        for _ in range(4):
            works = [lambda uid=uid: client.raw.payments.get(uid) for uid in asked]
            result = flavour.run_at_once(works)
            assert [getattr(answer, "imp_uid", None) for answer in result] == asked
            missing = [isinstance(answer, NotFoundError) for answer in result]
            assert missing == [uid == "imp_404" for uid in asked]
        flavour.finish()
        flavour._clients.clear()
        flavour._http_clients.clear()
    assert proxy.broken == []


@pytest.mark.parametrize(
    ("kind", "read", "write", "executed"),
    [
        ("dropped before", NoAnswerError, OutcomeUnknownError, 0),
        ("dropped after", NoAnswerError, OutcomeUnknownError, 1),
        ("cut short", NoAnswerError, OutcomeUnknownError, 1),
        ("slow answer", NoAnswerError, OutcomeUnknownError, 1),
        ("executed late", NoAnswerError, OutcomeUnknownError, 1),
        ("error before", None, (OutcomeUnknownError, RateLimitError), 0),
        ("error after", None, (OutcomeUnknownError, RateLimitError), 1),
        ("page before", None, OutcomeUnknownError, 0),
        ("page after", None, OutcomeUnknownError, 1),
        ("dropped unread", None, (OutcomeUnknownError, NotSentError), 0),
    ],
)
def test_each_fault_is_what_it_is_called(kind: str, read: Any, write: Any, executed: int) -> None:
    sandbox, leaks = Sandbox(), Leaks()
    payment = sandbox.pay(merchant_uid="order-1", amount=1000)
    plan = Always(None)
    with (
        FaultProxy(sandbox, plan, late=(0.75, 0.8)) as proxy,
        httpx.Client() as http_client,
    ):
        from portone_v1 import PortOne

        client = PortOne(base_url=proxy.url, http_client=http_client, timeout=0.5, max_retries=0, **KEYS)
        client.payments.get(payment.imp_uid)
        if kind == "dropped unread":  # which meets new connections only
            client = PortOne(base_url=proxy.url, timeout=0.5, max_retries=0, **KEYS)
        plan.kind = kind
        with pytest.raises(write) as caught:
            client.payments.cancel(imp_uid=payment.imp_uid, amount=100, refund_holder=str(BUYER["buyer_name"]))
        leaks.look_at("cancel", caught.value)
        if read is not None:
            with pytest.raises(read):
                client.payments.get(payment.imp_uid)
        proxy.wait_until_quiet(0.05)
        client.close()
    assert len([m for m in sandbox.ledger if m.kind == "refund"]) == executed
    assert proxy.broken == []
    assert leaks.found == []


def test_a_plan_is_the_same_for_the_same_seed() -> None:
    def faults(seed: str) -> list[str | None]:
        plan = Plan(seed, 0.3)
        return [plan.of(f"POST /payments/cancel order-{number % 50}")[0] for number in range(500)]

    assert faults("1") == faults("1")
    assert faults("1") != faults("2")
    assert 0.2 < sum(fault is not None for fault in faults("1")) / 500 < 0.4
