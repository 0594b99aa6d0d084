# The source of both flavours: `make generate` writes _sync/__init__.py from it.
"""Stores that await. Their synchronous copy is `portone_v1.contrib._sync`."""
