"""표준코드 and the merchant's channels."""

from __future__ import annotations

import pytest
from portone_v1_sandbox import DEFAULT_CHANNELS

from tests.sandbox.support import Api


@pytest.mark.parametrize(
    ("path", "known", "unknown_words", "least"),
    [
        ("/cards", {"code": "366", "name": "신한카드"}, "해당 코드의 카드사가 없습니다.", 20),
        ("/banks", {"code": "004", "name": "KB국민은행"}, "해당 코드의 은행이 없습니다.", 30),
    ],
)
def test_codes(api: Api, path: str, known: dict[str, str], unknown_words: str, least: int) -> None:
    rows = api.get(path).response
    assert known in rows
    assert len(rows) >= least
    codes = [row["code"] for row in rows]
    assert len(set(codes)) == len(codes)
    assert all(len(code) == 3 and code.isdigit() for code in codes)
    assert any(code.startswith("0") for code in codes)
    for row in rows:
        assert api.get(f"{path}/{row['code']}").response == row
    assert api.get(f"{path}/999").verdict == (404, 1, unknown_words)
    assert api.get(f"{path}/{int(known['code'])}x").status == 404


def test_channels(api: Api) -> None:
    rows = api.get("/users/pg").response
    assert {row["type"] for row in rows} == {"payment", "api_payment", "certification"}
    assert {row["sandbox"] for row in rows} == {True, False}
    assert [row["channel_key"] for row in rows] == [channel.channel_key for channel in DEFAULT_CHANNELS]
    assert all(len(row["channel_key"]) <= 55 for row in rows)
