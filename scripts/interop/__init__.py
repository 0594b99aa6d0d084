"""The specification for other tools: two plainer forms of it, and which generators load them."""
