"""Handlers of calls, and checks of their arguments."""
