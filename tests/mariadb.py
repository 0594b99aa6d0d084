"""A MariaDB server of the tests' own: on loopback, in a temporary folder, gone with the session."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.database_process import folder_of, running
from tests.sandbox.merchant import free_port

__all__ = ["MariaDB", "mariadb_server", "pymysql"]

pymysql = pytest.importorskip("pymysql", reason="PyMySQL is not installed")

OPTIONS = (
    "--bind-address=127.0.0.1",
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-buffer-pool-size=16M",
    "--innodb-snapshot-isolation=ON",  # the default since 11.6
    "--character-set-server=latin1",  # the default until 11.6
    "--sql-mode=",  # what does not fit is changed, with a warning that nobody reads
)


class MariaDB:
    """One server, as strict with transactions and as lax with text as its versions are."""

    def __init__(self, port: int) -> None:
        self.port = port

    def execute(self, *statements: str) -> None:
        connection = pymysql.connect(host="127.0.0.1", port=self.port, user="root", autocommit=True)
        with connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def database(self, name: str = "shop") -> str:
        """Make an empty database, and return its address for SQLAlchemy."""
        self.execute(f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name}")
        return f"mysql+pymysql://root@127.0.0.1:{self.port}/{name}"

    def empty(self, *tables: str) -> None:
        self.execute(*(f"DELETE FROM {table}" for table in tables))


@contextmanager
def mariadb_server() -> Iterator[MariaDB]:
    path = f"{os.environ.get('PATH', '')}:/usr/sbin"
    install, program = (shutil.which(each, path=path) for each in ("mariadb-install-db", "mariadbd"))
    if install is None or program is None:
        pytest.skip("there is no MariaDB server: apt-get install mariadb-server")
    user = "mysql" if os.getuid() == 0 else None  # it refuses to run as root
    with folder_of("mariadb", user) as home:
        place = ["--no-defaults", f"--datadir={home / 'data'}"]
        subprocess.run(
            [install, *place, "--auth-root-authentication-method=normal", "--skip-test-db"],
            user=user,
            cwd=home,
            check=True,
            capture_output=True,
        )
        server = MariaDB(free_port())
        with running(
            [program, *place, f"--port={server.port}", f"--socket={home / 'socket'}", *OPTIONS],
            folder=home,
            user=user,
            connect=lambda: server.execute("SELECT 1"),
            refused=pymysql.err.OperationalError,
        ):
            yield server
