"""What a process that is measured needs: one core, and its memory at its peak."""

from __future__ import annotations

import os
import resource
from pathlib import Path

__all__ = ["peak", "pin_to_first", "pin_to_last"]


def pin_to_first() -> None:
    """Pin the measured processes to the first core."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def pin_to_last() -> None:
    """Pin servers to the other core."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def peak() -> float:
    """Return the peak memory in MiB, not from `ru_maxrss` on Linux: that includes the peak of the starting process."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20)
