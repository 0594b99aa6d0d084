"""What a newcomer calls by another name, or imports from another place, and how the error says what is right."""

from __future__ import annotations

import copy
import pickle
from importlib import import_module
from pkgutil import iter_modules

import portone_v1
import pytest
from portone_v1 import AsyncPortOne, PortOne
from portone_v1_runtime.wrong_names import meant


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("Payment", "from portone_v1.models import Payment"),
        ("PaymentStatus", "from portone_v1.enums import PaymentStatus"),
        ("PaidCharge", "from portone_v1.results import PaidCharge"),
        ("Iamport", "from portone_v1.compat.iamport import Iamport"),
        ("PaymentAnnotation", "PaymentAnnotation is `Payment` here"),
        ("Paid", "from portone_v1.inbox import Paid"),
        ("SQLiteStore", "from portone_v1.intents import SQLiteStore"),
        ("month_after", "from portone_v1.subscriptions import month_after"),
        ("webhook_handler", "from portone_v1.contrib.django import webhook_handler"),
        (
            "PortOneV1",
            "from portone_v1.contrib.fastapi import PortOneV1 or from portone_v1.contrib.flask import PortOneV1",
        ),
        ("Sandbox", "from portone_v1_sandbox import Sandbox"),
    ],
)
def test_an_import_from_the_wrong_place_names_the_right_one(name: str, where: str) -> None:
    with pytest.raises(ImportError, match=where):
        exec(f"from portone_v1 import {name}", {})


@pytest.mark.parametrize(
    ("module", "name", "where"),
    [
        ("errors", "WebhookFormatError", "from portone_v1.webhooks import WebhookFormatError"),
        ("errors", "SubscriptionError", "from portone_v1.subscriptions import SubscriptionError"),
        ("inbox", "later", "from portone_v1.contrib.django import later"),
        ("intents", "SQLAlchemyStore", "from portone_v1.contrib.sqlalchemy import SQLAlchemyStore"),
        ("contrib.django", "Paid", "from portone_v1.inbox import Paid"),
        ("contrib.sqlalchemy", "Inbox", "from portone_v1.inbox import Inbox"),
    ],
)
def test_so_does_one_from_a_module(module: str, name: str, where: str) -> None:
    with pytest.raises(ImportError, match=where):
        exec(f"from portone_v1.{module} import {name}", {})


@pytest.mark.parametrize("name", ["Shop", "__path_of__", "payment"])
def test_what_is_nowhere_is_an_attribute_error(name: str) -> None:
    assert not hasattr(portone_v1, name)
    assert not hasattr(portone_v1.errors, name)


@pytest.mark.parametrize("name", [each.name for each in iter_modules(portone_v1.__path__) if each.name[0] != "_"])
def test_no_module_is_taken_for_a_name_of_another(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """`portone_v1.contrib.django` has an `inbox` and a `client` too."""
    import_module(f"portone_v1.{name}")
    monkeypatch.delattr(portone_v1, name, raising=False)
    assert getattr(portone_v1, name, None) in (None, import_module(f"portone_v1.{name}"))


@pytest.mark.parametrize("kind", [PortOne, AsyncPortOne])
@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("refund", "client has no 'refund'; did you mean client.payments.cancel_once?"),
        ("verify", "client has no 'verify'; did you mean client.payments.verify?"),
        ("payment", "client has no 'payment'; did you mean client.payments?"),
        ("charge", "client.subscribe.again_once or client.subscribe.onetime_once or client.subscriptions.ensure"),
        ("customers", "did you mean client.billing_keys?"),
        ("payments.refund", "client.payments has no 'refund'; did you mean client.payments.cancel_once?"),
        ("payments.list", "did you mean client.payments.search?"),
        ("payments.retrieve", "did you mean client.payments.get or client.payments.find?"),
        ("billing_keys.create", "did you mean client.billing_keys.issue?"),
        ("subscriptions.create", "client.subscriptions has no 'create'; did you mean client.subscriptions.ensure?"),
        ("webhooks.resolved", "did you mean client.webhooks.resolve?"),
        ("intents.resolved", "did you mean client.intents.resolve?"),
        ("qqq", "client has no 'qqq'$"),
    ],
)
def test_a_wrong_name_of_the_client_names_the_right_one(kind: type[object], path: str, what: str) -> None:
    found: object = kind("key", "secret")  # type: ignore[call-arg]
    *parts, name = path.split(".")
    for part in parts:
        found = getattr(found, part)
    with pytest.raises(AttributeError, match=what.replace(".", r"\.").replace("?", r"\?")):
        getattr(found, name)


def test_only_what_exists_is_suggested() -> None:
    assert meant("client.codes", "refund", ["get_bank"], {}) == []
    assert meant("client.payments", "refund", ["cancel", "cancel_once"], {}) == ["client.payments.cancel_once"]
    assert meant("client", "pay", [], {"subscribe": ["again_once"]}) == ["client.subscribe.again_once"]


def test_the_machinery_of_python_still_finds_nothing() -> None:
    client = PortOne("key", "secret")
    assert not hasattr(client, "__rich__")
    assert not hasattr(client.payments, "_nothing")
    assert copy.copy(client).base_url == client.base_url
    with pytest.raises((TypeError, AttributeError, pickle.PicklingError)):
        pickle.dumps(client)
