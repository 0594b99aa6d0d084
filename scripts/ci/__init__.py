"""What the linters of the CI's own files need that no wheel brings."""
