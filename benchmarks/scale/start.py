"""A sandbox that starts from its file: `python -m benchmarks.scale.start FILE` prints the CPU seconds."""

from __future__ import annotations

import json
import sys
import time

from portone_v1_sandbox import Sandbox

from benchmarks.process import pin_to_first

__all__ = ["main"]


def main(file: str) -> None:
    pin_to_first()
    began = time.process_time()
    sandbox = Sandbox(db=file)
    spent = time.process_time() - began
    sandbox.close()
    print(json.dumps(spent))


if __name__ == "__main__":
    main(sys.argv[1])
