"""Processes of Python that start with their modules imported: a fork of a process that has done nothing else."""

from __future__ import annotations

import multiprocessing
from typing import Final

__all__ = ["FORKED"]

FORKED: Final = multiprocessing.get_context("forkserver")
FORKED.set_forkserver_preload(["tests.inbox.worker", "tests.intents.begin"])
