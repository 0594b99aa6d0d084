"""A worker that can be killed at a moment: `python -m tests.inbox.worker URL MOMENT SECONDS_AHEAD`."""

from __future__ import annotations

import sys
import time
from typing import Any

import sqlalchemy as sa
from portone_v1 import PortOne
from portone_v1.contrib.sqlalchemy import SqlInboxStore
from portone_v1.inbox import Inbox, PaymentChanged, Work

from tests.inbox.shop import V1, Clock

EFFECTS = sa.Table("effects", sa.MetaData(), sa.Column("what", sa.String(40)))
PAID = b'{"imp_uid": "imp_1", "merchant_uid": "order-imp_1", "status": "paid"}'


def tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def stop_here() -> None:
    """Say that this is the moment, and wait for the kill."""
    tell("here")
    time.sleep(60)


def main(url: str, moment: str, ahead: float) -> None:
    engine = sa.create_engine(url)
    v1 = V1(Clock())
    v1.write("imp_1", "paid")
    client = PortOne("key", "secret", transport=v1, max_retries=0)
    inbox = Inbox(lambda _tier: client, SqlInboxStore(engine), now=lambda: time.time() + ahead, drained=True)

    @inbox.on_payment
    def payment_changed(_: PaymentChanged, work: Work) -> None:
        work.session.execute(EFFECTS.insert().values(what="delivered"))
        work.later("send_receipt", key="receipt:order-imp_1")
        if moment == "handler":
            stop_here()

    @inbox.task
    def send_receipt() -> Any:
        with engine.begin() as db:
            db.execute(EFFECTS.insert().values(what="receipt"))

    del payment_changed, send_receipt
    if moment != "none":
        inbox.receive(PAID, "application/json", "52.78.100.19")
        stop_here()
    tell(str(inbox.drain()))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]))
