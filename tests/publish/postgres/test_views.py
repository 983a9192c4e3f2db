"""What analysts built on the marts is there after a swap, as it was; else it is kept as text, with the reason."""

import pytest

from publish.postgres.loading import load

LOST = "select kind, identity, definition, reason from omraadetal.lost_object order by identity"
IN_FORCE = "select publication_id from omraadetal.publication"


@pytest.fixture
def loaded(place, publication):
    load(place.url, publication)
    return place


@pytest.fixture
def analyst(loaded):
    user = loaded.user("analyst")
    loaded.ask("create schema own", user=user)
    return user


@pytest.fixture
def as_analyst(loaded, analyst):
    def run(*statements: str) -> list[tuple]:
        return [loaded.ask(statement, user=analyst) for statement in statements][-1]

    return run


def _facts(place, identity: str) -> tuple:
    """Owner, grants, options, comment and comments on columns of a view."""
    query = """
        select
            pg_get_userbyid(relowner), relacl::text, reloptions, obj_description(oid, 'pg_class'), relispopulated,
            (select array_agg(col_description(attrelid, attnum) order by attnum)
                from pg_attribute where attrelid = oid),
            (select array_agg(attacl::text order by attnum) from pg_attribute where attrelid = oid),
            (select array_agg(indexdef order by indexdef) from pg_indexes
                where (schemaname || '.' || tablename)::regclass = pg_class.oid)
        from pg_class where oid = %s::regclass
    """
    return place.ask(query, identity)[0]


def test_views_of_another_user_survive_with_all_that_belongs_to_them(loaded, analyst, as_analyst, changed):
    other = loaded.user("other")
    as_analyst(
        f"grant usage on schema own to {other}",
        "create table own.targets (area_id text primary key, target int)",
        "insert into own.targets values ('sydbyen', 7)",
        "create view own.figures with (security_barrier = true) as select f.*, t.target from marts.fct_figure as f "
        "left join own.targets as t using (area_id)",
        'create view own."På hele tal" as select area_id, round(value) as "Værdi" from own.figures',
        "create recursive view own.counted (n) as select count(*) from marts.dim_area union select n from counted",
        "comment on view own.figures is 'Mine tal'",
        "comment on column own.figures.value is 'Værdi; med '' tegn'",
        f"grant select on own.figures to {other} with grant option",
        f'grant select (area_id) on own."På hele tal" to {other}',
        "create materialized view own.filled with (fillfactor = 70) as "
        'select area_id, count(*) as n from own."På hele tal" group by area_id',
        "create unique index filled_by_area on own.filled (area_id)",
        "comment on materialized view own.filled is 'Fyldt'",
        "comment on column own.filled.n is 'Antal'",
        f"grant select on own.filled to {other}",
        "create view own.on_filled as select sum(n) as n from own.filled",
        f"grant select on own.on_filled to {other}",
        "create materialized view own.unfilled as select * from marts.dim_area with no data",
    )
    names = ["own.figures", 'own."På hele tal"', "own.counted", "own.filled", "own.on_filled", "own.unfilled"]
    before = {name: _facts(loaded, name) for name in names}
    count = loaded.ask("select n from own.on_filled", user=other)[0][0]
    folder = changed(2, "delete from marts.figure_source", "delete from marts.fct_figure where area_id = 'sydbyen'")
    result = load(loaded.url, folder)
    assert result.lost == ()
    assert loaded.ask(LOST) == []
    assert {name: _facts(loaded, name) for name in names} == before
    # and they show the new publication, to those who could see them
    left = loaded.ask("select count(*) from marts.fct_figure")[0][0]
    assert loaded.ask("select n from own.on_filled", user=other) == [(left,)] and left < count
    assert loaded.ask("select count(*) from own.figures", user=other) == [(left,)]
    assert loaded.ask("select count(*) from own.targets") == [(1,)]
    assert not loaded.ask("select 1 from pg_namespace where nspname like '%%\\_old'")


def test_a_view_that_no_longer_fits_is_kept_as_text_with_the_reason(loaded, as_analyst, changed, without_column):
    as_analyst(
        "create view own.narrow as select area_id, n_effective from marts.fct_figure",
        "create view own.on_narrow as select area_id from own.narrow",
        "create view own.well as select area_id from marts.fct_figure",
        "create materialized view own.filled as select max(n_effective) as most from marts.fct_figure",
    )
    result = load(loaded.url, changed(2, contract=without_column("fct_figure", "n_effective")))
    lost = {identity: (kind, definition, reason) for kind, identity, definition, reason in loaded.ask(LOST)}
    assert set(lost) == {"own.narrow", "own.on_narrow", "own.filled"} == {one.identity for one in result.lost}
    assert "n_effective" in lost["own.narrow"][2] and "own.narrow" in lost["own.on_narrow"][2]
    assert loaded.ask("select count(*) from own.well")[0][0] > 0
    assert loaded.ask("select to_regclass('own.narrow') is null and to_regclass('own.filled') is null") == [(True,)]
    # the publication before comes back, and the text makes the views again
    load(loaded.url, changed(3))
    for identity in ("own.narrow", "own.on_narrow", "own.filled"):
        as_analyst(lost[identity][1])
        assert loaded.ask(f"select count(*) from {identity}")[0][0] > 0


def test_a_view_that_cannot_be_changed_by_the_user_who_loads_is_reported(place, publication, changed):
    # who loads is no superuser, and no member of the analyst
    loader = place.user("loader", "alter role {user} createrole", groups=())
    place.ask("drop role if exists none_such")
    place.ask(f"grant omraadetal_bi to {loader} with admin option")
    load(place.url_of(loader), publication)
    analyst = place.user("analyst")
    place.ask("create schema own", user=analyst)
    place.ask("create view own.mine as select * from marts.dim_area", user=analyst)
    (lost,) = load(place.url_of(loader), changed(2)).lost
    assert (lost.identity, lost.owner) == ("own.mine", analyst) and analyst in lost.reason
    place.ask(lost.definition, user=analyst)
    place.ask(f"grant {analyst} to {loader}")
    assert load(place.url_of(loader), changed(3)).lost == ()
    assert place.ask("select count(*) from own.mine", user=analyst)[0][0] > 0


def test_foreign_keys_and_functions_of_others_are_tied_to_the_new_tables(loaded, changed):
    for statement in (
        "create schema own",
        "create table own.targets (area_id text references marts.dim_area, target int)",
        "insert into own.targets values ('sydbyen', 7)",
        "create function own.areas() returns bigint begin atomic select count(*) from marts.dim_area; end",
    ):
        loaded.ask(statement)
    assert load(loaded.url, changed(2)).lost == ()
    assert loaded.ask("select own.areas()")[0][0] > 1
    with pytest.raises(Exception, match="foreign key"):
        loaded.ask("insert into own.targets values ('nowhere', 1)")
    # an area that is gone takes the foreign key with it, never the rows
    (lost,) = load(loaded.url, changed(3, "update marts.dim_area set area_id = 'x' where false", *_without_area())).lost
    assert lost.definition.startswith("alter table own.targets add constraint")
    assert loaded.ask("select * from own.targets") == [("sydbyen", 7)]


def _without_area() -> list[str]:
    figures = ("fct_figure", "indicator_by_area_year", "figure_source", "figure_comparison", "figure_history")
    return [f"delete from marts.{table} where area_id = 'sydbyen'" for table in (*figures, "dim_area")]


def test_a_column_of_others_that_would_be_dropped_stops_the_load(loaded, publication, changed):
    loaded.ask("create schema own")
    loaded.ask("create table own.kept (area marts.dim_area)")
    loaded.ask("insert into own.kept select row(a.*)::marts.dim_area from marts.dim_area as a limit 1")
    with pytest.raises(Exception, match=r"own\.kept") as refused:
        load(loaded.url, changed(2))
    assert refused.value.exit_code == 4
    assert loaded.ask("select count(area) from own.kept") == [(1,)]
    assert loaded.ask(IN_FORCE) == [(publication.name,)]


def test_a_materialized_view_is_filled_with_the_rights_of_its_owner(loaded, analyst, as_analyst, changed):
    as_analyst(
        "create table own.seen (who name)",
        "create function own.look() returns name language plpgsql as $$ begin return current_user; end $$",
        "create materialized view own.filled as select own.look() as who, count(*) as n from marts.dim_area",
    )
    load(loaded.url, changed(2))
    assert loaded.ask("select who from own.filled") == [(analyst,)]
