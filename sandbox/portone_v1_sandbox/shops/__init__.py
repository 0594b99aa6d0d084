"""Sandboxes by name, their snapshots, and scenarios that fill one with a single call."""
