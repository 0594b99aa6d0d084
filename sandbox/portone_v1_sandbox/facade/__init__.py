"""What a test calls."""
