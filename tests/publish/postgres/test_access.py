"""Access by area: none without rows in `area_access`; with rows a role sees its areas and what is common to all."""

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from publish.contract import Contract
from publish.postgres.loading import load

AREAS = "select distinct area_id from {} order by 1"


@pytest.fixture
def loaded(place, publication):
    load(place.url, publication)
    return place


@pytest.fixture
def readers(loaded):
    """A reader of Sydbyen, one of every area, and one who is in no list."""
    return {name: loaded.user(name) for name in ("syd", "all", "none")}


@pytest.fixture
def granted(loaded, readers):
    for role, area in ((readers["syd"], "sydbyen"), (readers["all"], "*")):
        loaded.ask("insert into omraadetal.area_access values (%s, %s)", role, area)
    return readers


def _areas(place, user: str, table: str = "marts.fct_figure") -> set[str]:
    return {area for (area,) in place.ask(AREAS.format(table), user=user)}


def test_without_rows_everybody_sees_everything(loaded, readers):
    everything = {area for (area,) in loaded.ask(AREAS.format("marts.fct_figure"))}
    assert len(everything) > 3
    assert _areas(loaded, readers["none"]) == everything


def test_a_role_sees_its_areas_and_the_totals_at_once_and_after_a_swap(loaded, granted, changed):
    levels = dict(loaded.ask("select area_id, area_level from marts.dim_area"))
    common = {area for area in _areas(loaded, granted["all"]) if levels[area] != "area"}
    assert {"alle_omraader", "slagelse"} <= common
    for folder in (None, changed(2)):
        if folder:
            load(loaded.url, folder)
        assert "motalavej" in _areas(loaded, granted["all"])
        assert _areas(loaded, granted["syd"]) == common | {"sydbyen"}
        assert _areas(loaded, granted["none"]) == common
    loaded.ask("delete from omraadetal.area_access")
    assert "motalavej" in _areas(loaded, granted["none"])


def test_rights_come_through_groups_and_a_role_that_is_gone_is_no_error(loaded, granted):
    group = loaded.user("group", groups=())
    loaded.ask("insert into omraadetal.area_access values (%s, 'ringparken'), ('long_gone', 'motalavej')", group)
    loaded.ask(f"grant {group} to {granted['syd']}")
    assert {"sydbyen", "ringparken"} <= _areas(loaded, granted["syd"])
    assert "motalavej" not in _areas(loaded, granted["syd"])


def test_no_table_tells_of_an_area_to_those_who_may_not_see_it(loaded, granted, publication):
    hidden = ["Motalavej", "motalavej", "Ringparken", "ringparken"]
    contract = Contract.of_publication(publication)
    told = []
    for table in contract.tables:
        text = f"select count(*) from {table.full_name} as t where t::text like any(%s)"
        figures = table.rows_for != "everybody"
        if figures and loaded.ask(text, hidden, user=granted["syd"])[0][0]:
            told.append(table.full_name)
        if figures:
            assert loaded.ask(text, hidden, user=granted["all"]) == loaded.ask(text, hidden)
    assert told == []
    seen = "('sydbyen', 'alle_omraader', 'slagelse')"
    others = f"select count(*) from curated.tabel_5_forbehold where area_id is null or area_id not in {seen}"
    assert loaded.ask(others, user=granted["syd"]) == [(0,)]
    assert loaded.ask("select count(*) from curated.tabel_5_forbehold", user=granted["all"])[0][0] > 0
    assert loaded.ask("select count(*) from quality.flag where area_id is null", user=granted["syd"]) == [(0,)]


def test_what_is_open_to_everybody_holds_no_area_of_the_agreement(loaded, publication):
    areas = [name for (name,) in loaded.ask("select area_name from marts.dim_area where area_level = 'area'")]
    assert "Sydbyen" in areas
    for table in Contract.of_publication(publication).tables:
        if table.rows_for == "everybody" and not table.name.startswith(("dim_", "tabel_0")):
            text = f"select count(*) from {table.full_name} as t where t::text like any(%s)"
            assert loaded.ask(text, [f"%{name}%" for name in areas]) == [(0,)], table.full_name


def test_a_reader_cannot_lift_it(loaded, granted):
    for statement in (
        "insert into omraadetal.area_access values (current_user, '*')",
        "alter table marts.fct_figure disable row level security",
        f"set role {conninfo_to_dict(loaded.url)['user']}",
        "select omraadetal.visible_areas('postgres')",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            loaded.ask(statement, user=granted["syd"])
