"""A worker that can be killed at a moment."""

from __future__ import annotations

import time
from multiprocessing.connection import Connection
from typing import Any

import sqlalchemy as sa
from portone_v1 import PortOne
from portone_v1.contrib.sqlalchemy import SqlInboxStore
from portone_v1.inbox import Inbox, PaymentChanged, Work

from tests.inbox.shop import V1, Clock

EFFECTS = sa.Table("effects", sa.MetaData(), sa.Column("what", sa.String(40)))
PAID = b'{"imp_uid": "imp_1", "merchant_uid": "order-imp_1", "status": "paid"}'


def work(url: str, moment: str, ahead: float, line: Connection) -> None:
    """Send "here" at the moment and wait for the kill, or drain and send how many there were."""

    def stop_here() -> None:
        line.send("here")
        time.sleep(60)

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
    line.send(inbox.drain())
