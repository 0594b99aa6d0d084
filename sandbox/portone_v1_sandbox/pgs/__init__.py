"""Operations that one PG has."""
