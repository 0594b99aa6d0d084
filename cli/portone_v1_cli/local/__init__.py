"""`portone-v1 sandbox` and `portone-v1 webhooks listen`: servers on this machine."""
