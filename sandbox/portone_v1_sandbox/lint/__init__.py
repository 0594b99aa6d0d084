"""What a shop does with money that it should not, from what the sandbox saw."""
