# The source of both flavours: `make generate` writes _sync/recorded_writes/__init__.py from it.
"""Writes that the journal records: the intent before each leaves, its outcome after it, and what settles the rest."""
