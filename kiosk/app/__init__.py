"""Use cases: one verb, one transaction. Expected failures come back as values."""
