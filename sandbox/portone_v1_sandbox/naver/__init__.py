"""네이버페이: orders, returns, reviews, points."""
