"""The merchant: channels, codes, sub-merchants, tokens, rules of its PGs."""
