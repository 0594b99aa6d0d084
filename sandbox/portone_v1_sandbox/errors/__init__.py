"""Every refusal, one module for each area."""
