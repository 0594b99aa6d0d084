"""A great many payments: lists read page by page, exported and reconciled, each way in a process of its own."""
