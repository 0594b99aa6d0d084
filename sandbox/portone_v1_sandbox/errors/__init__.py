"""Every refusal, one module per area."""
