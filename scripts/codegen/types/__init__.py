"""The Python type of each property: `resolve` decides it, `scalars` and `containers` print it."""
