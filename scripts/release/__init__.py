"""The release train: what changed for users, which version that makes, building, testing and publishing it."""
