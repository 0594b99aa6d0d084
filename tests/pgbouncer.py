"""pgbouncer before the tests' PostgreSQL, in transaction mode: each transaction may have another session."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from tests.database_process import folder_of, running
from tests.postgres import USER, Postgres, other_user
from tests.sandbox.merchant import free_port

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
    user = other_user()  # it refuses to run as root too
    with folder_of("pgbouncer", user) as home:
        through = Postgres(free_port())
        settings = home / "pgbouncer.ini"
        settings.write_text(SETTINGS.format(server=server.port, user=USER, port=through.port), "utf-8")
        with running(
            [program, settings],
            folder=home,
            user=user,
            connect=through.connect,
            refused=psycopg.OperationalError,
        ):
            yield through
