"""Programs that the linters of the CI's own files need, and that no wheel contains."""
