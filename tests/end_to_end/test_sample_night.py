"""One night on the samples: the figures, the flags, the publication, and that nothing confidential leaves."""

import hashlib
import json
import math
from datetime import date

import duckdb
import pandas as pd
import pytest

from nightly.night import run_night
from nightly.stages import check, publish
from publish.publication import PUBLISHED_MODELS
from tests.end_to_end.traces import traces
from vocabulary.errors import BuildBlocked, BuildNotChecked
from vocabulary.settings import PROJECT_ROOT
from warehouse.builds import Builds
from warehouse.connections import reading, writing
from warehouse.journal import Journal
from warehouse.paths import PUBLICATION_FILE, Paths, owner_only
from warehouse.publications import read_publication

SAMPLE_DAY = date(2025, 11, 1)

# The last agreement year and the latest wave, all areas together. Counted by hand in the files of samples/landing:
# sessions with a bridge, larger activities with a partner, children, and the weighted shares of the 2023 wave.
GOLDEN = {
    ("brobygningssamtaler", "agreement", 2024): ("observed", 1663, "reached"),
    ("stoerre_aktiviteter", "agreement", 2024): ("observed", 12, "reached"),
    ("boern_i_boernedemokrati", "agreement", 2024): ("observed", 13, "reached"),
    ("brobygningssamtaler", "agreement", 2021): ("observed", 1420, "missed"),
    ("tillid_til_myndigheder", "calendar", 2023): ("observed", 61.43852024418629, "no_target"),
    ("oplever_faellesskab", "calendar", 2018): ("observed", 51.32073907527664, "no_target"),
    ("oplever_faellesskab", "calendar", 2024): ("not_due", None, "no_target"),
    ("beboertal", "calendar", 2020): ("missing", None, "no_target"),
}


@pytest.fixture
def public(sample_night):
    with reading(sample_night[1].publication / PUBLICATION_FILE) as connection:
        yield connection


def test_golden_figures_for_all_areas_together(public):
    rows = public.execute(
        "select indicator_id, year_kind, year, value_state, value, target_status "
        "from marts.indicator_by_area_year where area_id = 'alle_omraader'"
    ).fetchall()
    found = {row[:3]: row[3:] for row in rows}
    for key, (state, value, status) in GOLDEN.items():
        assert found[key][0] == state and found[key][2] == status, key
        assert found[key][1] == value or math.isclose(found[key][1], value, rel_tol=1e-9), key


def test_the_baseline_is_judged_by_the_interval_and_never_across_a_series_break(public):
    trends = dict(
        public.execute(
            "select year, baseline_trend from marts.indicator_by_area_year "
            "where indicator_id = 'oplever_faellesskab' and area_id = 'alle_omraader' and value_state = 'observed'"
        ).fetchall()
    )
    assert trends == {2018: "no_clear_change", 2021: "no_clear_change", 2023: "not_comparable"}


def test_the_mart_has_exactly_the_columns_of_the_contract(public):
    contract = (
        "agreement_id, indicator_id, area_id, year_kind, year, year_label, year_key, is_partial_year, value, unit, "
        "numerator, denominator, n, n_effective, ci_low, ci_high, value_state, baseline_value, baseline_year, "
        "baseline_trend, target_value, target_status, flag_count, worst_severity, definition_version, publication_id"
    )
    assert [row[0] for row in public.execute("describe marts.indicator_by_area_year").fetchall()] == contract.split(
        ", "
    )
    flag = (
        "flag_code, severity, agreement_id, indicator_id, area_id, year_kind, year, source_id, file_name, detail, "
        "message, observed, expected, first_seen, publication_id, acknowledged_until, acknowledged_by, "
        "acknowledged_reason"
    )
    assert [row[0] for row in public.execute("describe quality.flag").fetchall()] == flag.split(", ")


def test_the_publication_holds_marts_quality_and_curated_and_no_more(public):
    schemas = {row[0] for row in public.execute("select distinct schema_name from duckdb_tables()").fetchall()}
    assert schemas == {"marts", "quality", "curated"}
    assert public.execute("select count(*) from duckdb_views() where not internal").fetchone()[0] == 0


def test_no_small_group_of_persons_is_published(public):
    shown = public.execute(
        "select count(*) from marts.indicator_by_area_year where indicator_id = 'boern_i_boernedemokrati' "
        "and (value in (1, 2) or (value_state = 'suppressed' and (value is not null or numerator is not null)))"
    ).fetchone()[0]
    hidden = public.execute("select count(*) from marts.figure_source where rows_count is null").fetchone()[0]
    assert shown == 0 and hidden > 0
    sums = "select count(numerator) + count(denominator) from marts.indicator_by_area_year where unit = 'procent'"
    assert public.execute(sums).fetchone()[0] == 0


def test_publication_json_counts_and_hashes_every_table(sample_night):
    folder = sample_night[1].publication
    content = read_publication(folder)
    assert set(content["tables"]) == {
        f"{model.parent.name}.{model.stem}" for folder in PUBLISHED_MODELS for model in folder.glob("*.sql")
    }
    for name, table in content["tables"].items():
        path = folder / table["file"]
        assert hashlib.sha256(path.read_bytes()).hexdigest() == table["sha256"], name
        assert duckdb.sql(f"select count(*) from '{path}'").fetchone()[0] == table["rows"], name


def test_figures_can_be_traced_to_rows_of_delivered_files(public):
    rows = public.execute(
        "select file_name, rows_count from marts.figure_source where is_in_force "
        "and indicator_id = 'brobygningssamtaler' and area_id = 'alle_omraader' "
        "and year_kind = 'agreement' and year = 2021 order by 1"
    ).fetchall()
    assert rows == [("vejledninger_2021.csv", 336), ("vejledninger_2022_rettet.csv", 1084)]


def test_the_wording_of_questions_and_answers_is_kept_by_wave(public):
    rows = public.execute(
        "select file_name, heading, wording, answers from marts.dim_question "
        "where column_name = 'faellesskab' order by 1"
    ).fetchall()
    assert [(name, heading) for name, heading, _, _ in rows] == [
        ("tryghedssurvey_2018.sav", "Q12_FAELLES"),
        ("tryghedssurvey_2021.sav", "Q12_FAELLES"),
        ("tryghedssurvey_2023.csv", "del_af_fællesskab"),
    ]
    assert rows[0][2] and "Meget enig | Enig" in rows[0][3] and "Helt enig | Delvist enig" in rows[2][3]


def test_the_report_says_what_was_promised_and_reached(sample_night):
    page = sample_night[1].report.read_text()
    for words in ("Brobygningssamtaler i beboervejledningen", "1.663", "1.500", "skjult", "opgøres ikke", "mangler"):
        assert words in page


def test_the_same_night_again_reads_nothing_and_publishes_nothing_new(sample_night):
    settings, night = sample_night
    paths = Paths.of(settings)
    entries, published = Journal(paths.journal).entries(), sorted(paths.publications.iterdir())
    again = run_night(settings, SAMPLE_DAY)
    assert again.new_files == () and again.publication == night.publication
    assert Journal(paths.journal).entries() == entries and sorted(paths.publications.iterdir()) == published


def test_a_blocking_flag_publishes_nothing_and_a_build_must_be_checked(sample_night):
    settings, _ = sample_night
    paths = Paths.of(settings)
    again = run_night(settings, SAMPLE_DAY)
    build_id, current = again.build.build_id, paths.current.resolve()
    with owner_only():
        Builds(paths).save(again.build.model_copy(update={"flags_by_severity": None}))
    with pytest.raises(BuildNotChecked):
        publish(settings, build_id)
    with writing(paths.warehouse(build_id)) as connection:
        connection.execute("update confidential.indicator_figure set value = 120 where measure_kind = 'weighted_share'")
    assert check(settings, build_id).blocking_flags > 0
    with pytest.raises(BuildBlocked, match="nothing is published"):
        publish(settings, build_id)
    assert paths.current.resolve() == current


@pytest.fixture(scope="module")
def truth(shared_deliveries):
    return json.loads((shared_deliveries / "truth.json").read_text())


@pytest.mark.shared
def test_the_samples_are_the_deliveries(shared_deliveries):
    def content(root):
        return {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}

    assert content(shared_deliveries / "landing") == content(PROJECT_ROOT / "samples" / "landing")


@pytest.mark.shared
def test_every_figure_of_the_truth(sample_night, truth):
    settings, night = sample_night
    with reading(Paths.of(settings).warehouse(night.build.build_id)) as connection:
        frame = connection.table("confidential.indicator_figure").df()
    found = frame.set_index(["indicator_id", "area_id", "year_kind", "year"]).to_dict("index")
    wrong = []
    for figure in truth["figures"]:
        row = found[figure["indicator_id"], figure["area_id"], figure["year_kind"], figure["year"]]
        for name, expected in figure.items():
            if name in ("indicator_id", "area_id", "year_kind", "year"):
                continue
            value = row[name]
            same = pd.isna(value) if expected is None else value == expected
            if isinstance(expected, float | int) and not isinstance(expected, bool):
                same = math.isclose(value, expected, rel_tol=1e-9)
            if not same:
                wrong.append((figure, name, value))
    assert wrong == [] and len(truth["figures"]) > 200


@pytest.mark.shared
def test_every_count_of_the_truth(sample_night, truth):
    records = {f"landing/{r.source_id}/{r.delivered_on}/{r.file_name}": r for r in sample_night[1].new_files}
    for name, expected in truth["files"].items():
        record = records[name]
        found = {
            "rows": record.rows_read,
            "loaded": record.rows_loaded,
            "quarantined": record.rows_quarantined,
            "duplicates": record.rows_duplicate,
            "reasons": record.quarantined_by_reason,
            "control_total": record.control_total,
        }
        assert {key: found[key] for key in expected} == expected, name


@pytest.mark.shared
def test_no_canary_is_found_in_anything_that_was_written(sample_night, truth):
    written = list(traces(sample_night[0].home))
    assert sum(place.endswith("]") for place, _ in written) > 50, "files are opened, not only read"
    text = b"\n".join(content for _, content in written)
    assert sum(canary.encode() in text for canary in truth["canaries"]) == 0
