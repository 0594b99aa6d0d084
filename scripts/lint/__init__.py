"""The house rules of spec/, one function each. `scripts.lint_spec` runs them."""
