"""The two steps of `make demo`, as a newcomer sees them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from portone_v1_generated.operations import OPERATIONS
from portone_v1_sandbox import SandboxServer

ROOT = Path(__file__).parents[2]
ORDER = r"order-\d{8}-[0-9a-f]{8}"
LINES = [
    r"sandbox: http://127\.0\.0\.1:\d+",
    r" 1\. 토큰 token +issued, lives 30 minutes \(the client keeps and renews its own\)",
    r" 2\. 결제 one-time payment +imps_\d+ paid, 12,000 KRW",
    rf" 3\. 검증 read back, verified +{ORDER} is paid in full, \d{{4}}-\d\d-\d\d \d\d:\d\d KST",
    r" 4\. 부분취소 partial refund +5,000 KRW refunded, 7,000 KRW left",
    r" 5\. 취소 the rest refunded +7,000 KRW refunded, 12,000 KRW in total, status cancelled",
    rf" 6\. 빌링키 billing key +customer-{ORDER} for [가-힣]+카드",
    r" 7\. 정기결제 charge it +imps_\d+ paid, 9,900 KRW",
    r" 8\. 거절 declined charge +RefusedError: .*카드사 점검중 \(nothing was charged\)",
    r" 9\. 목록 list of payments +2 found: \S+-1 paid, \S+ cancelled",
    r"sandbox: stopped",
]


def run(*command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PORTONE_V1_")}
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env={**environment, **variables, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_make_demo_is_these_two_steps() -> None:
    output = subprocess.run(["make", "-n", "demo"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    steps = [line.split(" -m ")[1] for line in output.splitlines() if " -m " in line]
    assert steps[-2:] == ["scripts.generate", "examples.demo"]


def test_the_first_step_finds_nothing_to_change(tmp_path: Path) -> None:
    copy = tmp_path / "generated"
    shutil.copytree(ROOT / "generated", copy, ignore=shutil.ignore_patterns("__pycache__"))
    done = run("scripts.generate", "--output", str(copy))
    assert done.stderr == ""
    assert done.stdout == f"generate: {len(OPERATIONS)} operations from spec/, nothing drifted\n"


def test_the_second_step_pays_and_cancels() -> None:
    done = run("examples.demo")
    assert done.stderr == ""
    output = done.stdout.splitlines()
    assert len(output) == len(LINES), output
    for line, expected in zip(output, LINES, strict=True):
        assert re.fullmatch(expected, line), line
    assert done.returncode == 0
    assert "4242-4242" not in done.stdout
    assert "900101" not in done.stdout


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        (
            {"PORTONE_V1_SECRET": "wrong-secret"},
            r"quickstart: auth\.get_token: authentication failed \(HTTP 401, code -1\): .+",
        ),
        ({"PORTONE_V1_BASE_URL": "http://127.0.0.1:1"}, r"quickstart: auth\.get_token: not sent: could not connect .+"),
        ({"PORTONE_V1_BASE_URL": "http://api.iamport.kr"}, r"quickstart: base_url must use https.+"),
        ({"PORTONE_V1_KEY": ""}, r"quickstart: imp_key must not be empty"),
    ],
    ids=["wrong secret", "nobody listens", "plain http", "empty key"],
)
def test_the_quickstart_ends_in_one_clear_line(variables: dict[str, str], expected: str) -> None:
    with SandboxServer() as server:
        good = {
            "PORTONE_V1_BASE_URL": server.url,
            "PORTONE_V1_KEY": "sandbox_key",
            "PORTONE_V1_SECRET": "sandbox_secret",
        }
        done = run("examples.quickstart", **{**good, **variables})
    assert done.returncode == 1
    assert done.stdout == ""
    assert re.fullmatch(expected, done.stderr.strip()), done.stderr
    assert "wrong-secret" not in done.stderr
