"""Settings of the server: flags before the environment, the environment before `sandbox.toml`."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from portone_v1_sandbox import DEFAULT_CHANNELS
from portone_v1_sandbox.__main__ import main

from tests.sandbox.configuration.reading import read

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
    assert main(["--config", ""]) == main(["--channels-from", ""]) == 1
    output, errors = capsys.readouterr()
    first, second, *empty = errors.splitlines()
    assert output == ""
    assert empty == ["--config must name a file", "--channels-from must name a file"]
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
