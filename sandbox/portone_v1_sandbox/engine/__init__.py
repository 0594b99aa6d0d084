"""The engine: one request in, one response out."""
