"""Every setting is the same by flag, by variable, by file and by a control call."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from portone_v1_sandbox import Request, Sandbox
from portone_v1_sandbox.configuration import OF_THE_PROCESS, OPTIONS
from portone_v1_sandbox.control.settings import SETTING_NAMES
from portone_v1_sandbox.serving import sandbox_of

from tests.sandbox.configuration.reading import TABLE, read

SAME = {
    "strict": True,
    "muted_rules": ["token-per-call"],
    "pg_rules": True,
    "registered_tiers_only": True,
    "partial_cancel_status": "paid",
    "unknown_billing_key_status": "404",
    "unknown_close_status": "ready",
    "webhook": "http://shop:8000/hook",
    "webhook_test": "http://127.0.0.1:8000/test",
    "webhook_type": "form",
    "webhook_repeats": True,
    "webhook_escrow": True,
    "webhook_hosts": ["shop"],
    "imp_key": "key-1",
    "tiers": ["ABC=서점", "DEF=DEF"],
    "clock_frozen": True,
    "clock_rate": 60,
    "echoes_custom_data": False,
    "keeps_refund_reason": False,
    "shows_attempts": True,
    "read_lag": 0.5,
    "concurrent_writes": "race",
    "executes_abandoned": False,
    "charges_refunded_order": True,
    "schedules_again": True,
    "charges_declined_order": False,
    "sends_date": False,
    "honours_idempotency_key": True,
    "pg_seconds": 0.25,
    "channels": [TABLE],
}

NEEDED = {"webhook": {"webhook_hosts": ["shop"]}}


def _settings_of(settings: dict[str, Any]) -> Any:
    with sandbox_of(settings) as sandbox:
        return json.loads(sandbox.handle(Request("GET", "/_sandbox/settings")).body)["response"]


def _by_flags(settings: dict[str, Any], _: Path) -> Any:
    flags: list[str] = []
    for name, value in settings.items():
        flag = f"--{name.replace('_', '-')}"
        if name == "channels":
            pairs = ",".join(f"{key}={str(one).lower() if one is True else one}" for key, one in value[0].items())
            flags += ["--channel", pairs]
        elif isinstance(value, bool):
            flags.append(flag if value else f"--no-{flag.removeprefix('--')}")
        else:
            flags += [flag, *(value if isinstance(value, list) else [str(value)])]
    return _settings_of(read(*flags))


def _by_variables(settings: dict[str, Any], _: Path) -> Any:
    texts = {
        name: json.dumps(value) if name == "channels" else ",".join(value) if isinstance(value, list) else str(value)
        for name, value in settings.items()
    }
    return _settings_of(read(**texts))


def _by_file(settings: dict[str, Any], folder: Path) -> Any:
    path = folder / "sandbox.toml"
    plain = [f"{name} = {json.dumps(value)}" for name, value in settings.items() if name != "channels"]
    tables = ["[[channels]]", *(f"{key} = {json.dumps(value)}" for key, value in TABLE.items())]
    path.write_text("\n".join(plain + (tables if "channels" in settings else [])), "utf-8")
    return _settings_of(read("--config", os.fspath(path)))


def _by_call(settings: dict[str, Any], _: Path) -> Any:
    with sandbox_of(read()) as sandbox:
        headers = {"Content-Type": "application/json"}
        answer = json.loads(
            sandbox.handle(Request("POST", "/_sandbox/settings", "", headers, json.dumps(settings).encode())).body
        )
        assert answer["code"] == 0, answer
        return answer["response"]


@pytest.mark.parametrize("name", SAME)
def test_every_setting_is_the_same_by_all_four_ways(tmp_path: Path, name: str) -> None:
    settings = {name: SAME[name]} | NEEDED.get(name, {})
    before = _settings_of(read())
    ways = [way(settings, tmp_path) for way in (_by_flags, _by_variables, _by_file, _by_call)]
    assert ways[0] == ways[1] == ways[2] == ways[3]
    assert ways[0][name] == SAME[name] or str(ways[0][name]) == SAME[name]
    assert {key for key in before if before[key] != ways[0][key]} == set(settings)


def test_every_option_is_a_setting_or_of_the_process() -> None:
    shown = set(_settings_of(read()))
    assert shown == set(SAME)
    assert set(SETTING_NAMES) == shown | {"imp_secret", "clock_date"}  # told by nobody, and by the clock
    assert set(OPTIONS) | {"channels"} == set(SETTING_NAMES) | OF_THE_PROCESS
    assert not set(SETTING_NAMES) & OF_THE_PROCESS


@pytest.mark.parametrize("way", [_by_flags, _by_variables, _by_file, _by_call])
def test_the_key_pair_by_all_four_ways(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: Callable[[dict[str, Any], Path], Any]
) -> None:
    kept: list[Sandbox] = []
    make = sandbox_of

    def keeping(settings: dict[str, Any]) -> Sandbox:
        kept.append(make(settings))
        return kept[-1]

    monkeypatch.setitem(globals(), "sandbox_of", keeping)
    way({"imp_key": "key-1", "imp_secret": "secret-1", "clock_date": "2099-01-01", "clock_frozen": True}, tmp_path)
    pairs = [("key-1", "secret-1"), ("sandbox_key", "sandbox_secret")]
    bodies = [json.dumps({"imp_key": key, "imp_secret": secret}).encode() for key, secret in pairs]
    headers = {"Content-Type": "application/json"}
    (sandbox,) = kept
    statuses = [sandbox.handle(Request("POST", "/users/getToken", "", headers, body)).status for body in bodies]
    assert statuses == [200, 401]
    assert sandbox.clock.now() == 4_070_876_400


def test_another_key_pair_ends_the_token() -> None:
    sandbox = Sandbox()
    headers = {"Content-Type": "application/json"}
    pair = json.dumps({"imp_key": "sandbox_key", "imp_secret": "sandbox_secret"}).encode()
    token = sandbox.handle(Request("POST", "/users/getToken", "", headers, pair)).json()["response"]["access_token"]
    body = json.dumps({"imp_secret": "another"}).encode()
    assert sandbox.handle(Request("POST", "/_sandbox/settings", "", headers, body)).status == 200
    assert sandbox.handle(Request("GET", "/users/pg", "", {"Authorization": token})).status == 401


def test_a_switch_of_an_open_question_applies_at_once() -> None:
    sandbox = Sandbox()
    headers = {"Content-Type": "application/json"}
    for switch in (b'{"sends_date": false}', b'{"sends_date": true}'):
        answer = sandbox.handle(Request("POST", "/_sandbox/settings", "", headers, switch))
        assert ("Date" in answer.headers) is (b"true" in switch)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"strikt": True}, "did you mean 'strict'"),
        ({"strict": "maybe"}, "strict"),
        ({"strict": []}, "strict"),
        ({"unknown_close_status": "paid"}, "unknown_close_status"),
        ({"webhook": "http://other:8000/"}, "webhook_hosts"),
        ({"webhook_type": "xml"}, "webhook_type"),
        ({"tiers": ["A"]}, "tiers"),
        ({"tiers": [1]}, "tiers"),
        ({"imp_key": ""}, "imp_key"),
        ({"muted_rules": ["token-per-cal"]}, "did you mean 'token-per-call'"),
        ({"muted_rules": {"a": 1}}, "muted_rules"),
        ({"read_lag": -1}, "read_lag"),
        ({"read_lag": "nan"}, "read_lag"),
        ({"concurrent_writes": "lose"}, "concurrent_writes"),
        ({"sends_date": 1.5}, "sends_date"),
        ({"clock_rate": 0}, "clock_rate"),
        ({"clock_date": "soon", "webhook_escrow": True}, "clock_date"),
        ({"port": 1}, "port"),
        ({"channels": [{"pg": "kcp", "mid": "m", "pgg": "x"}]}, "unknown name 'pgg', did you mean 'pg'?"),
    ],
)
def test_a_wrong_call_changes_nothing(body: dict[str, Any], expected: str) -> None:
    with sandbox_of(read()) as sandbox:
        headers = {"Content-Type": "application/json"}
        sent = json.dumps({"pg_rules": True} | body).encode()
        answer = json.loads(sandbox.handle(Request("POST", "/_sandbox/settings", "", headers, sent)).body)
        assert (answer["code"], expected in answer["message"]) == (1, True)
        assert json.loads(sandbox.handle(Request("GET", "/_sandbox/settings")).body)["response"]["pg_rules"] is False


def test_what_the_settings_show_is_what_a_file_takes(tmp_path: Path) -> None:
    shown = _by_call(SAME | {"webhook_hosts": ["shop"]}, tmp_path)
    taken = {name: value for name, value in shown.items() if name != "channels"}
    assert taken["unknown_billing_key_status"] == 404
    assert _by_file(taken | {"channels": [TABLE]}, tmp_path) == shown
