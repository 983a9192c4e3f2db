"""WHERE things lie: paths, storage, ledger, journal, connections. The only door to storage."""
