"""How often files that nobody declared are read as they were meant: `python -m benchmarks.dialects`."""
