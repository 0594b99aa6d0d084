"""Operations of a single PG."""
