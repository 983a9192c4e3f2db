"""Make the report of an agreement and year from the curated tables of a publication, and from nothing else."""

from datetime import date

import duckdb

from publish.report.cells import Notes
from publish.report.findings import make_changes, split_caveats
from publish.report.model import Decision, Edition, Report, Source
from publish.report.promises import chosen, headline, make_promises
from publish.report.sections import make_comment, make_sections
from publish.report.tables import Row, Tables, read_agreement, read_tables
from vocabulary.errors import ReportNotMade
from vocabulary.states import LABELS_DA, YearKind
from vocabulary.wording import date_da

ENDED = "Aftalen udløb den {day}."
OTHER_YEARS = "Aftalens mål gælder {kind} og vurderes i rapporterne for dem."
AS_SIGNED = "som den blev underskrevet"
VERSION = "version {number}, i kraft fra {day}"


def read_report(
    connection: duckdb.DuckDBPyConnection,
    agreement_id: str,
    year_kind: YearKind,
    year: int,
    edition: Edition | None = None,
) -> Report:
    """The report for a year of an agreement; `connection` is to a published file.

    Raises ReportNotMade for an agreement or year that the publication has no figures of.
    """
    tables = read_tables(connection, agreement_id)
    figures = (*tables.counted, *tables.survey, *tables.dated)
    label = _year_label(tables, year_kind, year)
    notes = Notes(tables.sources)
    promises = make_promises(tables, notes, year_kind, year)
    shown = chosen(figures, tables, year_kind, year)
    latest = _latest(shown)
    files = {file["fil"] for row in latest for file in notes.files(row)}
    caveats, earlier = split_caveats(tables, {(row["aarstype"], row["year"]) for row in latest}, files)
    by_indicator: dict[object, list] = {}
    for indicator_id, caveat in caveats:
        by_indicator.setdefault(indicator_id, []).append(caveat)
    changes = make_changes(tables, shown)
    sections = make_sections(
        tables, notes, kind=year_kind, year=year, promises=promises, caveats=by_indicator, changes=changes
    )
    agreement = tables.agreement
    return Report(
        agreement_id=agreement_id,
        agreement=str(agreement["titel"]),
        programme=str(agreement["indsats"] or ""),
        valid_from=agreement["gaelder_fra"],
        valid_to=agreement["gaelder_til"],
        year_kind=year_kind.value,
        year=year,
        year_label=label,
        year_kind_label=LABELS_DA["year_kind"][year_kind],
        version=_version(agreement),
        as_of=agreement["opgjort_pr"],
        published_on=agreement["udgivet"],
        publication_id=str(agreement["udgivelse"]),
        headline=headline(promises, label),
        promises=promises,
        sections=tuple(one for one in sections if one.goal),
        context=tuple(one for one in sections if not one.goal),
        caveats=tuple(caveat for _, caveat in caveats),
        changes=changes,
        changes_since=changes[0].since if len({one.since for one in changes}) == 1 else None,
        notes=notes.all(),
        sources=_sources(tables, notes),
        decisions=tuple(_decision(row) for row in tables.decisions),
        earlier_editions=tuple(_edition(row) for row in tables.editions),
        edition=edition,
        remarks=_remarks(tables, year_kind),
        comments=tuple(
            make_comment(row)
            for row in tables.comments
            if row["indicator_id"] is None and (row["aarstype"], row["year"]) == (year_kind, year)
        ),
        earlier_caveats=earlier,
    )


def current_year(connection: duckdb.DuckDBPyConnection, agreement_id: str, year_kind: YearKind) -> int:
    """The year of a kind that as-of lies in: the first before the agreement, the last after it.

    Raises ReportNotMade for an agreement that the publication does not have.
    """
    agreement = read_agreement(connection, agreement_id)
    first: date = agreement["gaelder_fra"]
    day = min(max(agreement["opgjort_pr"], first), agreement["gaelder_til"])
    if year_kind is YearKind.CALENDAR:
        return day.year
    return day.year - ((day.month, day.day) < (first.month, first.day))


KINDS = "select distinct aarstype from curated.tabel_1_maal where agreement_id = ?"


def usual_kind(connection: duckdb.DuckDBPyConnection, agreement_id: str) -> YearKind:
    """Agreement years, or calendar years for an agreement that promises something of these alone."""
    found = connection.execute(KINDS, [agreement_id]).fetchall()
    return YearKind.CALENDAR if found == [(YearKind.CALENDAR.value,)] else YearKind.AGREEMENT


def _year_label(tables: Tables, kind: YearKind, year: int) -> str:
    """Raises ReportNotMade where no promised figure is of that year, naming the years that there are."""
    rows = [row for row in (*tables.promises, *tables.counted) if row["aarstype"] == kind]
    own = [row for row in rows if row["year"] == year]
    if not own:
        known = ", ".join(sorted({str(row["aar"]) for row in rows})) or "none"
        raise ReportNotMade(
            what=f"{tables.agreement['agreement_id']}, {LABELS_DA['year_kind'][kind]} {year}",
            problem=f"the publication has no figures of that year; it has {known}",
        )
    return str(own[0]["aar"])


def _latest(rows: list[Row]) -> list[Row]:
    """The rows of the last year that each indicator is shown with."""
    last: dict[object, int] = {}
    for row in rows:
        last[row["indicator_id"]] = max(last.get(row["indicator_id"], row["year"]), row["year"])
    return [row for row in rows if row["year"] == last[row["indicator_id"]]]


def _version(agreement: Row) -> str:
    if not agreement["version"]:
        return AS_SIGNED
    return VERSION.format(number=agreement["version"], day=date_da(agreement["version_fra"]))


def _remarks(tables: Tables, kind: YearKind) -> tuple[str, ...]:
    agreement = tables.agreement
    told = []
    if agreement["opgjort_pr"] > agreement["gaelder_til"]:
        told.append(ENDED.format(day=date_da(agreement["gaelder_til"])))
    with_target = {row["aarstype"] for row in tables.promises if row["maal"] is not None}
    if with_target and kind not in with_target:
        told.append(OTHER_YEARS.format(kind=LABELS_DA["year_kind"][YearKind(str(next(iter(with_target))))]))
    return tuple(told)


def _sources(tables: Tables, notes: Notes) -> tuple[Source, ...]:
    found = {str(row["kilde"]): row for row in tables.sources if row["kilde"] in notes.used}
    return tuple(
        Source(name, row["leverandoer"] and str(row["leverandoer"]), row["senest_leveret"])
        for name, row in sorted(found.items())
    )


def _decision(row: Row) -> Decision:
    return Decision(
        decided_on=row["besluttet"],
        effective_from=row["gaelder_fra"],
        minutes=str(row["referat"]),
        reason=str(row["begrundelse"]),
        changes=tuple(str(row["aendringer"] or "").splitlines()),
        is_in_force=bool(row["i_kraft"]),
    )


def _edition(row: Row) -> Edition:
    return Edition(
        number=row["udgave"],
        year_label=str(row["aar"]),
        minutes=str(row["referat"]),
        approved_on=row["godkendt"],
        publication_id=str(row["udgivelse"]),
    )
