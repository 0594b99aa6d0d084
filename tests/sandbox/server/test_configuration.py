"""Settings of the server: flags before the environment, the environment before `sandbox.toml`."""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from portone_v1_sandbox import DEFAULT_CHANNELS, Request, Sandbox
from portone_v1_sandbox.__main__ import main
from portone_v1_sandbox.configuration import OF_THE_PROCESS, OPTIONS, add_flags, read_configuration
from portone_v1_sandbox.control.settings import SETTING_NAMES
from portone_v1_sandbox.serving import sandbox_of

PREFIX = "PORTONE_V1_SANDBOX_"
TOML = """
port = 9001
webhook = "http://127.0.0.1:8000/hooks"
webhook_type = "form"
webhook_repeats = true
allowed_hosts = ["sandbox.test"]

[[channels]]
pg = "tosspayments"
mid = "shop-mid"
key = "channel-key-1"
name = "토스"

[[channels]]
pg = "nice_v2"
mid = "shop-bill"
type = "api_payment"
sandbox = true
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "sandbox.toml"
    path.write_text(TOML, "utf-8")
    return path


def read(*flags: str, **environment: str) -> dict[str, Any]:
    parser = argparse.ArgumentParser()
    add_flags(parser)
    named = {f"{PREFIX}{name.upper()}": value for name, value in environment.items()}
    return read_configuration(parser.parse_args(flags), named)


def test_defaults() -> None:
    settings = read()
    assert (settings["host"], settings["port"], settings["db"]) == ("127.0.0.1", 8765, None)
    assert settings["channels"] is DEFAULT_CHANNELS


def test_a_file(file: Path) -> None:
    settings = read("--config", os.fspath(file))
    assert (settings["port"], settings["webhook_type"], settings["webhook_repeats"]) == (9001, "form", True)
    first, second = settings["channels"]
    assert (first.pg_provider, first.pg_id, first.channel_key) == ("tosspayments", "shop-mid", "channel-key-1")
    assert (first.type, first.sandbox, first.channel_name) == ("payment", False, "토스")
    assert (second.type, second.sandbox) == ("api_payment", True)
    assert second.channel_key


def test_the_environment_before_the_file_and_flags_before_both(file: Path) -> None:
    assert read(config=os.fspath(file), port="9002")["port"] == 9002
    assert read("--port", "9003", config=os.fspath(file), port="9002")["port"] == 9003
    assert read("--no-webhook-repeats", config=os.fspath(file))["webhook_repeats"] is False
    assert read(webhook_repeats="0", config=os.fspath(file))["webhook_repeats"] is False


def test_every_flag_has_a_variable_and_a_name_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "all.toml"
    for name, value in read().items():
        if name == "channels":
            continue
        choices = {
            "webhook_type": "json",
            "allowed_hosts": "a.test,b.test",
            "port": "1",
            "unknown_close_status": "ready",
            "partial_cancel_status": "paid",
            "unknown_billing_key_status": "404",
            "clock_rate": "2",
            "read_lag": "0.5",
            "pg_seconds": "2",
            "concurrent_writes": "race",
            "tiers": "ABC,DEF=b",
            "webhook_hosts": "shop,api.test",
            "muted_rules": "token-per-call,webhook-late",
        }
        text = choices.get(name, "true" if isinstance(value, bool) or name.startswith("webhook_r") else "")
        text = text or ("true" if name == "webhook_escrow" else "http://127.0.0.1/")
        changed = read(**{name: text})[name]
        assert changed is not None
        lists = "[" + ", ".join(f'"{one}"' for one in changed) + "]" if isinstance(changed, list) else ""
        quoted = lists or (text if isinstance(changed, bool | int | float) else f'"{text}"')
        path.write_text(f"{name} = {quoted}\n", "utf-8")
        assert read("--config", os.fspath(path))[name] == changed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("prot = 1", "sandbox.toml: unknown name 'prot', did you mean 'port'?"),
        ("port = 'x'", "sandbox.toml: port must be a number"),
        ("port = true", "sandbox.toml: port must be a number"),
        ("allowed_hosts = 'x'", "sandbox.toml: allowed_hosts must be a list of texts"),
        ("allowed_hosts = [1]", "sandbox.toml: allowed_hosts must be a list of texts"),
        ("host = ['a']", "sandbox.toml: host must be a text"),
        ("webhook_type = 'xml'", "sandbox.toml: webhook_type must be one of json, form"),
        ("channels = 1", "sandbox.toml: channels must be tables, [[channels]]"),
        ("channels = []", "sandbox.toml: channels must be tables, [[channels]]"),
        ("channels = [1]", "sandbox.toml: channels[0] must be a table"),
        ("[[channels]]\npg = 'kcp'", "sandbox.toml: channels[0]: mid is missing"),
        ("[[channels]]\npg = 'kcp'\nmid = ''", "sandbox.toml: channels[0]: mid must be a text"),
        ("[[channels]]\npg = 'kcp'\nmid = 'm'\nkind = 'x'", "sandbox.toml: channels[0]: unknown name 'kind'"),
        (
            "[[channels]]\npg = 'kcp'\nmid = 'm'\ntype = 'x'",
            "sandbox.toml: channels[0]: type must be one of payment, api_payment, certification",
        ),
        (
            "[[channels]]\npg = 'kcp'\nmid = 'm'\nkey = 'k'\n[[channels]]\npg = 'kcp'\nmid = 'n'\nkey = 'k'",
            "sandbox.toml: two channels have the key 'k'",
        ),
    ],
)
def test_a_wrong_file_is_reported_in_one_line(file: Path, text: str, expected: str) -> None:
    file.write_text(text, "utf-8")
    with pytest.raises(ValueError, match=r"^sandbox\.toml") as caught:
        read("--config", os.fspath(file))
    assert str(caught.value) == expected


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("port", "x", "PORTONE_V1_SANDBOX_PORT must be a number"),
        ("pg_rules", "perhaps", "PORTONE_V1_SANDBOX_PG_RULES must be true or false"),
        ("webhook_type", "xml", "PORTONE_V1_SANDBOX_WEBHOOK_TYPE must be one of json, form"),
        ("prot", "1", "unknown setting PORTONE_V1_SANDBOX_PROT, did you mean 'port'?"),
    ],
)
def test_a_wrong_variable(name: str, value: str, expected: str) -> None:
    with pytest.raises(ValueError, match="PORTONE") as caught:
        read(**{name: value})
    assert str(caught.value) == expected


def test_the_program_says_it_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text("[[", "utf-8")
    assert main(["--config", os.fspath(broken)]) == 1
    assert main(["--config", os.fspath(tmp_path / "none.toml")]) == 1
    output, errors = capsys.readouterr()
    first, second = errors.splitlines()
    assert output == ""
    assert first.startswith("broken.toml is not TOML: ")
    assert second == "cannot read none.toml: No such file or directory"


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--prot", "1"], "portone-v1-sandbox: unrecognized arguments: --prot 1, did you mean '--port'?"),
        (["--port", "x"], "portone-v1-sandbox: argument --port: invalid int value: 'x'"),
        (["proxy", "--onyl"], "portone-v1-sandbox proxy: unrecognized arguments: --onyl, did you mean '--only'?"),
    ],
)
def test_a_wrong_flag_is_reported_in_one_line(
    arguments: list[str], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert capsys.readouterr() == ("", f"{line}; see --help\n")


TABLE = {
    "pg": "tosspayments",
    "mid": "shop",
    "key": "channel-key-1",
    "type": "payment",
    "name": "toss",
    "sandbox": True,
}
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


def test_channels_of_the_answer_of_v1(tmp_path: Path) -> None:
    answer = tmp_path / "channels.json"
    answer.write_bytes(_users_pg())
    settings = read("--channels-from", os.fspath(answer))
    assert settings["channels"] == tuple(replace(one, tells_phone=True) for one in DEFAULT_CHANNELS)


def test_channels_of_a_file_of_v1_by_flag_variable_and_name(tmp_path: Path) -> None:
    saved, path = tmp_path / "users-pg.json", tmp_path / "sandbox.toml"
    saved.write_text(json.dumps([TABLE]), "utf-8")
    path.write_text(f"channels_from = {json.dumps(os.fspath(saved))}", "utf-8")
    other = json.dumps([TABLE | {"key": "channel-key-2"}])
    by_flag = read("--channels-from", os.fspath(saved), channels=other)  # a flag overrides a variable
    by_variable = read(channels_from=os.fspath(saved), config=os.fspath(path))
    for settings in (by_flag, by_variable, read("--config", os.fspath(path))):
        assert [one.channel_key for one in settings["channels"]] == ["channel-key-1"]
    listed = read(channels=other, channels_from=os.fspath(saved))
    assert [one.channel_key for one in listed["channels"]] == ["channel-key-2"]
    path.write_text("channels_from = 1", "utf-8")
    with pytest.raises(ValueError, match=r"^sandbox\.toml: channels_from must be a text$"):
        read("--config", os.fspath(path))


def test_what_the_settings_show_is_what_a_file_takes(tmp_path: Path) -> None:
    shown = _by_call(SAME | {"webhook_hosts": ["shop"]}, tmp_path)
    taken = {name: value for name, value in shown.items() if name != "channels"}
    assert taken["unknown_billing_key_status"] == 404
    assert _by_file(taken | {"channels": [TABLE]}, tmp_path) == shown


@pytest.mark.parametrize("written", ["2026-03-10T10:00:00", "2026-03-10T10:00:00+09:00", "2026-03-10", "'2026-03-10'"])
def test_a_date_of_toml(tmp_path: Path, written: str) -> None:
    path = tmp_path / "sandbox.toml"
    path.write_text(f"clock_date = {written}\nclock_frozen = true", "utf-8")
    with sandbox_of(read("--config", os.fspath(path))) as sandbox:
        assert sandbox.clock.now() == (1_773_104_400 if "T" in written else 1_773_068_400)


def _users_pg() -> bytes:
    sandbox = Sandbox()
    pair = json.dumps({"imp_key": "sandbox_key", "imp_secret": "sandbox_secret"}).encode()
    headers = {"Content-Type": "application/json"}
    token = sandbox.handle(Request("POST", "/users/getToken", "", headers, pair)).json()["response"]["access_token"]
    return sandbox.handle(Request("GET", "/users/pg", "", {"Authorization": token})).body


def test_pasted_channels_are_added_and_replaced() -> None:
    with sandbox_of(read()) as sandbox:
        own = len(DEFAULT_CHANNELS)
        secret = "secret-of-the-console"
        answer = json.loads(_users_pg())
        answer["response"] = [
            answer["response"][0],
            {
                "pg_provider": "nice_v2",
                "pg_id": "m",
                "channel_key": "channel-key-9",
                "type": "payment",
                "secret": secret,
            },
        ]
        answer["response"][0]["pg_id"] = "another"
        headers = {"Content-Type": "application/json"}
        body = json.dumps({"channels": answer}).encode()
        result = sandbox.handle(Request("POST", "/_sandbox/channels/import", "", headers, body))
        assert result.status == 200
        assert secret not in result.body.decode()
        channels = result.json()["response"]["channels"]
        assert len(channels) == own + 1
        assert {each["mid"] for each in channels} >= {"another", "m"}
        wrong: tuple[dict[str, Any], ...] = ({}, {"channels": []}, {"channels": "x"}, {"channels": [{"pg": "kcp"}]})
        for refused in (*wrong, {"chanels": []}):
            body = json.dumps(refused).encode()
            assert sandbox.handle(Request("POST", "/_sandbox/channels/import", "", headers, body)).status == 400
        after = sandbox.handle(Request("GET", "/_sandbox/settings")).json()["response"]["channels"]
        assert after == channels


def test_a_channel_is_adopted() -> None:
    with sandbox_of(read("--strict")) as sandbox:
        headers = {"Content-Type": "application/json"}
        body = json.dumps({"pg": "nicepay_v9", "key": "channel-key-9"}).encode()
        assert sandbox.handle(Request("POST", "/_sandbox/channels/adopt", "", headers, body)).status == 200
        paid = sandbox.pay(merchant_uid="order-1", amount=1000, channel_key="channel-key-9")
        assert paid.pg_provider == "nicepay_v9"


def test_each_channel_without_a_key_stays() -> None:
    configured = ["--channel", "pg=kcp,mid=shop1", "--channel", "pg=kcp,mid=shop2"]
    with sandbox_of(read(*configured)) as sandbox:

        def call(name: str, body: Any) -> list[tuple[str, str]]:
            headers = {"Content-Type": "application/json"}
            answer = sandbox.handle(
                Request("POST", f"/_sandbox/channels/{name}", "", headers, json.dumps(body).encode())
            )
            assert answer.status == 200, answer.body
            channels = answer.json()["response"]["channels"]
            assert len({one["key"] for one in channels}) == len(channels)
            return sorted((one["pg"], one["mid"]) for one in channels)

        call("adopt", {"pg": "payco"})
        call("adopt", {"pg": "kakaopay"})
        known = call("adopt", {"pg": "payco"})  # what is adopted twice is one channel
        assert known == [("kakaopay", "adopted"), ("kcp", "shop1"), ("kcp", "shop2"), ("payco", "adopted")]
        imported = [{"pg": "chai", "mid": "a"}, {"pg": "chai", "mid": "b"}, {"pg": "kcp", "mid": "shop1"}]
        assert call("import", {"channels": imported}) == sorted([*known, ("chai", "a"), ("chai", "b")])


@pytest.mark.parametrize("date", ["2026-03-10T10:00", "2026-03-10T10:00:00+09:00", "1773104400"])
def test_the_clock(date: str) -> None:
    with sandbox_of(read("--clock-date", date, "--clock-frozen")) as sandbox:
        assert (sandbox.clock.now(), sandbox.clock.frozen) == (1_773_104_400, True)
    with sandbox_of(read("--clock-rate", "60")) as sandbox:
        assert sandbox.clock.rate == 60
    with pytest.raises(ValueError, match="clock_date"):
        sandbox_of(read("--clock-date", "soon"))


@pytest.mark.parametrize("flag", ["--read-lag", "--pg-seconds"])
@pytest.mark.parametrize("seconds", ["-1", "nan", "inf", "601"])
def test_a_time_that_nobody_can_wait(flag: str, seconds: str) -> None:
    with pytest.raises(ValueError, match="between 0 and 600 seconds"), sandbox_of(read(flag, seconds)):
        pass


@pytest.mark.parametrize("words", [["--help"], ["proxy", "--help"]])
def test_each_option_is_explained_in_korean_and_english(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 0
    _, _, options = capsys.readouterr().out.partition("-h, --help")
    for explained in re.split(r"\n  --", options)[1:]:
        text = " ".join(explained.split())
        assert re.search(r"[가-힣].* · .*[A-Za-z]{3}", text), text


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_a_console_without_korean_letters_shows_the_english(encoding: str) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    command = [sys.executable, "-m", "portone_v1_sandbox", "--help"]
    shown = subprocess.run(command, env=environment, capture_output=True, check=True).stdout.decode(encoding)
    assert "Valid API key. Default: sandbox_key" in shown
