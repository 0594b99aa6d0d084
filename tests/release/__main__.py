"""`python -m tests.release STEP`: what tries a release, beside the tests of its parts."""

from __future__ import annotations

import sys

from scripts.steps import dispatch

STEPS = {
    "wheel-test": "the flows of a shop against the built wheels",
    "shops-test": "the shops and workers of examples/ with the built wheels",
    "metadata-test": "the metadata before the uploaders of some years ago",
    "rehearsal": "a release from end to end in a copy of this tree",
}

if __name__ == "__main__":
    sys.exit(dispatch("tests.release", "A release, tried.", STEPS))
