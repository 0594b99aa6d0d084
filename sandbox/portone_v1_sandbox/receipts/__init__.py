"""현금영수증 and 매출전표: cash receipts and sales slips."""
