"""Records as plain dataclasses, and the state that holds them."""
