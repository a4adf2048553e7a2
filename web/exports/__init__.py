"""Pages on which tables are taken along."""
