"""What a vendor document says, what changed in it, and whether spec/ still covers it."""
