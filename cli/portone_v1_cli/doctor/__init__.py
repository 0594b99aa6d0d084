"""`portone-v1 doctor`: is this machine ready, and does V1 answer."""
