"""`python -m scripts.ci STEP`."""

from __future__ import annotations

import sys

from ..steps import dispatch

STEPS = {
    "actionlint": "actionlint over the workflows",
    "images": "every image is pinned by its digest",
    "typed": "how much of the public packages a type checker knows for certain",
}

if __name__ == "__main__":
    sys.exit(dispatch("scripts.ci", "What the CI checks with tools that need some help.", STEPS))
