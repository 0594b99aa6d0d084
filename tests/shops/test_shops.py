"""The example shops, whole, against the sandbox on a socket; `make shops-test` runs this with the built wheels."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import product

import pytest
from portone_v1_sandbox import Movement, SandboxServer

from tests.postgres import Postgres
from tests.shops.servers import KITS, Shop, running

Movements = Callable[[], Sequence[Movement]]
PAYMENTS = 8
SERVERS = ["one-sqlite", "workers-sqlite", "workers-postgres"]


@pytest.fixture(scope="module")
def v1() -> Iterator[SandboxServer]:
    with SandboxServer() as server:
        yield server


@pytest.fixture
def movements(v1: SandboxServer) -> Movements:
    """Return a function that returns V1's movements of money since the test began."""
    before = len(v1.sandbox.ledger)
    return lambda: v1.sandbox.ledger[before:]


@pytest.fixture(scope="module", params=product(KITS, SERVERS), ids="-".join)
def shop(request: pytest.FixtureRequest, v1: SandboxServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Start a shop once for all tests: each makes orders of its own."""
    kit, how = request.param
    database = None
    if how.endswith("postgres"):
        postgres: Postgres = request.getfixturevalue("postgres")
        database = postgres.conninfo(postgres.database())
    folder = tmp_path_factory.mktemp("shop")
    with running(kit, v1.url, folder, database, several=how.startswith("workers")) as shop:
        yield shop


def test_from_the_order_to_its_cancellation(shop: Shop, v1: SandboxServer, movements: Movements) -> None:
    def pay(order: str, amount: int) -> str:
        return v1.sandbox.pay(merchant_uid=order, amount=amount).imp_uid

    # The browser comes first, then the notice.
    first, amount = shop.order("coffee")
    assert (amount, shop.state(first)) == (12000, "waiting")
    imp_uid = pay(first, 12000)
    assert shop.paid(first, imp_uid).json()["state"] == "paid"
    assert shop.notify(imp_uid, merchant_uid=first, status="paid").status_code == 200

    # The browser was closed: only the notice comes, and comes again.
    second, _ = shop.order("cup")
    other = pay(second, 8000)
    answers = [shop.notify(other, merchant_uid=second, status="paid").text for _ in range(2)]
    assert (answers, shop.state(second)) == (["processed", "processed"], "paid")

    # Another order's payment buys nothing.
    third, _ = shop.order("coffee")
    assert shop.paid(third, other).status_code == 409
    assert shop.paid(third, "imp_000000000000").status_code == 409
    assert shop.notify(other, merchant_uid=third).status_code == 409
    assert shop.state(third) == "waiting"
    assert shop.cancel(third).status_code == 409

    # A payment of no order of this shop, and one that V1 does not know.
    assert shop.notify(pay(f"elsewhere-{first}", 100)).text == "processed"
    assert shop.notify("imp_000000000000").text == "payment not found"

    # Refunded by the shop; refunded by hand in the console.
    assert shop.cancel(first).json()["state"] == "cancelled"
    with v1.sandbox.client() as console:
        part = console.payments.cancel(imp_uid=other, amount=3000, checksum=8000)
        assert part.status == "cancelled", "as V1 says after a part, too"
        assert shop.notify(other, merchant_uid=second, status="cancelled").text == "processed"
        assert shop.state(second) == "paid"
        console.payments.cancel(imp_uid=other, amount=5000, checksum=5000)
    assert shop.notify(other, merchant_uid=second, status="cancelled").text == "processed"
    assert (shop.state(first), shop.state(second)) == ("cancelled", "cancelled")
    assert sum(movement.amount * (1 if movement.kind == "charge" else -1) for movement in movements()) == 100
    assert v1.sandbox.lint.findings == ()


def test_browser_and_notices_at_once(shop: Shop, v1: SandboxServer, movements: Movements) -> None:
    """No order is lost, no request fails for want of a lock, and a refund that is asked for twice is one."""
    orders = [shop.order("cup") for _ in range(PAYMENTS)]
    paid = [(order, v1.sandbox.pay(merchant_uid=order, amount=amount).imp_uid) for order, amount in orders]
    with ThreadPoolExecutor(12) as pool:
        noticed = [pool.submit(shop.notify, uid, merchant_uid=order, status="paid") for order, uid in paid * 2]
        browsers = [pool.submit(shop.paid, order, uid) for order, uid in paid]
        assert {future.result().status_code for future in browsers} == {200}
        assert {future.result().status_code for future in noticed} <= {200, 503}  # 503: PortOne comes again
        assert {shop.notify(uid, merchant_uid=order, status="paid").status_code for order, uid in paid} <= {200}
        assert {shop.state(order) for order, _ in paid} == {"paid"}
        cancelled = [pool.submit(shop.cancel, order) for order, _ in paid * 2]
        assert {future.result().status_code for future in cancelled} <= {
            200,
            409,
            503,
        }  # already cancelled; in progress
    assert {shop.state(order) for order, _ in paid} == {"cancelled"}
    refunds = [movement for movement in movements() if movement.kind != "charge"]
    assert len(refunds) == PAYMENTS
    assert v1.sandbox.lint.findings == ()
