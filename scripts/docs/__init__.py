"""Write pages of the documentation from the code and the specification, at build time."""
