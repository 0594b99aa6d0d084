# The source of both flavours: `make generate` writes _sync/__init__.py from it.
"""The inbox itself. Its synchronous copy is `portone_v1.inbox._sync`."""
