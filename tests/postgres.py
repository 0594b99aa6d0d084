"""A PostgreSQL server of the tests' own: on loopback, in a temporary folder, gone with the session."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.database_process import folder_of, running
from tests.sandbox.merchant import free_port

USER = "shop"


class Postgres:
    """One server."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._prepared: set[str] = set()

    def database(self) -> str:
        """Empty the database, and return its name: a database of its own for each test would be 7 MB each."""
        with psycopg.connect(self.conninfo("postgres"), autocommit=True) as connection:
            connection.execute("DROP SCHEMA IF EXISTS public CASCADE")
            connection.execute("CREATE SCHEMA public")
        return "postgres"

    def copy(self, name: str, prepare: Callable[[str], None]) -> str:
        """Return a database like the one that `prepare` made the first time that `name` was asked for."""
        with psycopg.connect(self.conninfo("postgres"), autocommit=True) as connection:
            if name not in self._prepared:
                connection.execute(f"CREATE DATABASE {name}")
                prepare(name)
                self._prepared.add(name)
            connection.execute(f"DROP DATABASE IF EXISTS {name}_copy WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {name}_copy TEMPLATE {name}")
        return f"{name}_copy"

    def connect(self) -> None:
        psycopg.connect(self.conninfo("postgres"), connect_timeout=5).close()

    def conninfo(self, name: str) -> str:
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{name}"

    def url(self, name: str) -> str:
        """Return the URL for SQLAlchemy."""
        return self.conninfo(name).replace("postgresql:", "postgresql+psycopg:")


def programs() -> Path | None:
    """Return the folder of `initdb` and `postgres`, which Debian leaves out of PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    named = shutil.which("initdb")
    return None if named is None else Path(named).parent


def other_user() -> str | None:
    """Return another user if this is root, as which PostgreSQL refuses to run."""
    if os.getuid() != 0:
        return None
    names = {each.pw_name for each in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@contextmanager
def postgres_server() -> Iterator[Postgres]:
    folder = programs()
    if folder is None:
        reason = "there is no PostgreSQL server: apt-get install postgresql"
        if os.environ.get("PORTONE_V1_CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    user = other_user()
    with folder_of("postgres", user) as home:
        data = home / "data"
        made: list[str | Path] = [
            folder / "initdb",
            "--pgdata",
            data,
            "--auth",
            "trust",
            "--username",
            USER,
            "--no-sync",
        ]
        subprocess.run(
            [*made, "--encoding", "UTF8", "--locale", "C"], user=user, cwd=home, check=True, capture_output=True
        )
        server = Postgres(free_port())
        options = {"listen_addresses": "127.0.0.1", "port": server.port, "unix_socket_directories": "", "fsync": "off"}
        settings = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        with running(
            [folder / "postgres", "-D", data, *settings],
            folder=home,
            user=user,
            connect=server.connect,
            refused=psycopg.OperationalError,
            ends_by=signal.SIGINT,  # it ends its sessions; SIGTERM would wait for them
        ):
            yield server
