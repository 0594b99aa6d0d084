"""`portone-v1 webhooks list`, `replay` and `drain`: the webhook inbox, for operators."""
