"""What is reported about calls: to `on_event`, to the logger, to standard error."""
