"""The closed contract of the generator, over small specifications: each makes a round trip or is refused by name."""
