"""What a client is built from: arguments before variables, and every bad value told before anything is sent."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from portone_v1 import ConfigurationError, Timeout

from tests.overlay.harness import KEY, SECRET, Flavour, ScriptedV1, payment


def test_the_key_pair_comes_from_arguments(flavour: Flavour, v1: ScriptedV1) -> None:
    flavour.client(v1).call(lambda c: c.payments.get("imp_1"))
    assert v1.token_calls[0].body == {"imp_key": KEY, "imp_secret": SECRET}


def test_everything_comes_from_variables(flavour: Flavour, v1: ScriptedV1, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTONE_V1_KEY", "key-of-the-environment")
    monkeypatch.setenv("PORTONE_V1_SECRET", "secret-of-the-environment")
    monkeypatch.setenv("PORTONE_V1_BASE_URL", "http://localhost:1234/")
    monkeypatch.setenv("PORTONE_V1_TIER", "AB1")
    client = flavour.client(v1, imp_key=None, imp_secret=None)
    client.call(lambda c: c.payments.get("imp_1"))
    assert v1.token_calls[0].body == {"imp_key": "key-of-the-environment", "imp_secret": "secret-of-the-environment"}
    assert v1.calls[0].headers["host"] == "localhost:1234"
    assert v1.calls[0].headers["tier"] == "AB1"
    assert repr(client.raw) == f"<{type(client.raw).__name__} http://localhost:1234 over {type(v1).__name__} tier=AB1>"


def test_arguments_win_over_variables(flavour: Flavour, v1: ScriptedV1, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KEY", "SECRET", "BASE_URL", "TIER"):
        monkeypatch.setenv(f"PORTONE_V1_{name}", "not this one")
    client = flavour.client(v1, base_url="https://static-api.iamport.kr", tier="XYZ")
    client.call(lambda c: c.payments.get("imp_1"))
    assert v1.token_calls[0].body == {"imp_key": KEY, "imp_secret": SECRET}
    assert v1.calls[0].headers["host"] == "static-api.iamport.kr"
    assert v1.calls[0].headers["tier"] == "XYZ"


def test_the_default_is_the_live_service_without_a_tier(flavour: Flavour, v1: ScriptedV1) -> None:
    client = flavour.client(v1)
    client.call(lambda c: c.payments.get("imp_1"))
    assert v1.calls[0].headers["host"] == "api.iamport.kr"
    assert "tier" not in v1.calls[0].headers


BAD_CREDENTIALS: list[Any] = ["", " ", "\t", "abc\n", " abc", "ab\nc", "ab\x00c", 5, b"abc", ["abc"]]


@pytest.mark.parametrize("name", ["imp_key", "imp_secret"])
@pytest.mark.parametrize("value", BAD_CREDENTIALS, ids=repr)
def test_a_bad_key_or_secret(flavour: Flavour, v1: ScriptedV1, name: str, value: Any) -> None:
    with pytest.raises(ConfigurationError, match=f"^{name} ") as caught:
        flavour.client(v1, **{name: value})
    assert isinstance(caught.value, ValueError)
    assert "abc" not in str(caught.value)
    assert v1.requests == []


@pytest.mark.parametrize(("name", "variable"), [("imp_key", "KEY"), ("imp_secret", "SECRET")])
def test_a_missing_key_or_secret_names_both_places(flavour: Flavour, name: str, variable: str) -> None:
    with pytest.raises(ConfigurationError, match=f"pass {name}= or set PORTONE_V1_{variable}\n"):
        flavour.client(**{name: None})


@pytest.mark.parametrize("variable", ["KEY", "SECRET", "BASE_URL"])
@pytest.mark.parametrize("value", ["", "  "])
def test_an_empty_variable_is_no_setting(
    flavour: Flavour, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv("PORTONE_V1_KEY", "a")
    monkeypatch.setenv("PORTONE_V1_SECRET", "b")
    monkeypatch.setenv(f"PORTONE_V1_{variable}", value)
    with pytest.raises(ConfigurationError):
        flavour.client(imp_key=None, imp_secret=None)


def test_an_empty_tier_variable_is_the_agent_itself(
    flavour: Flavour, v1: ScriptedV1, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTONE_V1_TIER", "")
    flavour.client(v1).call(lambda c: c.payments.get("imp_1"))
    assert "tier" not in v1.calls[0].headers


@pytest.mark.parametrize(
    "url",
    [
        "",
        " ",
        "api.iamport.kr",
        "//api.iamport.kr",
        "https://",
        "https:///users",
        "ftp://api.iamport.kr",
        "file:///etc/hosts",
        "https://api.iamport.kr\n",
        " https://api.iamport.kr",
        "https://api .iamport.kr",
        "https://api.iamport.kr:port",
        "https://api.iamport.kr:70000",
        "https://[::1",
        "https://api..iamport.kr",
        "https://.",
        "https://a\\b.kr",
        "https://999.1.1.1",
        f"https://{'a' * 70}.kr",
        5,
        b"https://api.iamport.kr",
    ],
    ids=repr,
)
def test_a_base_url_that_is_none(flavour: Flavour, v1: ScriptedV1, url: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"^base_url "):
        flavour.client(v1, base_url=url)


@pytest.mark.parametrize(
    "url",
    [
        "http://api.iamport.kr",
        "http://10.0.0.1",
        "http://0.0.0.0",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com",
        "http://[fe80::1]",
        "HTTP://API.IAMPORT.KR",
    ],
)
def test_plain_http_leaves_this_machine_never(flavour: Flavour, url: str) -> None:
    with pytest.raises(ConfigurationError, match="must use https; plain http is allowed only for loopback"):
        flavour.client(base_url=url)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://localhost", "localhost"),
        ("http://LOCALHOST:8765", "localhost:8765"),
        ("http://127.0.0.1:1", "127.0.0.1:1"),
        ("http://127.8.9.10", "127.8.9.10"),
        ("http://[::1]:8765", "[::1]:8765"),
        ("https://api.iamport.kr/", "api.iamport.kr"),
        ("https://10.0.0.1:8443", "10.0.0.1:8443"),
    ],
)
def test_a_good_base_url(flavour: Flavour, v1: ScriptedV1, url: str, host: str) -> None:
    flavour.client(v1, base_url=url).call(lambda c: c.payments.get("imp_1"))
    assert [request.headers["host"] for request in v1.requests] == [host, host]
    assert [request.target for request in v1.requests] == ["/users/getToken", "/payments/imp_1"]


def test_a_base_url_may_have_a_path(flavour: Flavour, v1: ScriptedV1) -> None:
    v1.play(payment())
    client = flavour.client(v1, base_url="https://gateway.example.com/portone/")
    v1.default = v1.default_token  # the token is asked for below the same path
    client.call(lambda c: c.auth.get_token(imp_key=KEY, imp_secret=SECRET))
    assert v1.requests[-1].target == "/portone/users/getToken"


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://user@api.iamport.kr", "user name or password"),
        ("https://user:hunter2@api.iamport.kr", "user name or password"),
        ("https://:hunter2@api.iamport.kr", "user name or password"),
        ("http://127.0.0.1@api.iamport.kr", "user name or password"),
        ("https://api.iamport.kr?a=hunter2", "query string or fragment"),
        ("https://api.iamport.kr?", "query string or fragment"),
        ("https://api.iamport.kr/#hunter2", "query string or fragment"),
    ],
)
def test_a_base_url_holds_nothing_but_the_place(flavour: Flavour, url: str, why: str) -> None:
    with pytest.raises(ConfigurationError, match=why) as caught:
        flavour.client(base_url=url)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("tier", ["", "AB", "ABCD", "ab1", "A B", "AB\n", "ÄBC", "１２３", 123, b"ABC"], ids=repr)
def test_a_bad_tier(flavour: Flavour, v1: ScriptedV1, tier: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"^tier must be three characters"):
        flavour.client(v1, tier=tier)
    client = flavour.client(v1)
    with pytest.raises(ConfigurationError, match=r"^tier must be three characters"):
        client.with_options(tier=tier)
    assert isinstance(client.failure(lambda c: c.payments.get("imp_1", tier=tier)), ConfigurationError)
    assert v1.requests == []


@pytest.mark.parametrize(
    "timeout",
    [0, -1, 0.0, float("nan"), float("inf"), 10**400, 1e9, True, "5", Decimal(5), (1, 2, 3, 4), Timeout(connect=0)],
    ids=repr,
)
def test_a_bad_timeout(flavour: Flavour, v1: ScriptedV1, timeout: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"^timeout must be "):
        flavour.client(v1, timeout=timeout)
    client = flavour.client(v1)
    assert isinstance(client.failure(lambda c: c.payments.get("imp_1", timeout=timeout)), ConfigurationError)
    assert v1.requests == []


@pytest.mark.parametrize(
    ("timeout", "expected"),
    [
        (5, {"connect": 5.0, "read": 5.0, "write": 5.0, "pool": 5.0}),
        (0.5, {"connect": 0.5, "read": 0.5, "write": 0.5, "pool": 0.5}),
        (None, {"connect": None, "read": None, "write": None, "pool": None}),
        (Timeout(connect=1, read=None), {"connect": 1.0, "read": None, "write": 30.0, "pool": 10.0}),
        (Timeout(), {"connect": 10.0, "read": 60.0, "write": 30.0, "pool": 10.0}),
    ],
    ids=repr,
)
def test_a_timeout_reaches_the_transport(flavour: Flavour, v1: ScriptedV1, timeout: Any, expected: Any) -> None:
    flavour.client(v1, timeout=timeout).call(lambda c: c.payments.get("imp_1"))
    assert [request.timeout for request in v1.requests] == [expected, expected]


def test_there_is_a_timeout_without_saying(flavour: Flavour, v1: ScriptedV1) -> None:
    flavour.client(v1).call(lambda c: c.payments.get("imp_1"))
    assert None not in v1.calls[0].timeout.values()


@pytest.mark.parametrize("retries", [-1, 1.0, "2", None, True], ids=repr)
def test_bad_retries(flavour: Flavour, v1: ScriptedV1, retries: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"^max_retries must be an int >= 0"):
        flavour.client(v1, max_retries=retries)
    client = flavour.client(v1)
    assert isinstance(client.failure(lambda c: c.payments.get("imp_1", max_retries=retries)), ConfigurationError)
    assert v1.requests == []


@pytest.mark.parametrize(
    "proxy",
    ["", "proxy.example.com:3128", "ftp://proxy.example.com", "http://", "http://[::1", "http://proxy:port", 3128],
    ids=repr,
)
def test_a_bad_proxy(flavour: Flavour, proxy: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"^proxy must be a URL"):
        flavour.client(proxy=proxy)


def test_the_password_of_a_proxy_is_not_shown(flavour: Flavour) -> None:
    with pytest.raises(ConfigurationError) as caught:
        flavour.client(proxy="ftp://user:hunter2@proxy.example.com")
    assert "hunter2" not in str(caught.value)
    assert "hunter2" not in repr(flavour.client(proxy="http://user:hunter2@proxy.example.com").raw)


@pytest.mark.parametrize("certificate", ["nothing.pem", ("nothing.pem", "key.pem"), ("a", "b", "c", "d"), ()], ids=repr)
def test_a_client_certificate_that_is_not_there(flavour: Flavour, certificate: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"^client_cert"):
        flavour.client(client_cert=certificate)


def test_authorities_that_are_not_there(flavour: Flavour, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"^ca_file: file not found"):
        flavour.client(ca_file=tmp_path / "nothing.pem")
    (tmp_path / "empty.pem").write_text("this is no certificate")
    with pytest.raises(ConfigurationError, match=r"^cannot load ca_file"):
        flavour.client(ca_file=tmp_path / "empty.pem")


def test_an_argument_that_does_not_exist(flavour: Flavour) -> None:
    with pytest.raises(TypeError, match="verify"):
        flavour.client(verify=False)


def test_nothing_of_the_key_pair_is_shown(flavour: Flavour, v1: ScriptedV1) -> None:
    client = flavour.client(v1)
    client.call(lambda c: c.payments.get("imp_1"))
    engine = client.raw._engine
    for thing in (client.raw, engine, engine.settings, engine.tokens, engine.tokens._token, client.with_options().raw):
        shown = f"{thing!r} {thing!s}"
        assert KEY not in shown
        assert SECRET not in shown
        assert "token-1" not in shown
