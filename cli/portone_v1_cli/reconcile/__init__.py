"""`portone-v1 reconcile`: PortOne's payments and a shop's orders compared."""
