"""The official client of the vendor, unchanged: `imp_url` is its own name for the base address."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

from iamport import Iamport  # type: ignore[import-not-found, unused-ignore]

address, imp_key, imp_secret, now = sys.argv[1:]
client = Iamport(imp_key=imp_key, imp_secret=imp_secret, imp_url=f"{address}/")
CARD = {"card_number": "4242-4242-4242-4242", "expiry": "2099-12", "birth": "880101", "pwd_2digit": "00"}
answers: dict[str, Any] = {}


def refused(call: Callable[..., Any], *arguments: Any, **keywords: Any) -> list[Any]:
    try:
        call(*arguments, **keywords)
    except Iamport.ResponseError as error:
        return [error.code, error.message]
    except Iamport.HttpError as error:
        return [error.code]
    raise AssertionError("it was not refused")


answers["onetime"] = client.pay_onetime(**CARD, merchant_uid="order-1", amount=12000, name="커피")
imp_uid = answers["onetime"]["imp_uid"]
answers["by_imp_uid"] = client.find(imp_uid=imp_uid)
answers["by_merchant_uid"] = client.find(merchant_uid="order-1")
answers["is_paid"] = [client.is_paid(12000, imp_uid=imp_uid), client.is_paid(1, imp_uid=imp_uid)]
answers["partly"] = client.cancel("변심", imp_uid=imp_uid, amount=5000, checksum=12000)
answers["wholly"] = client.cancel("변심", merchant_uid="order-1")
answers["cancelled_again"] = refused(client.cancel, "변심", imp_uid=imp_uid)
answers["unknown_cancel"] = refused(client.cancel, "변심", merchant_uid="nothing")
answers["prepared"] = client.prepare("order-2", 1000)
answers["validated"] = [client.prepare_validate("order-2", 1000), client.prepare_validate("order-2", 1)]

answers["key"] = client.customer_create(**CARD, customer_uid="customer-1", customer_name="홍길동")
answers["read_key"] = client.customer_get("customer-1")
month = {"merchant_uid": "order-3", "amount": 9900, "name": "구독"}
answers["charged_without_key"] = refused(client.pay_again, customer_uid="nobody", **month)
answers["charged"] = client.pay_again(customer_uid="customer-1", **month)

answers["scheduled"] = client.pay_schedule(
    customer_uid="customer-1",
    schedules=[
        {"merchant_uid": f"month-{day}", "schedule_at": int(now) + day * 86400, "amount": 9900, "name": "구독"}
        for day in (1, 2)
    ],
)
answers["schedule"] = client.pay_schedule_get("month-1")
answers["between"] = client.pay_schedule_get_between(
    schedule_from=int(now), schedule_to=int(now) + 3 * 86400, schedule_status="scheduled"
)
answers["revoked"] = client.pay_unschedule(customer_uid="customer-1", merchant_uid="month-2")
answers["revoked_again"] = refused(client.pay_unschedule, customer_uid="customer-1", merchant_uid="month-2")

# Its find_by_status is left out: it fails in itself, before it sends anything.
answers["deleted"] = client.customer_delete("customer-1")
answers["deleted_again"] = refused(client.customer_delete, "customer-1")
answers["unknown"] = refused(client.find, imp_uid="imp_000000000000")
answers["uncertified"] = refused(client.find_certification, "imp_000000000000")
answers["bad_card"] = refused(client.pay_onetime, **CARD | {"card_number": "1234"}, merchant_uid="order-6", amount=1000)
answers["stranger"] = refused(Iamport(imp_key, "wrong", f"{address}/").find, imp_uid=imp_uid)
sys.stdout.write(json.dumps(answers))
