"""SQLite storage of the state."""
