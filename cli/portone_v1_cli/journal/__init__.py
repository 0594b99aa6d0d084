"""Open the journal that a shop's programs share, and word its errors."""
