"""`Sandbox`: the interface for tests."""
