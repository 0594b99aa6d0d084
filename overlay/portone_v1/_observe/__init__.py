"""What is told of calls: to `on_event`, to the logger, to standard error."""
