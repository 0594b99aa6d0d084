"""`portone-v1 export`: payments as CSV, JSON lines or Parquet."""
