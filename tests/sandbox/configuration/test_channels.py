"""The merchant's channels: of V1's own answer, of a file, pasted, and adopted while the sandbox runs."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from portone_v1_sandbox import DEFAULT_CHANNELS, Request, Sandbox
from portone_v1_sandbox.serving import sandbox_of

from tests.sandbox.configuration.reading import TABLE, read


def _users_pg() -> bytes:
    sandbox = Sandbox()
    pair = json.dumps({"imp_key": "sandbox_key", "imp_secret": "sandbox_secret"}).encode()
    headers = {"Content-Type": "application/json"}
    token = sandbox.handle(Request("POST", "/users/getToken", "", headers, pair)).json()["response"]["access_token"]
    return sandbox.handle(Request("GET", "/users/pg", "", {"Authorization": token})).body


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
