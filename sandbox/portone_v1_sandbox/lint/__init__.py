"""Mistakes of a shop that can cost money, found in the requests that the sandbox received."""
