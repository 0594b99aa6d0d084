# The source of both flavours: `make generate` writes _sync/__init__.py from it.
"""What a webhook endpoint awaits. Its synchronous copy is `portone_v1.contrib._sync`."""
