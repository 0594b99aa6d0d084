"""The journal that a shop's programs share: how a command opens it, and the sentences about its errors."""
