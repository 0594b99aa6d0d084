"""What changed for users between two releases, and which version that makes."""
