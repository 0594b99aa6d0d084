"""A command that changes something: how it asks, what a signal does to it, and what it prints of the outcome."""
