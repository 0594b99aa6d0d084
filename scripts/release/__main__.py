"""`python -m scripts.release STEP`."""

from __future__ import annotations

import sys

from ..steps import dispatch

STEPS = {
    "check": "what changed for users, and which version that makes",
    "build": "wheels, sdists, bills of materials and checksums in dist/",
    "pyz": "the sandbox as one file, dist/portone-v1-sandbox.pyz",
    "wheel-test": "the flows of a shop against the built wheels",
    "shops-test": "the shops and workers of examples/ with the built wheels",
    "metadata-test": "the metadata before the uploaders of some years ago",
    "publish": "upload dist/ to an index",
    "rehearsal": "a release from end to end in a copy of this tree",
}

if __name__ == "__main__":
    sys.exit(dispatch("scripts.release", "A release, step by step.", STEPS))
