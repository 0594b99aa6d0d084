"""`manage.py portone_settle`: the shop hears what became of a write, and once."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command  # type: ignore[import-untyped]
from django.db import connection  # type: ignore[import-untyped]
from django.test import override_settings  # type: ignore[import-untyped]
from portone_v1 import OutcomeUnknownError, PortOne
from portone_v1.results import SettledWrite

from tests.contrib import django_site
from tests.contrib.v1 import V1

HEARD: list[tuple[str, str]] = []


def settled(write: SettledWrite) -> None:
    """Note the outcome, as the function of a shop."""
    HEARD.append((write.intent.resource, write.state))


def failing(write: SettledWrite) -> None:
    raise RuntimeError(write.state)


@pytest.fixture
def client(site: Path, v1: V1) -> Iterator[PortOne]:
    django_site.set_up(site)
    HEARD.clear()
    from portone_v1.contrib.django import DjangoStore
    from portone_v1.contrib.django.models import StoredIntent

    StoredIntent.objects.all().delete()
    with v1.sandbox.client(transport=v1, intents=DjangoStore()) as client:
        yield client
    StoredIntent.objects.all().delete()
    connection.close()


def settle(client: PortOne, **options: object) -> str:
    out = StringIO()
    with override_settings(PORTONE_V1={"CLIENT": lambda: client, **options}):
        call_command("portone_settle", stdout=out)
    return out.getvalue()


def lose_a_refund(client: PortOne, v1: V1) -> str:
    """Refund at V1, and lose its response."""
    imp_uid = v1.pay().imp_uid
    v1.sandbox.faults.fail_next(1, status=502, executed=True, operation="payments.cancel")
    with pytest.raises(OutcomeUnknownError):
        client.payments.cancel(imp_uid=imp_uid, amount=12000)
    return imp_uid


def test_a_write_that_is_not_decided_is_listed_once(client: PortOne, v1: V1) -> None:
    lose_a_refund(client, v1)
    assert [line.split()[-1] for line in settle(client).splitlines()] == ["open"]


def test_an_outcome_reaches_the_shops_function_once(client: PortOne, v1: V1) -> None:
    imp_uid = lose_a_refund(client, v1)
    v1.sandbox.clock.advance(minutes=6)
    option = f"{__name__}.settled"
    assert "refunded" in settle(client, ON_SETTLED=option)
    assert settle(client, ON_SETTLED=option) == ""
    assert [(f"payment:{imp_uid}", "refunded")] == HEARD


def test_an_outcome_that_the_shop_could_not_take_is_handed_over_again(client: PortOne, v1: V1) -> None:
    lose_a_refund(client, v1)
    v1.sandbox.clock.advance(minutes=6)
    with pytest.raises(RuntimeError, match="refunded"):
        settle(client, ON_SETTLED=failing)
    settle(client, ON_SETTLED=settled)
    assert [state for _, state in HEARD] == ["refunded"]


def test_a_wrong_function_settles_nothing(client: PortOne, v1: V1) -> None:
    lose_a_refund(client, v1)
    v1.sandbox.clock.advance(minutes=6)
    with pytest.raises(ImportError):
        settle(client, ON_SETTLED="nowhere.settled")
    settle(client, ON_SETTLED=settled)
    assert [state for _, state in HEARD] == ["refunded"]
