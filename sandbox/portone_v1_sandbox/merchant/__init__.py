"""The shop: channels, codes, tiers, tokens, the rules of its PGs."""
