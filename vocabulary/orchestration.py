"""What Airflow's parts are called wherever they are made, asked for or named."""

WRITER_POOL = "warehouse_writer"
"""Each task that writes DuckDB takes a slot of it."""

WRITER_SLOTS = 1
WRITER_POOL_TOLD_DA = "Opgaver, der skriver i DuckDB, en ad gangen"
