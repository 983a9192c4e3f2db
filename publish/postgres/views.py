"""Views that others have built on the published tables: they are carried over to those of the next publication.

A view keeps its identity (`create or replace`), and with it its owner, grants, comments and what is built on it. A
materialized view is made anew by its owner and filled. What no longer fits is dropped, and its definition kept in
`omraadetal.lost_object` with the reason.
"""

from dataclasses import dataclass

import psycopg

from publish.postgres.database import Connection

VIEWS_ON = """
with recursive
uses as (
    select distinct pg_rewrite.ev_class as view, pg_depend.refobjid as used
    from pg_depend
    inner join pg_rewrite on pg_depend.classid = 'pg_rewrite'::regclass and pg_depend.objid = pg_rewrite.oid
    where pg_depend.refclassid = 'pg_class'::regclass and pg_depend.refobjid <> pg_rewrite.ev_class
),
reached as (
    select view, used, 1 as depth from uses where used = any(%(tables)s::oid[])
    union
    select uses.view, uses.used, reached.depth + 1 from uses inner join reached on uses.used = reached.view
)
select
    view,
    format('%%I.%%I', nspname, relname) as identity,
    relkind = 'm' as is_materialized,
    relispopulated,
    pg_get_userbyid(relowner) as owner,
    rtrim(pg_get_viewdef(view), ';') as query,
    reloptions,
    array_agg(distinct used::int8) as uses,
    pg_has_role(relowner, 'usage') as is_ours_to_change
from reached
inner join pg_class on pg_class.oid = view
inner join pg_namespace on pg_namespace.oid = relnamespace
group by view, nspname, relname, relkind, relispopulated, relowner, reloptions
order by max(depth), view
"""

ROLE_UNKNOWN = 0
"""In an access list: everybody."""


@dataclass(frozen=True)
class View:
    """A view of somebody else's, and what `create or replace` or a new one must have again."""

    oid: int
    identity: str
    is_materialized: bool
    is_filled: bool
    owner: str
    query: str
    options: tuple[str, ...]
    uses: frozenset[int]
    is_ours_to_change: bool
    follow_up: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        return "materialized view" if self.is_materialized else "view"

    @property
    def definition(self) -> str:
        options = f" with ({', '.join(self.options)})" if self.options else ""
        filled = " with no data" if self.is_materialized and not self.is_filled else ""
        verb = "create" if self.is_materialized else "create or replace"
        return f"{verb} {self.kind} {self.identity}{options} as {self.query}{filled}"


@dataclass(frozen=True)
class Lost:
    """What could not be kept; `definition` is the statement that would make it again, where there is one."""

    kind: str
    identity: str
    owner: str | None
    definition: str | None
    reason: str


def views_on(connection: Connection, tables: list[int]) -> list[View]:
    """The views that read these tables, directly or through other views; those that others read come first.

    To be asked while the tables still have the names that the definitions shall have.
    """
    rows = connection.execute(VIEWS_ON, {"tables": tables}).fetchall()
    return [
        View(
            *row[:6],
            options=tuple(row[6] or ()),
            uses=frozenset(row[7]),
            is_ours_to_change=row[8],
            follow_up=tuple(_follow_up(connection, row[0], row[1])) if row[2] else (),
        )
        for row in rows
    ]


def _follow_up(connection: Connection, oid: int, identity: str) -> list[str]:
    """Indexes, comments and grants of a materialized view, as statements."""
    indexes = "select pg_get_indexdef(indexrelid) from pg_index where indrelid = %s order by indexrelid"
    comments = """
        select
            case when objsubid = 0 then format('comment on materialized view %%s is %%L', %s::text, description)
            else format('comment on column %%s.%%I is %%L', %s::text, attname, description) end
        from pg_description
        left join pg_attribute on attrelid = objoid and attnum = objsubid
        where objoid = %s and classoid = 'pg_class'::regclass
    """
    grants = f"""
        select format(
            'grant %%s on %%s to %%s%%s', privilege_type, %s::text,
            case when grantee = {ROLE_UNKNOWN} then 'public' else quote_ident(pg_get_userbyid(grantee)) end,
            case when is_grantable then ' with grant option' else '' end
        )
        from pg_class, aclexplode(relacl) where pg_class.oid = %s and grantee <> relowner
        union all
        select format(
            'grant %%s (%%I) on %%s to %%s', privilege_type, attname, %s::text,
            case when grantee = {ROLE_UNKNOWN} then 'public' else quote_ident(pg_get_userbyid(grantee)) end
        )
        from pg_attribute, aclexplode(attacl) where attrelid = %s
    """
    found = connection.execute(indexes, [oid]).fetchall()
    found += connection.execute(comments, [identity, identity, oid]).fetchall()
    found += connection.execute(grants, [identity, oid, identity, oid]).fetchall()
    return [statement for (statement,) in found]


def carry_over(connection: Connection, views: list[View], waiting_room: str) -> dict[int, Lost]:
    """Let the views read the tables that have their names now; those that do not fit, by oid, are the caller's to drop.

    `waiting_room`: a schema that the caller drops, for the materialized views that were made anew.
    """
    lost: dict[int, Lost] = {}
    for view in views:
        below = [lost[used].identity for used in view.uses if used in lost]
        if reason := _carried(connection, view, below, waiting_room):
            lost[view.oid] = Lost(view.kind, view.identity, view.owner, view.definition, reason)
    return lost


def _carried(connection: Connection, view: View, lost_below: list[str], waiting_room: str) -> str | None:
    """Carry one view over; why that did not go, if it did not."""
    if lost_below:
        return f"it reads {', '.join(sorted(lost_below))}, which was lost"
    if not view.is_ours_to_change:
        return f"the user that loads is no member of its owner {view.owner}"
    try:
        with connection.transaction():
            if view.is_materialized:
                _make_again(connection, view, waiting_room)
            else:
                connection.execute(view.definition)
    except (psycopg.errors.LockNotAvailable, psycopg.errors.QueryCanceled):
        raise
    except psycopg.Error as error:
        return error.diag.message_primary or "PostgreSQL refused its definition"
    return None


def _make_again(connection: Connection, view: View, waiting_room: str) -> None:
    """As the owner: its query runs with the owner's rights, not with those of the load."""
    (role,) = connection.execute("select quote_ident(%s)", [view.owner]).fetchone()
    # what reads the old one follows when its turn comes; then it goes with the schema it waits in
    connection.execute(f"alter materialized view {view.identity} set schema {waiting_room}")
    connection.execute(f"set local role {role}")
    for statement in (view.definition, *view.follow_up):
        connection.execute(statement)
    connection.execute("reset role")
