# The source of both flavours: `make generate` writes _sync/recorded_writes/__init__.py from it.
"""Writes that the journal records: the intent before each is sent, its outcome after it. `settle` does the rest."""
