"""Find what changed for users between two releases, and which version that requires."""
