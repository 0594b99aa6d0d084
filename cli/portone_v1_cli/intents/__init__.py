"""`portone-v1 intents`: the journal of writes, for operators."""
