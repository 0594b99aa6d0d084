"""`python -m scripts.release STEP`."""

from __future__ import annotations

import sys

from ..steps import dispatch

STEPS = {
    "check": "what changed for users, and which version that makes",
    "build": "wheels, sdists, bills of materials and checksums in dist/",
    "pyz": "the sandbox as one file, dist/portone-v1-sandbox.pyz",
    "publish": "upload dist/ to an index",
}

if __name__ == "__main__":
    sys.exit(dispatch("scripts.release", "A release, step by step.", STEPS))
