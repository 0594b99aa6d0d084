"""What builds and checks the SDK: one job a module, each runnable alone with `--help`."""
