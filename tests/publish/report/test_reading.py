"""The report says what curated says: nothing more, nothing less, in words that a board reads."""

from dataclasses import replace
from datetime import date

import pytest

from publish.report.figures import Tone
from publish.report.reading import current_year, read_report
from publish.report.tables import read_tables
from vocabulary.errors import ReportNotMade
from vocabulary.states import YearKind
from warehouse.connections import reading, writing
from warehouse.paths import PUBLICATION_FILE

AGREEMENT = "sammenhaengskraft_og_medborgerskab"
GRAIN = "agreement_id, indicator_id, area_id, aarstype, year"


@pytest.fixture(scope="module")
def published(sample_night):
    with reading(sample_night[1].publication / PUBLICATION_FILE) as connection:
        yield connection


@pytest.fixture
def changed(sample_night, tmp_path):
    """A copy of the publication, changed by SQL: changed("update …") gives its report of an agreement year."""
    file = tmp_path / PUBLICATION_FILE
    file.write_bytes((sample_night[1].publication / PUBLICATION_FILE).read_bytes())

    def report(*statements, year=2024, kind=YearKind.AGREEMENT):
        with writing(file) as connection:
            for statement in statements:
                connection.execute(statement)
        with reading(file) as connection:
            return read_report(connection, AGREEMENT, kind, year)

    return report


@pytest.fixture(scope="module")
def report(published):
    return read_report(published, AGREEMENT, YearKind.AGREEMENT, 2024)


def test_the_first_page_has_each_promise_once_with_what_came_of_it(report):
    told = {
        one.indicator_id: (one.figure.text, one.target, one.status.text, one.status.tone) for one in report.promises
    }
    assert told == {
        "tillid_til_myndigheder": ("61,4 %", None, "intet mål", Tone.NEUTRAL),
        "brobygningssamtaler": ("1.663", "1.500", "nået", Tone.GOOD),
        "oplever_faellesskab": ("65,5 %", None, "kan ikke sammenlignes", Tone.NEUTRAL),
        "stoerre_aktiviteter": ("12", "12", "nået", Tone.GOOD),
        "boern_i_boernedemokrati": ("13", "12", "nået", Tone.GOOD),
    }
    before = {one.indicator_id: (one.previous_label, one.previous.text) for one in report.promises}
    assert before["brobygningssamtaler"] == ("2023/24", "1.529")
    assert report.headline[0] == "Alle 3 mål for 2024/25 er nået."
    assert next(one for one in report.promises if one.baseline).baseline == "51 % (2018)"


def test_every_figure_has_a_note_with_file_delivery_and_state(report):
    notes = {note.letter: note.text for note in report.notes}
    assert list(notes)[:3] == ["a", "b", "c"] and len(set(notes.values())) == len(notes)
    cells = [cell for one in (*report.sections, *report.context) for row in one.table.rows for cell in row.cells]
    shown = [cell for cell in (*cells, *(one.figure for one in report.promises)) if cell.value is not None]
    assert len(shown) > 100
    for cell in shown:
        assert "(leveret " in notes[cell.note] and "Tallet er " in notes[cell.note]
    sessions = next(one for one in report.promises if one.indicator_id == "brobygningssamtaler")
    assert notes[sessions.figure.note] == (
        "Egen registrering af vejledninger: Vejledninger 2024.csv (leveret 14. januar 2025), "
        "Vejledninger 2025.csv (leveret 6. oktober 2025). Tallet er opgjort."
    )
    assert {cell.note for cell in cells} | {one.figure.note for one in report.promises} >= set(notes)


def test_a_figure_that_is_hidden_says_so_and_has_no_number(report, published):
    hidden = published.execute(
        "select count(*) from curated.tabel_2_aarstal where tilstand like 'skjult%' and aarstype = 'agreement'"
    ).fetchone()[0]
    cells = [cell for one in (*report.sections, *report.context) for row in one.table.rows for cell in row.cells]
    found = [cell for cell in cells if cell.text == "skjult"]
    assert len(found) == hidden > 0
    assert all(cell.value is None and cell.detail is None for cell in found)


def test_a_chart_has_the_whole_series_with_its_target_its_interval_and_its_break(report):
    sessions, survey = (
        next(one.chart for one in report.sections if one.indicator_id == name)
        for name in ("brobygningssamtaler", "oplever_faellesskab")
    )
    assert [(point.year_label, point.value, point.target) for point in sessions.points] == [
        ("2021/22", 1420, 1500),
        ("2022/23", 1488, 1500),
        ("2023/24", 1529, 1500),
        ("2024/25", 1663, 1500),
    ]
    assert "Målet for 2024/25 er 1.500." in sessions.alt
    assert [point.is_break for point in survey.points] == [False, False, True]
    assert all(point.ci_low < point.value < point.ci_high for point in survey.points)
    assert (survey.baseline, survey.baseline_label) == (51, "Baseline 51 % (2018)")


def test_a_report_of_an_earlier_year_knows_nothing_of_later_ones(published):
    report = read_report(published, AGREEMENT, YearKind.AGREEMENT, 2021)
    labels = {label for one in (*report.sections, *report.context) for label in one.table.years}
    assert "2021/22" in labels and not labels & {"2022/23", "2023", "2024"}
    assert report.headline[0] == "Aftalen har 3 mål for 2021/22: 1 er nået og 2 er ikke nået."
    assert {one.year_label for one in report.promises} == {"2021/22", "2021"}


def test_a_calendar_year_has_its_own_figures_and_says_that_targets_are_for_other_years(published):
    report = read_report(published, AGREEMENT, YearKind.CALENDAR, 2024)
    sessions = next(one for one in report.promises if one.indicator_id == "brobygningssamtaler")
    assert (sessions.figure.text, sessions.year_label, sessions.target) == ("1.573", "2024", None)
    assert "Aftalens mål gælder aftaleår og vurderes i rapporterne for dem." in report.remarks


@pytest.mark.parametrize(
    ("day", "year"), [("2020-01-01", 2021), ("2023-09-30", 2022), ("2023-10-01", 2023), ("2030-01-01", 2024)]
)
def test_the_current_year_is_the_one_that_as_of_lies_in_cut_to_the_agreement(sample_night, tmp_path, day, year):
    file = tmp_path / PUBLICATION_FILE
    file.write_bytes((sample_night[1].publication / PUBLICATION_FILE).read_bytes())
    with writing(file) as connection:
        connection.execute("update curated.tabel_0_aftale set opgjort_pr = ?", [date.fromisoformat(day)])
        assert current_year(connection, AGREEMENT, YearKind.AGREEMENT) == year


def test_what_is_flagged_of_the_year_says_who_must_act_and_older_flags_are_counted(report, published):
    whole = published.execute("select count(*) from curated.tabel_5_forbehold").fetchone()[0]
    assert 0 < report.earlier_caveats < whole
    assert all(one.who and one.remedy and one.message for one in report.caveats)
    breaks = [one for one in report.caveats if one.title == "Brud i serien"]
    assert len(breaks) == 2, "four areas with one message are one caveat of each indicator"
    assert "Ringparken" in breaks[0].about and "Ringparken" not in breaks[0].message
    assert not [one for one in report.caveats if "2021/22" in one.about]


def test_an_acknowledged_flag_says_who_let_it_stand_and_until_when(changed):
    report = changed(
        "update curated.tabel_5_forbehold set accepteret_til = date '2026-03-31', accepteret_af = 'chefen', "
        "accepteret_fordi = 'Kommer i marts.' where flag_code = 'overdue_update'"
    )
    (known,) = [one for one in report.caveats if one.acknowledged]
    assert known.acknowledged == "Accepteret til 31. marts 2026 af chefen: Kommer i marts."


def test_comments_stand_with_their_figure_or_with_the_year(changed):
    report = changed(
        "insert into curated.tabel_9_kommentarer by name select agreement_id, 9 as raekkefoelge, "
        "'agreement' as aarstype, '2024/25' as aar, 'Et godt år.' as kommentar, 'chefen' as rolle, "
        "date '2025-10-30' as skrevet, 2024 as year from curated.tabel_0_aftale"
    )
    assert [one.text for one in report.comments] == ["Et godt år."]
    with_comment = {one.indicator_id for one in report.sections if one.comments}
    assert with_comment == {"brobygningssamtaler", "oplever_faellesskab"}, "the survey's wave has a comment of its own"


def test_a_change_since_the_last_report_names_old_new_and_the_report(changed):
    report = changed(
        "insert into curated.tabel_6_aendringer by name select agreement_id, raekkefoelge, indikator, "
        "omraade_raekkefoelge, omraade, aarstype, aar, 1600.0 as foer, tilstand as foer_tilstand, "
        "vaerdi as nu, tilstand, enhed, date '2025-12-09' as vist, '2024/25' as rapport, "
        "'Møde 9.12.2025, punkt 4' as referat, indicator_id, area_id, year "
        "from curated.tabel_2_aarstal where indicator_id = 'brobygningssamtaler' and area_id = 'alle_omraader' "
        "and aarstype = 'agreement' and year = 2024"
    )
    (change,) = report.changes
    assert (change.before.text, change.after.text) == ("1.600", "1.663")
    assert (
        change.since
        == report.changes_since
        == ("rapporten for 2024/25, godkendt 9. december 2025 (Møde 9.12.2025, punkt 4)")
    )
    assert [one.indicator_id for one in report.sections if one.changes] == ["brobygningssamtaler"]


@pytest.mark.parametrize(
    ("statement", "text", "status"),
    [
        ("resultat = null, tilstand = 'mangler', status = 'kan ikke vurderes'", "mangler", "kan ikke vurderes"),
        (
            "resultat = null, tilstand = 'skjult af hensyn til fortrolighed', status = 'kan ikke vurderes'",
            "skjult",
            "kan ikke vurderes",
        ),
        ("resultat = 1100, tilstand = 'ufuldstændig', status = 'bagefter'", "1.100", "bagefter"),
        ("resultat = 0, status = 'ikke nået'", "0", "ikke nået"),
    ],
)
def test_why_there_is_no_figure_is_told_in_its_place(changed, statement, text, status):
    report = changed(
        f"update curated.tabel_1_maal set {statement} where indicator_id = 'brobygningssamtaler' and aar = '2024/25'"
    )
    one = next(one for one in report.promises if one.indicator_id == "brobygningssamtaler")
    assert (one.figure.text, one.status.text) == (text, status)
    missing = "1 tal mangler helt eller delvis."
    assert (missing in report.headline) == (text in ("mangler", "1.100"))


def test_a_target_for_the_whole_agreement_says_what_has_been_reached(changed):
    report = changed(
        "update curated.tabel_1_maal set maal_gaelder = 'cumulative', naaet_i_alt = 6100, maal = 6000 "
        "where indicator_id = 'brobygningssamtaler' and maal is not null"
    )
    one = next(one for one in report.promises if one.indicator_id == "brobygningssamtaler")
    assert one.target == "6.000 i alt, nået 6.100"


def test_a_year_or_agreement_without_figures_is_an_error_that_names_those_there_are(published):
    with pytest.raises(ReportNotMade, match=r"2026.*it has 2021/22, 2022/23, 2023/24, 2024/25"):
        read_report(published, AGREEMENT, YearKind.AGREEMENT, 2026)
    with pytest.raises(ReportNotMade, match=f"en_anden.*{AGREEMENT}"):
        read_report(published, "en_anden", YearKind.AGREEMENT, 2024)
    assert ReportNotMade.exit_code == 4


def test_a_publication_from_before_these_tables_is_an_error_not_a_crash(changed):
    with pytest.raises(ReportNotMade, match="made before the report had these tables"):
        changed("drop table curated.tabel_11_udgaver")


def test_the_report_reads_curated_and_nothing_else(sample_night, tmp_path, report):
    file = tmp_path / PUBLICATION_FILE
    file.write_bytes((sample_night[1].publication / PUBLICATION_FILE).read_bytes())
    with writing(file) as connection:
        connection.execute("drop schema marts cascade")
        connection.execute("drop schema quality cascade")
    with reading(file) as connection:
        assert read_report(connection, AGREEMENT, YearKind.AGREEMENT, 2024) == replace(report)


def test_every_curated_table_has_its_grain(published):
    for table in ("tabel_1_maal", "tabel_2_aarstal", "tabel_3_survey", "tabel_4_rammer", "tabel_6_aendringer"):
        repeated = published.execute(f"select {GRAIN} from curated.{table} group by all having count(*) > 1").fetchall()
        assert repeated == [], table
    assert read_tables(published, AGREEMENT).agreement["version"] == 0
