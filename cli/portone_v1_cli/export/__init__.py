"""`portone-v1 export`: payments as a CSV, Parquet or SQLite file."""
