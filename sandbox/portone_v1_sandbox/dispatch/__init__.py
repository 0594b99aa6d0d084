"""How a call finds its handler, and the checks of its arguments."""
