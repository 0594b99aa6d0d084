"""What is wrong among the arguments of `Sandbox` and `SandboxServer`, in one sentence each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from inspect import signature
from pathlib import Path
from typing import Any

import pytest
from portone_v1_sandbox import DEFAULT_CHANNELS, Assumptions, Channel, Sandbox, SandboxServer, Webhooks
from portone_v1_sandbox.facade.arguments import RULES

CHANNEL = DEFAULT_CHANNELS[0]
SECRET = b"a secret that is no text"


def channel(**changed: Any) -> Channel:
    return replace(CHANNEL, **changed)


@pytest.mark.parametrize(
    ("name", "value", "error", "says"),
    [
        ("imp_key", None, TypeError, "imp_key must be a text, not NoneType"),
        ("imp_key", "", ValueError, "imp_key must not be empty"),
        ("imp_secret", SECRET, TypeError, "imp_secret must be a text, not bytes"),
        ("clock", 1, TypeError, "clock must be a SandboxClock, as SandboxClock.frozen_at(…), not int"),
        ("channels", ["x"], TypeError, "channels[0] must be a Channel, not str"),
        ("channels", "x", TypeError, "channels must be a list of Channel, not str"),
        ("channels", {"pg": "kcp"}, TypeError, "channels must be a list of Channel, not dict"),
        ("channels", [{"pg": "kcp", "mid": "m"}], TypeError, "channels[0] must be a Channel, not dict"),
        ("channels", CHANNEL, TypeError, "channels must be a list of Channel, not Channel"),
        ("channels", None, TypeError, "channels must be a list of Channel, not NoneType"),
        ("channels", [channel(pg_id="")], ValueError, "channels[0].pg_id must not be empty"),
        ("channels", [channel(pg_provider=1)], TypeError, "channels[0].pg_provider must be a text, not int"),
        (
            "channels",
            [CHANNEL, channel(channel_key="k", type="card")],
            ValueError,
            "channels[1].type must be one of 'payment', 'api_payment', 'certification', not 'card'",
        ),
        ("channels", [channel(sandbox="no")], TypeError, "channels[0].sandbox must be True or False, not str"),
        ("channels", [channel(channel_name=1)], TypeError, "channels[0].channel_name must be a text, not int"),
        ("channels", [CHANNEL, CHANNEL], ValueError, f"channels: two channels have the key {CHANNEL.channel_key!r}"),
        (
            "partial_cancel_status",
            "refunded",
            ValueError,
            "partial_cancel_status must be one of 'paid', 'cancelled', not 'refunded'",
        ),
        (
            "unknown_billing_key_status",
            "404",
            ValueError,
            "unknown_billing_key_status must be one of 200, 404, not '404'",
        ),
        ("unknown_close_status", [], ValueError, "unknown_close_status must be one of 'failed', 'ready', not []"),
        ("pg_rules", "false", TypeError, "pg_rules must be True or False, not str"),
        ("registered_tiers_only", None, TypeError, "registered_tiers_only must be True or False, not NoneType"),
        ("strict", 1, TypeError, "strict must be True or False, not int"),
        ("tiers", "ABC", TypeError, "tiers must be a list of texts, not str"),
        ("tiers", {"ABC": "book shop"}, TypeError, "tiers must be a list of texts, not dict"),
        ("tiers", [1], TypeError, "tiers must be a list of texts, not of int"),
        ("tiers", ["A"], ValueError, "tiers: 'A' is not ABC or ABC=name"),
        ("muted_rules", "token-per-call", TypeError, "muted_rules must be a list of texts, not str"),
        ("muted_rules", 1, TypeError, "muted_rules must be a list of texts, not int"),
        ("db", True, TypeError, "db must be the path of a file, not bool"),
        ("db", "", ValueError, "db must not be empty"),
        ("webhook_url", Path("/hook"), TypeError, "webhook_url must be a text, not PosixPath"),
        ("webhook_url", "", ValueError, "Invalid webhook URL: not an http or https URL."),
        ("webhook_test_url", 8000, TypeError, "webhook_test_url must be a text, not int"),
        (
            "webhook_content_type",
            "json",
            ValueError,
            "webhook_content_type must be one of 'application/json', 'application/x-www-form-urlencoded', not 'json'",
        ),
        ("webhook_repeats", "no", TypeError, "webhook_repeats must be True or False, not str"),
        ("webhook_escrow", 0, TypeError, "webhook_escrow must be True or False, not int"),
        ("allow_remote_webhooks", "no", TypeError, "allow_remote_webhooks must be True or False, not str"),
        ("webhook_hosts", "shop", TypeError, "webhook_hosts must be a list of texts, not str"),
        ("webhook_hosts", [None], TypeError, "webhook_hosts must be a list of texts, not of NoneType"),
        (
            "webhook_sender",
            "http://127.0.0.1:9/",
            TypeError,
            "webhook_sender must be a function that takes a WebhookCall, not str",
        ),
        ("assumptions", {"read_lag": 1}, TypeError, "assumptions must be Assumptions(…), not dict"),
    ],
)
def test_a_wrong_argument_is_refused_in_one_sentence(name: str, value: Any, error: type[Exception], says: str) -> None:
    with pytest.raises(error) as refused:
        Sandbox(**{name: value})
    assert str(refused.value) == says


def test_every_argument_is_checked() -> None:
    lists = {"channels", "tiers", "muted_rules", "webhook_hosts", "allowed_hosts"}
    called: tuple[Callable[..., Any], ...] = (Sandbox, SandboxServer, Webhooks.configure)
    takes = {name for each in called for name in signature(each).parameters} - {"self", "sandbox"}
    assert takes == {*RULES, *lists}
    assert not lists & {*RULES}


def test_any_list_will_do() -> None:
    channels = (each for each in DEFAULT_CHANNELS)
    with Sandbox(channels=channels, tiers={"ABC"}, webhook_hosts=iter(["Shop"]), muted_rules=()) as sandbox:
        assert sandbox.pay(merchant_uid="order-1", amount=1000).pg_provider == CHANNEL.pg_provider
        assert sandbox.webhooks.settings.hosts == ("shop",)
    assert Sandbox(channels=[]).journal == ()  # a merchant without a channel


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("sandbox", 8765, "sandbox must be a Sandbox, not int"),
        ("host", None, "host must be a text, not NoneType"),
        ("port", "8765", "port must be a number, not str"),
        ("port", True, "port must be a number, not bool"),
        ("expose_to_network", "no", "expose_to_network must be True or False, not str"),
        ("allowed_hosts", "shop.test", "allowed_hosts must be a list of texts, not str"),
    ],
)
def test_a_wrong_argument_of_the_server(name: str, value: Any, says: str) -> None:
    with pytest.raises(TypeError) as refused:
        SandboxServer(**{name: value})
    assert str(refused.value) == says


@pytest.mark.parametrize(
    ("name", "value", "error", "says"),
    [
        ("echoes_custom_data", "no", TypeError, "echoes_custom_data must be True or False, not str"),
        ("read_lag", "1", TypeError, "read_lag must be a number of seconds, not str"),
        ("pg_seconds", True, TypeError, "pg_seconds must be a number of seconds, not bool"),
        ("pg_seconds", 601, ValueError, "pg_seconds must be between 0 and 600 seconds"),
        ("concurrent_writes", "lose", ValueError, "concurrent_writes must be one of queue, refuse, race"),
    ],
)
def test_a_wrong_assumption(name: str, value: Any, error: type[Exception], says: str) -> None:
    with pytest.raises(error) as refused:
        Assumptions(**{name: value})
    assert str(refused.value) == says


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        (
            lambda webhooks: webhooks.configure(content_type="json"),
            ValueError,
            "content_type must be one of 'application/json', 'application/x-www-form-urlencoded', not 'json'",
        ),
        (lambda webhooks: webhooks.configure(url=1), TypeError, "url must be a text, not int"),
        (lambda webhooks: webhooks.configure(repeats="no"), TypeError, "repeats must be True or False, not str"),
    ],
)
def test_a_wrong_setting_of_webhooks(change: Callable[[Any], None], error: type[Exception], says: str) -> None:
    sandbox = Sandbox()
    with pytest.raises(error) as refused:
        change(sandbox.webhooks)
    assert str(refused.value) == says
