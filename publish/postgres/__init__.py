"""The publication in PostgreSQL, for BI tools: a server to load into, and the load."""
