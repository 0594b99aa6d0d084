"""What the sandbox reads of flags, variables and files."""

from __future__ import annotations

import argparse
from typing import Any

from portone_v1_sandbox.configuration import add_flags, read_configuration

PREFIX = "PORTONE_V1_SANDBOX_"

TABLE = {
    "pg": "tosspayments",
    "mid": "shop",
    "key": "channel-key-1",
    "type": "payment",
    "name": "toss",
    "sandbox": True,
}


def read(*flags: str, **environment: str) -> dict[str, Any]:
    parser = argparse.ArgumentParser()
    add_flags(parser)
    named = {f"{PREFIX}{name.upper()}": value for name, value in environment.items()}
    return read_configuration(parser.parse_args(flags), named)
