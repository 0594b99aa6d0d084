"""Read a vendor document, find what changed in it, and check that spec/ still covers it."""
