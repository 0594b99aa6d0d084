"""pgbouncer before the tests' PostgreSQL, in transaction mode: each transaction may have another session."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

from tests.postgres import USER, Postgres, other_user

__all__ = ["pgbouncer_before"]

SETTINGS = """
[databases]
* = host=127.0.0.1 port={server} user={user}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 2
server_round_robin = 1
server_check_delay = 0
"""


@contextmanager
def pgbouncer_before(server: Postgres) -> Iterator[Postgres]:
    """Yield the server as its clients see it through a pooler with two sessions for all, each taken in turn."""
    program = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        pytest.skip("there is no pooler: apt-get install pgbouncer")
    home = Path(tempfile.mkdtemp(prefix="portone-v1-pgbouncer-"))
    try:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        settings = home / "pgbouncer.ini"
        settings.write_text(SETTINGS.format(server=server.port, user=USER, port=port), "utf-8")
        if (user := other_user()) is not None:  # it refuses to run as root too
            shutil.chown(home, user)
        with (home / "log").open("wb") as log:
            pooler = subprocess.Popen([program, settings], user=user, cwd=home, stdout=log, stderr=log)
        try:
            through = Postgres(port)
            wait_for(through, pooler, home / "log")
            yield through
        finally:
            pooler.terminate()
            with suppress(subprocess.TimeoutExpired):
                pooler.wait(10)
            pooler.kill()
            pooler.wait()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def wait_for(through: Postgres, pooler: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 60
    while True:
        try:
            psycopg.connect(through.conninfo("postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            if pooler.poll() is not None or time.monotonic() > end:
                raise AssertionError(f"pgbouncer did not start: {log.read_text('utf-8', 'replace')[-2000:]}") from None
            time.sleep(0.05)
        else:
            return
