"""Conditions that a test sets: the clock, the assumptions about V1, the faults, the settings of a shop."""
