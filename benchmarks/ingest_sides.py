"""One side of the comparison, as a process of its own: `python -m benchmarks.ingest_sides SIDE FOLDER`.

FOLDER holds a landing zone, the same rows in `rows.csv` as UTF-8, and what the side writes.
"""

import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

AS_OF = date(2025, 1, 1)
ROWS = "rows.csv"
KEY = "the key of a benchmark on made-up persons"
SIDES = ("ours", "duckdb", "pandas", "dlt")


def main(side: str, folder: Path) -> None:
    # what a side does not use is not imported: importing counts in its time
    {"ours": _ours, "duckdb": _duckdb, "pandas": _pandas, "dlt": _dlt}[side](folder)


def rows_written(side: str, folder: Path) -> int:
    """How many rows the Parquet files of a side hold."""
    import duckdb

    pattern = {"ours": "home/raw/*/[!_]*.parquet", "dlt": "dlt/export/rows/*.parquet"}.get(side, f"{side}.parquet")
    (found,) = duckdb.execute(f"select count(*) from read_parquet('{folder / pattern}')").fetchone()
    return found


def _ours(folder: Path) -> None:
    from benchmarks.workload import settings_in
    from ingest.stage import Ingest
    from vocabulary.settings import PROJECT_ROOT

    settings = replace(settings_in(folder), agreements=PROJECT_ROOT / "agreements", key=KEY)
    ingest = Ingest(settings)
    ingest.read_files(ingest.find_new(AS_OF).files)


def _duckdb(folder: Path) -> None:
    import duckdb

    duckdb.execute(
        f"copy (select * from read_csv('{folder / ROWS}', delim=';', all_varchar=true)) "
        f"to '{folder / 'duckdb.parquet'}' (compression zstd)"
    )


def _pandas(folder: Path) -> None:
    import pandas as pd

    pd.read_csv(folder / ROWS, sep=";", dtype=str).to_parquet(folder / "pandas.parquet", compression="zstd")


def _dlt(folder: Path) -> None:
    import dlt
    from dlt.sources.filesystem import filesystem, read_csv_duckdb

    pipeline = dlt.pipeline(
        "export",
        pipelines_dir=str(folder / "dlt_state"),
        destination=dlt.destinations.filesystem((folder / "dlt").as_uri()),
        dataset_name="export",
    )
    # of dlt's readers the fastest, in larger pieces than its own
    files = filesystem(bucket_url=folder.as_uri(), file_glob=ROWS)
    read = files | read_csv_duckdb(chunk_size=100_000, use_pyarrow=True, delimiter=";", all_varchar=True)
    pipeline.run(read.with_name("rows"), loader_file_format="parquet")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
