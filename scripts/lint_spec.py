def lint(raw, spec): return []
