"""The pages of the documentation that are written from the code and the specification, at build time."""
