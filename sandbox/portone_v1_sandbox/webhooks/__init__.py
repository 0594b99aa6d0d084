"""웹훅: the outbox, its worker and sender."""
