"""`portone-v1 doctor --experiments`: which V1 is this? Opt-in, test channels only, and every charge is refunded."""
