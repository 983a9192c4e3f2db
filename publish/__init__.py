"""Disclosure control; checked marts -> the publication (DuckDB, Parquet) and the report."""
