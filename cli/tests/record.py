"""Writes the recorded session and the picture of the report: `python -m cli.tests.record`.

The commands run in a real terminal against a sandbox of this process; the file is their output.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from shutil import which
from typing import Final

import pexpect
from portone_v1_sandbox import SandboxServer

from .shop import Shop

PLACE: Final = Path(__file__).parents[2] / "docs" / "cli"
COMMAND: Final = [sys.executable, "-m", "portone_v1_cli"]
JUNE: Final = "--from 2026-06-01 --to 2026-06-30"
CHANGING: Final = (
    (r"#[0-9a-f]{8}-[0-9a-f]{8}", "#cf571bdb-5d3b82ff"),
    (r"\b\d{8}(초| s)", r"13061192\1"),
    (r"(?m)^export ━.*$", f"export {'━' * 40} 1,323 건 0:00:00"),
)
"""What differs between two runs, with what stands in the file for it."""


class Recorder:
    def __init__(self, folder: Path, url: str) -> None:
        self.lines: list[str] = []
        self._folder = folder
        kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
        keys = {"PORTONE_V1_KEY": "sandbox_key", "PORTONE_V1_SECRET": "sandbox_secret", "PORTONE_V1_BASE_URL": url}
        self._environment = {**kept, **keys, "HOME": str(folder), "LANG": "C.UTF-8", "TERM": "dumb", "COLUMNS": "110"}
        self._url = url

    def run(self, typed: str, answer: str | None = None) -> None:
        child = pexpect.spawn(
            COMMAND[0], [*COMMAND[1:], *typed.split()], cwd=str(self._folder), env=self._environment,
            encoding="utf-8", dimensions=(60, 110), timeout=60,
        )  # fmt: skip
        shown = ""
        if answer is not None:
            child.expect("Anything else sends nothing: ")
            shown = f"{child.before}{child.after}"
            child.sendline(answer)
        child.expect(pexpect.EOF)
        shown += child.before or ""
        child.close()
        shown = shown.replace("\r\n", "\n").replace(self._url, "http://127.0.0.1:18765"[: len(self._url)])
        shown = "\n".join(line.rstrip() for line in shown.strip("\n").splitlines())
        self.lines += [f"$ portone-v1 {typed}", shown, f"$ echo $?\n{child.exitstatus}", ""]


def record(folder: Path) -> str:
    shop = Shop()
    shop.spoil()
    shop.write_orders(folder / "orders.csv")
    with SandboxServer(shop.sandbox) as server:
        recorder = Recorder(folder, server.url)
        recorder.run("payments search paid --from 2026-06-30 --to 2026-06-30 --limit 4")
        payments = shop.sandbox.client().payments.search("paid", limit=1).items
        imp_uid, price = payments[0].imp_uid, int(payments[0].amount or 0)
        recorder.run(f"payments cancel --imp-uid {imp_uid} --amount 1000 --key return-1 --reason 고객변심", "1000")
        recorder.run(f"payments cancel --imp-uid {imp_uid} --amount {price} --key return-2 --yes")
        recorder.run("payments get imp_000000000000")
        recorder.run(f"export payments {JUNE} --out june.parquet")
        recorder.run(f"reconcile --orders orders.csv {JUNE} --csv differences.csv --html report.html")
        recorder.run("doctor")
    session = "\n".join(recorder.lines)
    for pattern, same in CHANGING:
        session = re.sub(pattern, same, session)
    return session


def draw(page: Path, picture: Path) -> None:
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
             f"--user-data-dir={profile}", "--hide-scrollbars", "--window-size=1120,1290", f"--screenshot={picture}",
             page.as_uri()],
            check=True, capture_output=True, timeout=60,
        )  # fmt: skip


def main() -> None:
    PLACE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (PLACE / "session.txt").write_text(record(folder), encoding="utf-8")
        if which("chromium"):
            draw(folder / "report.html", PLACE / "report.png")


if __name__ == "__main__":
    main()
