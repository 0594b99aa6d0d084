"""`portone-v1 doctor`: check this machine and the connection to V1."""
