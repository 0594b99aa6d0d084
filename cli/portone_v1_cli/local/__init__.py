"""`portone-v1 sandbox` and `listen`: what runs on this machine."""
