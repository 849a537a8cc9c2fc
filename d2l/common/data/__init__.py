"""Data: catalogued, fetched, prepared, cut into batches."""
