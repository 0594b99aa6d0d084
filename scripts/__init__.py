"""Build and check the SDK: one job per module, each of which runs alone with `--help`."""
