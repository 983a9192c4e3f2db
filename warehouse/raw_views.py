"""Views over the raw Parquet, alike for every source: what dbt's staging reads, whatever the descriptors say.

raw.<source>  the rows of one source with its own columns, corrections applied
raw.record    one row per delivered row of the sources with one record per row
raw.cell_row  one row per delivered sheet row of the wide sources; its cells in `values_by_period`

agreement.attribute and agreement.amount say at which place of a row's `attributes` and `amounts` stands what measures
name.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from agreements.measures import Measure
from warehouse.connections import create_tables, insert, literal, quoted
from warehouse.corrections import CorrectionRule, corrected_select
from warehouse.ledger import Ledger, LedgerRecord

SEPARATOR = "chr(31)"
"""Between the attributes of a row; the macro `attribute_at` splits at it."""

LINEAGE = (
    "_reading_id, _row_number, _sheet, _dataset, _period, try_cast(_period_on as date) as _period_on, _corrections"
)


@dataclass(frozen=True)
class SourceShape:
    """What the warehouse needs to know of a source's descriptor: the roles of its columns."""

    source_id: str
    name: str
    owner: str
    cadence: str
    replacement: str
    is_wide: bool
    has_event_dates: bool
    key_columns: tuple[str, ...] = ()
    area_column: str | None = None
    region_column: str | None = None
    person_column: str | None = None
    weight_column: str | None = None


def create_raw_views(
    connection: duckdb.DuckDBPyConnection,
    ledger: Ledger,
    shapes: Sequence[SourceShape],
    records: Sequence[LedgerRecord],
    *,
    measures: Iterable[Measure],
    rules: Sequence[CorrectionRule] = (),
) -> None:
    """Make the views; the agreement was checked against the sources when it was read."""
    attributes, amounts = _named_by(measures, [shape.source_id for shape in shapes])
    connection.execute("create schema if not exists raw")
    create_tables(
        connection,
        {
            "agreement.attribute": "source_id varchar, attribute varchar, place integer",
            "agreement.amount": "source_id varchar, attribute varchar, place integer",
        },
    )
    for table, named in (("attribute", attributes), ("amount", amounts)):
        insert(
            connection,
            f"agreement.{table}",
            [(source_id, name, at) for source_id, names in named.items() for at, name in enumerate(names, 1)],
        )
    if not ledger.store.is_local:
        connection.register_filesystem(ledger.store.filesystem)
    for shape in shapes:
        own = [rule for rule in rules if rule.source_id == shape.source_id]
        _create_source_view(connection, ledger, shape.source_id, records, own)
    _create_union(connection, "record", [_record(shape, attributes, amounts) for shape in shapes if not shape.is_wide])
    _create_union(connection, "cell_row", [_cell_row(shape, attributes) for shape in shapes if shape.is_wide])


def _named_by(
    measures: Iterable[Measure], source_ids: Sequence[str]
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """By source: the attributes that conditions and answers name, and those that are added up."""
    attributes: dict[str, list[str]] = {source_id: [] for source_id in source_ids}
    amounts: dict[str, list[str]] = {source_id: [] for source_id in source_ids}
    for measure in measures:
        if measure.source is None:
            continue
        named = [condition.attribute for condition in measure.conditions]
        for names, wanted in (
            (attributes[measure.source], [*named, *([measure.answer] if measure.answer else [])]),
            (amounts[measure.source], [measure.amount] if measure.amount else []),
        ):
            for name in wanted:
                if name not in names:
                    names.append(name)
    return attributes, amounts


def _create_source_view(
    connection: duckdb.DuckDBPyConnection,
    ledger: Ledger,
    source_id: str,
    records: Sequence[LedgerRecord],
    rules: Sequence[CorrectionRule],
) -> None:
    """raw.<source>: every reading that the ledger commits, with its `_reading_id`."""
    paths = sorted(
        {ledger.raw_path(record) for record in records if record.source_id == source_id and record.has_raw}
        | {ledger.store.location("raw", source_id, "_schema.parquet")}
    )
    read = (
        "select * exclude (filename), parse_filename(filename, true) as _reading_id "
        f"from read_parquet([{', '.join(map(literal, paths))}], union_by_name = true, filename = true)"
    )
    select = f"select {corrected_select(rules)} from ({read})"
    # dbt reads in another process, which has no door to an object store
    kind = "view" if ledger.store.is_local else "table"
    connection.execute(f"create {kind} raw.{quoted(source_id)} as {select}")


def _record(shape: SourceShape, attributes: Mapping[str, list[str]], amounts: Mapping[str, list[str]]) -> str:
    return (
        f"select {literal(shape.source_id)} as source_id, {LINEAGE}, {_joined(shape.key_columns)} as record_key, "
        f"{_text(shape.area_column)} as area_ids, {_pseudonym(shape.person_column)} as person_key, "
        f"{_number(shape.weight_column)} as weight, {_joined(attributes[shape.source_id])} as attributes, "
        f"{_joined(amounts[shape.source_id])} as amounts from raw.{quoted(shape.source_id)}"
    )


def _cell_row(shape: SourceShape, attributes: Mapping[str, list[str]]) -> str:
    return (
        f"select {literal(shape.source_id)} as source_id, {LINEAGE}, {_joined(shape.key_columns)} as record_key, "
        f"{_text(shape.area_column)} as area_id, {_text(shape.region_column)} as region, "
        f"{_joined(attributes[shape.source_id])} as attributes, values_by_period from raw.{quoted(shape.source_id)}"
    )


def _create_union(connection: duckdb.DuckDBPyConnection, name: str, selects: Sequence[str]) -> None:
    if selects:
        connection.execute(f"create view raw.{name} as {' union all '.join(selects)}")


def _joined(columns: Sequence[str]) -> str:
    """The columns' text in one; null where there are none."""
    if not columns:
        return "cast(null as varchar)"
    filled = ", ".join(f"coalesce({quoted(column)}, '')" for column in columns)
    return f"concat_ws({SEPARATOR}, {filled})"


def _text(column: str | None) -> str:
    return quoted(column) if column else "cast(null as varchar)"


def _pseudonym(column: str | None) -> str:
    """32 hex digits as the 16 bytes that they are, which are counted in half the time."""
    return f"cast({quoted(column)} as uuid)" if column else "cast(null as uuid)"


def _number(column: str | None) -> str:
    return f"cast({quoted(column)} as double)" if column else "cast(null as double)"
