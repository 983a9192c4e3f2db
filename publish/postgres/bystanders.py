"""What else than views others have tied to the published tables: foreign keys and functions are tied again."""

from dataclasses import dataclass

import psycopg

from publish.postgres.database import Connection
from publish.postgres.views import Lost

TIED_TO = """
with parts as (
    select 'pg_class'::regclass as classid, unnest(%(relations)s::oid[]) as objid
    union all
    select 'pg_type'::regclass, unnest(array[pg_type.oid, pg_type.typarray])
    from pg_type where pg_type.typrelid = any(%(relations)s::oid[])
)
select distinct
    pg_depend.classid::regclass::text,
    pg_depend.objid,
    pg_describe_object(pg_depend.classid, pg_depend.objid, pg_depend.objsubid),
    pg_depend.classid = 'pg_class'::regclass and pg_depend.objsubid > 0
from pg_depend
inner join parts on pg_depend.refclassid = parts.classid and pg_depend.refobjid = parts.objid
left join pg_rewrite on pg_depend.classid = 'pg_rewrite'::regclass and pg_depend.objid = pg_rewrite.oid
left join pg_constraint on pg_depend.classid = 'pg_constraint'::regclass and pg_depend.objid = pg_constraint.oid
left join pg_policy on pg_depend.classid = 'pg_policy'::regclass and pg_depend.objid = pg_policy.oid
left join pg_index on pg_depend.classid = 'pg_class'::regclass and pg_depend.objid = pg_index.indexrelid
where
    pg_depend.deptype = 'n'
    and coalesce(pg_rewrite.ev_class, pg_constraint.conrelid, pg_policy.polrelid, pg_index.indrelid, 0)
        <> all(%(relations)s::oid[])
order by 3
"""

CONSTRAINT = """
select
    format('alter table %%s drop constraint %%I', conrelid::regclass, conname),
    format('alter table %%s add constraint %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid)),
    (select pg_get_userbyid(relowner) from pg_class where pg_class.oid = conrelid)
from pg_constraint where oid = %s
"""

FUNCTION = "select null, pg_get_functiondef(oid), pg_get_userbyid(proowner) from pg_proc where oid = %s"

DEFINITIONS = {"pg_constraint": CONSTRAINT, "pg_proc": FUNCTION}


@dataclass(frozen=True)
class Tied:
    """Something that depends on a published table; `untie` comes before `definition`, where that is needed."""

    identity: str
    holds_data: bool
    owner: str | None = None
    untie: str | None = None
    definition: str | None = None


def tied_to(connection: Connection, relations: list[int]) -> list[Tied]:
    """What depends on these tables and views and is none of them, with the names that they have now."""
    found = []
    for catalogue, oid, identity, holds_data in connection.execute(TIED_TO, {"relations": relations}).fetchall():
        query = DEFINITIONS.get(catalogue)
        untie, definition, owner = connection.execute(query, [oid]).fetchone() if query else (None, None, None)
        found.append(Tied(identity, holds_data, owner, untie, definition))
    return found


def tie_again(connection: Connection, tied: Tied) -> Lost | None:
    """Tie it to the tables that have the names now; what could not be tied, if it could not."""
    reason = "only views, foreign keys and functions are kept"
    if tied.definition:
        try:
            with connection.transaction():
                for statement in filter(None, (tied.untie, tied.definition)):
                    connection.execute(statement)
            return None
        except (psycopg.errors.LockNotAvailable, psycopg.errors.QueryCanceled):
            raise
        except psycopg.Error as error:
            reason = error.diag.message_primary or "PostgreSQL refused its definition"
    return Lost("other", tied.identity, tied.owner, tied.definition, reason)
