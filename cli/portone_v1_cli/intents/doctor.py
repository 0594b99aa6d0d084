"""`intents doctor`: check that the journal can be trusted, and show what it contains."""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from portone_v1.client import PortOne
from portone_v1.errors import IntentStoreError, PortOneError
from portone_v1.intents import SQLiteStore
from portone_v1.intents.stores.default import LOST_WITH_THE_CONTAINER, file_system_of
from portone_v1_runtime.models.fields import mask

from ..doctor.checks import SKEW, Finding
from ..doctor.command import print_findings
from ..exit_codes import EXIT_CODES, ExitCode
from ..formatting import text_of
from ..journal.opening import StoreOption, named_store, store_path
from ..output import show_rows
from ..session import Output, OutputOption, ProfileOption, TierOption, session_of
from .rows import age

__all__ = ["doctor"]

BUSY: Final = 2.0
STALE: Final = 3600.0
"""Seconds after which an open write needs a person, or a `settle_all` job that does not run."""
NETWORKED: Final = frozenset({"nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "ceph", "glusterfs"})


def doctor(
    context: typer.Context,
    *,
    store: StoreOption = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="V1의 시계와 비교하지 않습니다. · Do not compare with V1's clock.")
    ] = False,
    profile: ProfileOption = None,
    tier: TierOption = None,
    output: OutputOption = None,
) -> int:
    session = session_of(context, profile=profile, tier=tier, output=output)
    path = store_path(store)
    findings = [] if path is None else _of_file(path)
    if not any(finding.state == "bad" for finding in findings) and (path is None or path.is_file()):
        opened = named_store(store)
        with session.client(intents=opened) as client:
            findings += _of_content(client)
            findings += [] if offline else [_clock(client, opened)]
        if isinstance(opened, SQLiteStore):
            opened.close()
    if session.output is Output.TABLE:
        print_findings(findings)
    else:
        show_rows(session, [finding.to_dict() for finding in findings])
    if any(finding.away for finding in findings):
        return ExitCode.UNREACHABLE
    return ExitCode.REFUSED if any(finding.state == "bad" for finding in findings) else ExitCode.SUCCESS


doctor.__doc__ = f"""저널을 점검합니다: 쓰기 권한, 디스크, 잠금, 형식, 미확정 건, 시계. 아무것도 바꾸지 않습니다.

Check the journal: is it writable, on a disk that lasts, unlocked and readable; how many writes are open and how old is
the oldest; how far is the clock from V1's. Nothing is changed.

{EXIT_CODES}"""


def _of_file(path: Path) -> list[Finding]:
    findings = [_place(path)]
    if not path.exists():
        folder = path.parent
        while not folder.exists():
            folder = folder.parent
        if not os.access(folder, os.W_OK):
            advice = "권한을 확인하거나 PORTONE_V1_INTENTS를 설정하세요 · check permissions, or set PORTONE_V1_INTENTS"
            return [*findings, Finding("file", "bad", f"폴더에 쓸 수 없습니다 · cannot write to {folder}", advice)]
        found = f"아직 없습니다. 첫 쓰기 때 만들어집니다 · does not exist yet; the first write creates it: {path}"
        advice = "상점이 쓰는 기록이 맞는지 확인하세요 · make sure that this is the one your shop uses"
        return [*findings, Finding("file", "warn", found, advice)]
    if not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
        advice = (
            "소유자와 권한을 확인하세요. 폴더에도 쓸 수 있어야 합니다(WAL) · the file and its folder must be writable"
        )
        return [*findings, Finding("file", "bad", f"쓸 수 없습니다 · not writable: {path}", advice)]
    findings.append(Finding("file", "ok", f"쓸 수 있습니다 · writable: {path}"))
    if os.name == "posix" and _others(path) and _others(path.parent):
        advice = f"chmod 600 {path}"
        found = "다른 사용자가 읽을 수 있습니다(주문번호, 금액) · other users can read it (order numbers, amounts)"
        findings.append(Finding("permissions", "warn", found, advice))
    return [*findings, _lock(path)]


def _others(path: Path) -> bool:
    return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


def _place(path: Path) -> Finding:
    kind = file_system_of(path)
    if kind in LOST_WITH_THE_CONTAINER:
        found = f"{kind}: 컨테이너와 함께 사라지고 다른 파드와 공유되지 않습니다 · lost with the container, not shared"
        advice = "볼륨이나 데이터베이스 저장소를 쓰세요 · use a volume, or a store in your database"
        return Finding("disk", "warn", found, advice)
    if kind in NETWORKED:
        found = f"{kind}: 네트워크 파일 시스템에서는 SQLite의 잠금을 믿을 수 없습니다 · SQLite cannot be trusted here"
        return Finding("disk", "bad", found, "데이터베이스 저장소를 쓰세요 · use a store in your database")
    return Finding("disk", "ok", kind or "알 수 없음 · unknown")


def _lock(path: Path) -> Finding:
    """Take the write lock and release it: nothing is written."""
    try:
        with closing(sqlite3.connect(path, timeout=BUSY, isolation_level=None)) as connection:
            mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
            known = connection.execute("SELECT name FROM sqlite_master WHERE name = 'portone_intent'").fetchone()
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            found = f"{BUSY:.0f}초 넘게 잠겨 있습니다 · locked for more than {BUSY:.0f} s"
            advice = "오래 쓰고 있는 프로세스를 찾으세요: lsof FILE · find the process that holds it: lsof FILE"
            return Finding("lock", "bad", found, advice)
        return Finding(
            "lock", "bad", f"열 수 없습니다 · cannot be opened: {error}", "권한을 확인하세요 · check permissions"
        )
    except sqlite3.DatabaseError as error:
        found = f"SQLite 파일이 아니거나 손상되었습니다 · not a SQLite file, or damaged: {error}"
        return Finding(
            "lock", "bad", found, "백업과 비교하세요. 지우지 마세요 · compare with a backup; do not delete it"
        )
    if known is None:
        found = "저널이 아닌 SQLite 파일입니다 · a SQLite file, but no journal"
        return Finding(
            "lock", "bad", found, "--store나 PORTONE_V1_INTENTS를 확인하세요 · check --store, PORTONE_V1_INTENTS"
        )
    if str(mode).lower() != "wal":
        return Finding(
            "lock", "warn", f"journal_mode={mode}", "WAL을 지원하는 디스크에 두세요 · put it on a disk with WAL"
        )
    return Finding("lock", "ok", "잠겨 있지 않습니다(WAL) · not locked (WAL)")


def _of_content(client: PortOne) -> list[Finding]:
    try:
        unfinished = client.intents.unfinished()
        now = client.intents.now()
    except ValueError as error:  # written by a newer version
        advice = "이 컴퓨터의 portone-v1을 업그레이드하세요 · upgrade portone-v1 on this machine"
        return [Finding("format", "bad", text_of(str(error)), advice)]
    except IntentStoreError as error:
        return [Finding("format", "bad", text_of(mask(str(error))), "저장소를 확인하세요 · check the store")]
    findings = [Finding("format", "ok", "이 버전이 읽을 수 있습니다 · this version reads it")]
    opened = [each for each in unfinished if each.state == "open"]
    unreported = [each for each in unfinished if each.state == "watch" and not each.result.get("reported")]
    if not opened:
        findings.append(Finding("open", "ok", "미확정 없음 · none is open"))
    else:
        oldest = now - min(each.sent_at for each in opened)
        found = f"미확정 {len(opened)}건, 가장 오래된 것 {age(oldest)} · {len(opened)} open, the oldest {age(oldest)}"
        advice = "portone-v1 intents settle; settle_all이 1~2분마다 실행되는지 확인하세요 · is settle_all scheduled?"
        state: Any = "warn" if oldest > STALE else "ok"
        findings.append(Finding("open", state, found, advice if state == "warn" else ""))
    if unreported and now - min(each.sent_at for each in unreported) > STALE:
        found = (
            f"확정되었으나 전달되지 않음 {len(unreported)}건 · {len(unreported)} decided, not reported to the shop yet"
        )
        advice = "settle_all(handler)를 실행하는 작업이 있는지 확인하세요 · run settle_all(handler) in a job"
        findings.append(Finding("reported", "warn", found, advice))
    return findings


def _clock(client: PortOne, store: Any) -> Finding:
    try:
        checked = client.check_connection()
    except PortOneError as error:
        advice = "portone-v1 doctor를 실행하세요 · run portone-v1 doctor"
        return Finding("clock", "bad", text_of(mask(str(error))), advice, away=True)
    if checked.server_time is None:
        found = "응답에 Date가 없습니다. 부정 판정을 내릴 수 없습니다 · no Date: nothing can be judged as not executed"
        return Finding("clock", "bad", found, "프록시를 확인하세요 · check the proxy")
    skew = float(store.now()) - checked.server_time.timestamp()
    found = f"저장소 시계: V1과 {abs(skew):.0f}초 차이 · store's clock: {abs(skew):.0f} s from V1's"
    if abs(skew) <= SKEW:
        return Finding("clock", "ok", found)
    advice = (
        "판정에는 영향이 없으나 대기 시간이 틀어집니다. NTP로 맞추세요 · verdicts are not affected, leases are: use NTP"
    )
    return Finding("clock", "warn", found, advice)
