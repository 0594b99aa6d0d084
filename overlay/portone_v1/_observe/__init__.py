"""Reports about calls: to `on_event`, to the logger and to standard error."""
