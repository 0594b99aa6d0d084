"""`portone-v1 reconcile`: compare PortOne's payments with a shop's orders."""
