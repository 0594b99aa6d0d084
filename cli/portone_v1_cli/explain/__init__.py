"""`portone-v1 explain`: what happened, and what to do."""
