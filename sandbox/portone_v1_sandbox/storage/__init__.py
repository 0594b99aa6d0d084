"""The state in a file of SQLite."""
