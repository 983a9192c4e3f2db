"""Speed against what a user would pick instead. Run from the project root: `python -m benchmarks.build --help`."""
