"""Measurements beside the peers, all in one run: `python -m benchmarks`. No test depends on them."""
