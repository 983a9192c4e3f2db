"""Which files a report becomes, and what has to be read to name them."""

import shutil

import pytest

from publish.report.writing import asked_for, current_reports, stem_of
from vocabulary.states import YearKind
from warehouse.connections import writing
from warehouse.paths import PUBLICATION_FILE

EARLIER = """
    insert into curated.tabel_0_aftale
    select * replace ('tidligere' as agreement_id, gaelder_fra - interval 8 years as gaelder_fra)
    from curated.tabel_0_aftale
"""


@pytest.fixture
def publication(sample_night, tmp_path):
    """The sample's agreement and an earlier one, without a single figure."""
    folder = tmp_path / "publication"
    folder.mkdir()
    shutil.copyfile(sample_night[1].publication / PUBLICATION_FILE, folder / PUBLICATION_FILE)
    with writing(folder / PUBLICATION_FILE) as connection:
        connection.execute(EARLIER)
        connection.execute("drop table curated.tabel_2_aarstal")
    return folder


def test_only_the_newest_agreement_has_files_without_its_name_and_no_figure_is_read_for_that(publication):
    newest, earlier = current_reports(publication)
    assert [stem_of(publication, one) for one in (newest, earlier)] == ["rapport", "rapport_tidligere_agreement_2024"]


def test_an_agreement_that_promises_calendar_years_alone_is_reported_by_them(publication):
    assert asked_for(publication).year_kind is YearKind.AGREEMENT
    with writing(publication / PUBLICATION_FILE) as connection:
        connection.execute("delete from curated.tabel_1_maal where aarstype = 'agreement'")
    (newest, _) = current_reports(publication)
    assert newest == asked_for(publication)
    assert (newest.year_kind, newest.year) == (YearKind.CALENDAR, 2025)
