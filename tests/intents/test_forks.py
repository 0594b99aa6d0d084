"""A process that forks while its journal is open: what the child commits is there for everyone."""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from portone_v1.errors import IntentStoreError
from portone_v1.intents import SQLiteStore
from portone_v1.intents.testing import SHOP, sample_intent

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here"),
    pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning"),
]


class Child:
    """A forked process that runs `work`, each part of it when the parent asks for it."""

    def __init__(self, *work: Callable[[], object], fork: Callable[[], int] = os.fork) -> None:
        self._results, result = os.pipe()
        go_on, self._go_on = os.pipe()
        self.pid = fork()
        if self.pid == 0:
            try:
                for each in work:
                    os.read(go_on, 1)
                    os.write(result, b"+" if each() else b"-")
            finally:
                os._exit(0)
        os.close(result)
        os.close(go_on)

    def step(self) -> bool:
        os.write(self._go_on, b".")
        return os.read(self._results, 1) == b"+"

    def wait(self) -> None:
        os.waitpid(self.pid, 0)
        os.close(self._results)
        os.close(self._go_on)


def begin(store: SQLiteStore, name: str) -> bool:
    return store.begin(sample_intent(name, resource=f"order:{name}", key=name))


def ids(store: SQLiteStore) -> set[str]:
    return {intent.id for intent in store.unfinished(SHOP)}


def fork_of_a_server_in_c() -> int:
    """Fork as uWSGI does: Python hears of it in the child, and up to 3.13 not before."""
    announced = sys.version_info >= (3, 14)  # without this, the child's first call would end its process
    if announced:
        ctypes.pythonapi.PyOS_BeforeFork()
    forked = int(ctypes.PyDLL(None).fork())
    if forked == 0:
        ctypes.pythonapi.PyOS_AfterFork_Child()
    elif announced:
        ctypes.pythonapi.PyOS_AfterFork_Parent()
    return forked


@pytest.mark.parametrize("fork", [os.fork, fork_of_a_server_in_c])
def test_a_parent_that_closes_the_journal_takes_no_intent_of_its_child(tmp_path: Path, fork: Callable[[], int]) -> None:
    """SQLite deletes the log with the last connection, and the child's locks must be its own to be seen."""
    store = SQLiteStore(tmp_path / "intents.sqlite3")
    assert begin(store, "before")
    child = Child(lambda: begin(store, "first"), lambda: begin(store, "second"), fork=fork)
    assert child.step()
    store.close()
    assert child.step()
    child.wait()
    assert ids(store) == {"before", "first", "second"}
    store.close()


def test_a_fork_while_other_threads_write(tmp_path: Path) -> None:
    """No child begins what its parent's threads wait for, and none inherits a lock that nobody releases."""
    store, over = SQLiteStore(tmp_path / "intents.sqlite3"), threading.Event()
    begun: list[str] = []

    def write(thread: int) -> None:
        number = 0
        while not over.is_set():
            name, number = f"{thread}-{number}", number + 1
            assert begin(store, name)
            begun.append(name)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    try:
        for number in range(5):
            child = Child(partial(begin, store, f"child-{number}"))
            assert child.step()
            child.wait()
            begun.append(f"child-{number}")
    finally:
        over.set()
        for thread in threads:
            thread.join()
    assert {intent.id for intent in store.unfinished(SHOP, 100_000)} == set(begun)
    store.close()


def test_a_fork_in_the_middle_of_a_commit(tmp_path: Path) -> None:
    """Where the parent cannot close its journal, the child writes nothing, and raises."""
    store = SQLiteStore(tmp_path / "intents.sqlite3", busy=0.01)
    errors: list[str] = []

    def refused() -> bool:
        try:
            return begin(store, "child")
        except IntentStoreError as error:
            errors.append(str(error))
        return "open the journal after the fork" in errors[0]

    with store._write_lock:  # a statement that takes longer than any may
        child = Child(refused)
    assert child.step()
    child.wait()
    assert begin(store, "parent")
    assert ids(store) == {"parent"}
    store.close()


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be replaced there")
@pytest.mark.parametrize("deleted", [True, False], ids=["deleted", "restored"])
def test_a_file_that_is_deleted_or_replaced_under_a_store(tmp_path: Path, deleted: bool) -> None:
    """Or the process goes on in a file that nobody else sees, and two processes charge one order."""
    path, copy = tmp_path / "intents.sqlite3", tmp_path / "backup.sqlite3"
    backup = SQLiteStore(copy)
    assert begin(backup, "old")
    backup.close()
    store = SQLiteStore(path)
    assert begin(store, "lost")
    for each in tmp_path.glob("intents.sqlite3*"):
        each.unlink()
    if not deleted:
        copy.rename(path)
    other = SQLiteStore(path)
    assert begin(other, "new")
    assert not begin(store, "new")
    assert ids(store) == ids(other) == ({"new"} if deleted else {"old", "new"})
    store.close()
    other.close()


def test_a_daemon_changes_its_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    store = SQLiteStore("intents.sqlite3")
    assert begin(store, "before")
    store.close()
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert ids(store) == {"before"}
    store.close()


def test_a_journal_in_memory_is_refused() -> None:
    """Its two connections would see a database each."""
    with pytest.raises(IntentStoreError, match="MemoryStore"):
        SQLiteStore(":memory:")


def test_what_cannot_be_stored_fails_alone(tmp_path: Path) -> None:
    """Not with what other threads commit at the same time."""
    store = SQLiteStore(tmp_path / "intents.sqlite3")
    results: dict[str, object] = {}

    def work(name: str, key: str) -> None:
        try:
            results[name] = store.begin(sample_intent(name, resource=f"order:{name}", key=key))
        except IntentStoreError as error:
            results[name] = type(error)

    threads = [threading.Thread(target=work, args=(name, key)) for name, key in (("good", "key"), ("bad", "\ud800"))]
    with store._write_lock:  # both wait, and are written together
        for thread in threads:
            thread.start()
        while len(store._queue) < 2:
            threads[0].join(0.001)
    for thread in threads:
        thread.join()
    assert results == {"good": True, "bad": IntentStoreError}
    store.close()
