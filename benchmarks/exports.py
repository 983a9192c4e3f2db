"""Make a registration export as partners deliver it, and the same rows as the other sides of a comparison want them.

About 20 rows per person; CPR numbers and names are made up of hashes of their number, so that the same size gives the
same file. One note in eight is quoted, for it holds a delimiter or a quote.
"""

import os
from pathlib import Path

import duckdb

CHUNK_BYTES = 16 << 20
LONG_AGO = 3600
"""Seconds: a file that was changed just now would be waited for."""

ROWS = """
select
    'V-' || lpad(i::varchar, 9, '0') as "Løbenr",
    strftime(date '2022-01-01' + (hash(i, 1) % 365)::integer, '%d-%m-%Y') as "Dato",
    ['Ringparken', 'Sydbyen', 'Motalavej, Korsør'][1 + (hash(i, 2) % 3)::integer] as "Boligområde",
    printf('%02d%02d%02d-%04d', 1 + p % 28, 1 + p // 28 % 12, p // 336 % 90, hash(p) % 9000 + 1000) as "CPR-nr",
    ['Ane', 'Søren', 'Åse', 'Omar', 'Fatma', 'Jens'][1 + p % 6] || ' '
        || ['Holm', 'Kjær', 'Yildiz', 'Sørensen', 'Dahl'][1 + p // 6 % 5] || ' ' || 'af ' || p as "Navn",
    ['LSO', 'MKA', 'PTH'][1 + (hash(i, 3) % 3)::integer] as "Vejleder",
    ['Bolig', 'Økonomi', 'Familie', 'Helbred', 'Job'][1 + (hash(i, 4) % 5)::integer] as "Tema",
    case when hash(i, 5) % 5 < 2 then ['Jobcenter', 'Borgerservice', 'Egen læge'][1 + (hash(i, 6) % 3)::integer]
        else '' end as "Brobygget til",
    case when hash(p, 7) % 10 < 9 and hash(i, 7) % 1000 > 0 then 'Ja' else 'Nej' end as "Samtykke",
    ['0,25', '0,50', '1,00', '1,50'][1 + (hash(i, 8) % 4)::integer] as "Varighed (timer)",
    ['', '', '', 'Talte om husleje', 'Brev fra kommunen', 'Ringer igen', 'Æblehaven', 'Sagde "måske"; aftalt nyt møde']
        [1 + (hash(i, 9) % 8)::integer] as "Bemærkning"
from (select i, (hash(i) % greatest(1, {rows} // 20))::integer as p from range({start}, {start} + {rows}) t(i))
"""


def write_export(rows: int, delivered: Path, in_utf8: Path, start: int = 0) -> None:
    """The export in cp1252, and its rows in UTF-8 for readers that take nothing else."""
    delivered.parent.mkdir(parents=True, exist_ok=True)
    query = ROWS.format(rows=rows, start=start)
    duckdb.execute(f"copy ({query}) to '{in_utf8}' (delimiter ';', header)")
    with in_utf8.open(encoding="utf-8", newline="") as source, delivered.open("wb") as target:
        while text := source.read(CHUNK_BYTES):
            target.write(text.encode("cp1252"))
    changed = delivered.stat().st_mtime - LONG_AGO
    os.utime(delivered, (changed, changed))
