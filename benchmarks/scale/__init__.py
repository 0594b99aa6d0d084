"""A sandbox with a great many payments: what each operation costs, and what a start from its file costs."""
