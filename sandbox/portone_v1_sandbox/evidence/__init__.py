"""What happened: calls, windows, webhooks, clock and money as events, with their raw requests and responses."""
