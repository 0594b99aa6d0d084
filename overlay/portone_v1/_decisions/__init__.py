"""Verdicts, plans and expectations: pure functions and plain values that both flavours share."""
