"""CONTRIBUTING's recipes, walked in a copy of this repository."""
