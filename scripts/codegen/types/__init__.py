"""What each property is in Python: `resolve` decides it, `scalars` and `containers` print it."""
