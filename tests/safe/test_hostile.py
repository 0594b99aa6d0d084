"""What a review found by attacking the public surface from outside: each was once told or sent wrongly."""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from typing import Any

import pytest
from portone_v1 import (
    DeadlineError,
    IntentStoreError,
    KeyConflictError,
    NotSentError,
    OutcomeUnknownError,
    PortOneError,
    UndecidedError,
)
from portone_v1.intents import Intent, MemoryStore
from portone_v1.intents.options import START_WITHIN

from tests.safe import network as net
from tests.safe.conftest import Shop, again

AGAIN = "POST /subscribe/payments/again"
CANCEL = "POST /payments/cancel"


class TestAnotherKeyAndAnotherAmount:
    """An order that was paid under another key: only the price that was asked for counts as paid."""

    def test_paid_and_in_the_journal(self, shop: Shop) -> None:
        shop.charge(key="first")
        shop.failure(lambda c: c.subscribe.again_once(**again(amount=2000), key="second"), KeyConflictError)
        assert shop.charge(key="second").already_paid
        assert shop.charges == [("order-1", Decimal(1000))]

    def test_found_paid_while_the_first_is_settled(self, shop: Shop) -> None:
        shop.network.meet(AGAIN, net.held)
        shop.failure(lambda c: c.subscribe.again_once(**again(), key="first"), UndecidedError)
        shop.network.deliver()
        shop.failure(lambda c: c.subscribe.again_once(**again(amount=2000), key="second"), KeyConflictError)
        assert shop.charges == [("order-1", Decimal(1000))]


class TestOneAmountInTwoForms:
    """A database returns `1000.00` where the first call passed `1000`."""

    def test_a_charge(self, shop: Shop) -> None:
        shop.charge(amount=1000)
        assert shop.charge(amount=Decimal("1000.00")).already_paid

    def test_a_part(self, shop: Shop) -> None:
        imp_uid = shop.paid().imp_uid
        for amount in (400, Decimal("400.00"), Decimal("4E+2")):
            assert shop.cancel(imp_uid=imp_uid, amount=amount, key="return-77").amount == 400
        assert shop.refunds == [400]

    def test_what_shall_be_left(self, shop: Shop) -> None:
        imp_uid = shop.paid().imp_uid
        shop.network.meet(CANCEL, net.held)
        shop.failure(lambda c: c.payments.cancel_once(imp_uid=imp_uid, left=700), UndecidedError)
        shop.failure(lambda c: c.payments.cancel_once(imp_uid=imp_uid, left=Decimal("700.00")), UndecidedError)


class TestOneKeyInTwoForms:
    """A file's name on a Mac has its Hangul in parts, and a cell of a table a blank at its end."""

    def test_the_same_hangul_is_one_key(self, shop: Shop) -> None:
        imp_uid = shop.paid().imp_uid
        whole, parts = (unicodedata.normalize(form, "반품-77") for form in ("NFC", "NFD"))
        for key in (whole, parts):
            assert shop.cancel(imp_uid=imp_uid, amount=400, key=key).amount == 400
            assert shop.charge("order-2", key=key).state == "paid"
        assert shop.refunds == [400]
        assert shop.network.count(AGAIN) == 1
        found = [shop.run(lambda c: c.intents.of(key=whole)), shop.run(lambda c: c.intents.of(key=parts))]
        assert found[0] is not None
        assert found[0] == found[1]
        shop.failure(lambda c: c.subscribe.again_once(**again("order-3", 2000), key=parts), KeyConflictError)

    @pytest.mark.parametrize("key", ["return-77 ", " return-77"])
    def test_a_blank_at_its_end_is_refused(self, shop: Shop, key: str) -> None:
        imp_uid = shop.paid().imp_uid
        shop.failure(lambda c: c.payments.cancel_once(imp_uid=imp_uid, amount=400, key=key), ValueError)
        shop.failure(lambda c: c.subscribe.again_once(**again("order-2"), key=key), ValueError)
        assert not shop.network.count(CANCEL) + shop.network.count(AGAIN)


def test_half_a_won_shall_not_be_left(shop: Shop) -> None:
    imp_uid = shop.paid().imp_uid
    shop.failure(lambda c: c.payments.cancel_once(imp_uid=imp_uid, left=Decimal("0.5")), ValueError)
    assert not shop.network.count(CANCEL)


class SlowStore(MemoryStore):
    """A journal behind which others queue: each commit takes so long."""

    def __init__(self, clock: Any, seconds: float) -> None:
        super().__init__(clock=clock.time)
        self._shop_clock, self.seconds = clock, seconds

    def begin(self, intent: Intent) -> bool:
        self._shop_clock.advance(self.seconds)
        return super().begin(intent)


class TestTooLateToSend:
    """Others count five minutes from the time that the intent bears, so that a request may not leave long after it."""

    CALLS = pytest.mark.parametrize(
        "call",
        [
            lambda c, imp_uid: c.subscribe.again_once(**again(), deadline=600),
            lambda c, imp_uid: c.payments.cancel_once(imp_uid=imp_uid, amount=400, key="a", deadline=600),
            lambda c, imp_uid: c.payments.cancel(imp_uid=imp_uid, amount=400),
        ],
        ids=["again_once", "cancel_once", "cancel"],
    )

    @CALLS
    def test_where_the_journal_took_long(self, shop: Shop, call: Any) -> None:
        imp_uid = shop.paid("order-2").imp_uid
        shop.journal = SlowStore(shop.clock, START_WITHIN + 1)
        shop.client = shop.new_client()
        shop.failure(lambda c: call(c, imp_uid), NotSentError)
        assert (shop.charges[1:], shop.refunds) == ([], [])
        assert shop.run(lambda c: c.intents.open()) == []
        shop.journal.seconds = 1.0
        shop.run(lambda c: call(c, imp_uid))

    def test_where_the_token_was_refused_and_the_next_one_took_long(self, shop: Shop) -> None:
        def slowly(network: net.Network, request: Any) -> Any:
            shop.clock.advance(START_WITHIN + 1)
            return net.passed(network, request)

        shop.run(lambda c: c.channels.list())
        shop.network.meet(AGAIN, net.token_expired)
        shop.network.meet("POST /users/getToken", slowly)
        shop.failure(lambda c: c.subscribe.again_once(**again(), deadline=600), NotSentError)
        assert shop.network.count(AGAIN) == 1
        assert shop.charges == []

    def test_where_the_deadline_ends_in_the_commit(self, shop: Shop) -> None:
        imp_uid = shop.paid("order-2").imp_uid
        shop.journal = SlowStore(shop.clock, 30.0)
        shop.client = shop.new_client()
        shop.failure(lambda c: c.payments.cancel_once(imp_uid=imp_uid, amount=400, key="a"), DeadlineError)
        shop.failure(lambda c: c.subscribe.again_once(**again()), DeadlineError)
        assert shop.run(lambda c: c.intents.open()) == []


class TestResolve:
    def undecided(self, shop: Shop) -> Any:
        shop.network.meet(AGAIN, net.lost_before)
        return shop.failure(lambda c: c.subscribe.again_once(**again()), UndecidedError)

    @pytest.mark.parametrize("outcome", ["done", "not_refunded", "refused", "", "paid "])
    def test_an_outcome_of_another_operation(self, shop: Shop, outcome: str) -> None:
        error = self.undecided(shop)
        wrong = shop.failure(lambda c: c.intents.resolve(error.intent.id, outcome, note="console"), ValueError)
        assert "paid, declined, not_charged, refunded" in str(wrong)

    def test_a_refund_is_not_paid(self, shop: Shop) -> None:
        imp_uid = shop.paid().imp_uid
        shop.network.meet(CANCEL, net.lost_before)
        error = shop.failure(lambda c: c.payments.cancel_once(imp_uid=imp_uid, amount=400, key="a"), UndecidedError)
        shop.failure(lambda c: c.intents.resolve(error.intent.id, "paid", note="console"), ValueError)
        shop.run(lambda c: c.intents.resolve(error.intent.id, "not_refunded", note="console"))
        assert shop.cancel(imp_uid=imp_uid, amount=400, key="a").state == "refunded"

    def test_a_charge_that_was_refunded(self, shop: Shop) -> None:
        error = self.undecided(shop)
        kept = shop.run(lambda c: c.intents.resolve(error.intent.id, "refunded", note="console: paid, refunded"))
        assert kept.executed

    def test_a_call_that_may_be_running(self, shop: Shop) -> None:
        """A worker that was killed, or that still waits for V1: nobody else can tell."""

        def killed(network: net.Network, request: Any) -> Any:
            (intent,) = [Intent.from_json(text) for text in shop.journal._documents.values()]
            assert intent.state == "open"
            result = shop.new_client().failure(lambda c: c.intents.resolve(intent.id, "not_charged", note="console"))
            assert "may still be running" in str(result)
            return net.passed(network, request)

        if shop.client.flavour.name == "sync":
            shop.network.meet(AGAIN, killed)
        assert shop.charge().state == "paid"


def test_a_read_behind_an_attempt_that_was_not_sent(shop: Shop) -> None:
    """The journal knows what was refunded, also when the last refund never left."""
    imp_uid = shop.paid().imp_uid
    before = shop.run(lambda c: c.payments.get(imp_uid)).to_dict()
    shop.cancel(imp_uid=imp_uid, amount=400, key="a")
    shop.network.meet(CANCEL, net.not_connected)
    shop.failure(lambda c: c.payments.cancel_once(imp_uid=imp_uid, amount=100, key="b"), PortOneError)
    shop.network.meet("GET /payments/", net.answered(before))
    assert shop.cancel(imp_uid=imp_uid, left=500).amount == 100
    assert shop.refunds == [400, 100]


def test_a_read_that_shows_an_operators_refund_of_the_same_amount_and_not_ours(shop: Shop) -> None:
    """The sum fits, and the read is behind all the same: V1's answer to our refund had shown both."""
    before = shop.run(lambda c: c.payments.get(shop.paid(amount=2000).imp_uid)).to_dict()

    def shown(*refunds: str) -> net.Fault:
        entries = [
            {"amount": 400, "cancelled_at": 1_800_000_000, "cancellation_id": each, "reason": reason}
            for each, reason in (("C1", "관리자페이지취소"), ("C2", "취소요청api"))
            if each in refunds
        ]
        status = "cancelled" if entries else "paid"
        fields = {"status": status, "cancel_amount": 400 * len(entries), "cancel_history": entries}
        return net.answered({**before, **fields})

    imp_uid = before["imp_uid"]
    shop.network.meet("GET /payments/", shown(), shown("C1"), shown("C1"), shown("C1", "C2"))
    shop.network.meet(CANCEL, shown("C1", "C2"), net.lost_before)
    shop.cancel(imp_uid=imp_uid, amount=400, key="a")
    shop.failure(lambda c: c.payments.cancel_once(imp_uid=imp_uid, amount=400, key="b"), PortOneError)
    (sent,) = [body for body in shop.network.bodies if body and body.get("checksum") not in (None, 2000)]
    assert sent["checksum"] == 1200


class TestTwoEqualPlainCalls:
    """The second one of the same second never arrived: the first, which the journal knows, is not taken for it."""

    def test_refunds(self, shop: Shop) -> None:
        imp_uid = shop.paid().imp_uid
        shop.run(lambda c: c.payments.cancel(imp_uid=imp_uid, amount=400))
        shop.network.meet(CANCEL, net.lost_before)
        error = shop.failure(lambda c: c.payments.cancel(imp_uid=imp_uid, amount=400), OutcomeUnknownError)
        assert shop.settle(error, after=400).state == "not_refunded"

    def test_a_refund_after_one_that_was_settled(self, shop: Shop) -> None:
        imp_uid = shop.paid().imp_uid
        shop.network.meet(CANCEL, net.lost_after)
        first = shop.failure(lambda c: c.payments.cancel(imp_uid=imp_uid, amount=400), OutcomeUnknownError)
        assert shop.settle(first, after=400).state == "refunded"
        shop.network.meet(CANCEL, net.lost_after)
        error = shop.failure(lambda c: c.payments.cancel(imp_uid=imp_uid, amount=400), OutcomeUnknownError)
        assert shop.settle(error, after=400).state == "refunded"
        assert shop.refunds == [400, 400]

    def test_accounts(self, shop: Shop) -> None:
        due = int(shop.clock.server_time()) + 86_400
        account = {"merchant_uid": "order-1", "amount": 5000, "vbank_code": "088", "vbank_due": due}
        issue = lambda c: c.vbanks.issue(**account, vbank_holder="상점")  # noqa: E731
        shop.network.meet("POST /vbanks", net.lost_after, net.passed, net.lost_before)
        first = shop.failure(issue, OutcomeUnknownError)
        assert shop.settle(first).state == "done"
        shop.run(issue)
        error = shop.failure(issue, OutcomeUnknownError)
        assert shop.settle(error, after=400).state == "not_done"

    def test_charges(self, shop: Shop) -> None:
        declined = again(card="charge_failed")
        shop.run(lambda c: c.subscribe.again(**declined))
        shop.network.meet(AGAIN, net.lost_before)
        error = shop.failure(lambda c: c.subscribe.again(**declined), OutcomeUnknownError)
        assert shop.settle(error, after=400).state == "not_charged"


@pytest.mark.parametrize(
    "document", ['{"version": 99}', '{"version": 1, "id": "a"}', "{}", "[]", "", "\ufeff{", '{"version": "1"}']
)
@pytest.mark.parametrize("write", ["refund", "charge", "plain", "settle_all"])
def test_a_journal_that_cannot_be_read_is_no_wrong_argument(shop: Shop, document: str, write: str) -> None:
    """As one that a newer version wrote: an earlier call of the same key may have been executed."""
    imp_uid = shop.paid("order-2").imp_uid
    calls: dict[str, Any] = {
        "refund": lambda c: c.payments.cancel_once(imp_uid=imp_uid, amount=400, key="a"),
        "charge": lambda c: c.subscribe.again_once(**again()),
        "plain": lambda c: c.payments.cancel(imp_uid=imp_uid, amount=400),
        "settle_all": lambda c: c.settle_all(),
    }
    shop.network.meet(CANCEL, net.held)
    shop.network.meet(AGAIN, net.held)
    shop.failure(calls[write if write != "settle_all" else "charge"], OutcomeUnknownError)
    for name in shop.journal._documents:
        shop.journal._documents[name] = document
    shop.clock.advance(400)
    shop.failure(calls[write], IntentStoreError)
    assert shop.network.count(CANCEL) + shop.network.count(AGAIN) == 1
