"""What a database needs before the first load: rights, the group that may read, and access by area."""

from publish.contract import SCHEMAS
from publish.postgres.database import Connection, Database
from publish.postgres.definitions import BI_ROLE, OWN_SCHEMA, POLICY, next_schema
from warehouse.connections import literal

ALL_AREAS = "*"
"""In `area_access`: the role sees every area."""

LISTED = ", ".join(map(literal, SCHEMAS))

OWN_TABLES = f"""
create table if not exists {OWN_SCHEMA}.publication (
    publication_id text not null,
    contract_version text not null,
    as_of date not null,
    published_at timestamptz not null,
    loaded_at timestamptz not null default now(),
    tables text[] not null
);
comment on table {OWN_SCHEMA}.publication is 'The publication that marts, quality and curated show.';

create table if not exists {OWN_SCHEMA}.lost_object (
    lost_at timestamptz not null default now(),
    publication_id text not null,
    kind text not null,
    identity text not null,
    owner text,
    definition text,
    reason text not null
);
comment on table {OWN_SCHEMA}.lost_object is
    'What others had built on the published tables and could not be kept when they were replaced, and why.';

create table if not exists {OWN_SCHEMA}.area_access (
    role_name name not null,
    area_id text not null,
    primary key (role_name, area_id)
);
comment on table {OWN_SCHEMA}.area_access is
    'Which role, or member of it, sees which area; * is every area. Without rows everybody sees everything.';
"""

ACCESS_BY_AREA = f"""
create or replace function {OWN_SCHEMA}.sees_all_areas(reader name) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select not exists (select from {OWN_SCHEMA}.area_access) or exists (
        select from {OWN_SCHEMA}.area_access inner join pg_roles on rolname = role_name
        where area_id = '{ALL_AREAS}' and pg_has_role(reader, pg_roles.oid, 'member')
    )
$$;

create or replace function {OWN_SCHEMA}.visible_areas(reader name) returns setof text
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select area_id from marts.dim_area where area_level <> 'area'
    union
    select area_id from {OWN_SCHEMA}.area_access inner join pg_roles on rolname = role_name
    where pg_has_role(reader, pg_roles.oid, 'member')
$$;

create or replace function {OWN_SCHEMA}.apply_area_access() returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    verb text := case when exists (select from {OWN_SCHEMA}.area_access) then 'enable' else 'disable' end;
    published regclass;
begin
    for published in
        select polrelid from pg_policy inner join pg_class on pg_class.oid = polrelid
        where polname = '{POLICY}' and relnamespace::regnamespace::text in ({LISTED})
    loop
        execute format('alter table %s %s row level security', published, verb);
    end loop;
end
$$;

create or replace function {OWN_SCHEMA}.area_access_changed() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    perform {OWN_SCHEMA}.apply_area_access();
    return null;
end
$$;

create or replace trigger area_access_changed
after insert or update or delete or truncate on {OWN_SCHEMA}.area_access
for each statement execute function {OWN_SCHEMA}.area_access_changed();
"""


def prepare(database: Database, connection: Connection) -> None:
    """Make what is missing of the group and of our own schema. Raises PostgresRightMissing before anything is made."""
    check_rights(database, connection)
    with connection.transaction():
        create_group(connection)
        connection.execute(f"create schema if not exists {OWN_SCHEMA}")
        connection.execute(OWN_TABLES)
        connection.execute("set local check_function_bodies = off")  # the first load makes marts.dim_area
        connection.execute(ACCESS_BY_AREA)


def create_group(connection: Connection) -> None:
    if not _one(connection, "select exists (select from pg_roles where rolname = %s)", BI_ROLE):
        connection.execute(f"create role {BI_ROLE} nologin")


def check_rights(database: Database, connection: Connection) -> None:
    """Say which right is missing and the statement that gives it, where PostgreSQL would name neither."""
    user = _one(connection, "select quote_ident(current_user)")
    name = _one(connection, "select quote_ident(current_database())")
    if not _one(connection, "select has_database_privilege(current_database(), 'create')"):
        raise database.right_missing("creating schemas", f"GRANT CREATE ON DATABASE {name} TO {user};")
    may_create = "select rolcreaterole or rolsuper from pg_roles where rolname = current_user"
    has_group = _one(connection, "select exists (select from pg_roles where rolname = %s)", BI_ROLE)
    if not has_group and not _one(connection, may_create):
        raise database.right_missing(f"making the role {BI_ROLE}", f"CREATE ROLE {BI_ROLE} NOLOGIN;")
    names = [OWN_SCHEMA, *SCHEMAS, *map(next_schema, SCHEMAS)]
    foreign = "select nspname from pg_namespace where nspname = any(%s) and not pg_has_role(nspowner, 'usage')"
    for (schema,) in connection.execute(foreign, [names]).fetchall():
        raise database.right_missing(f"replacing the schema {schema}", f"ALTER SCHEMA {schema} OWNER TO {user};")


def _one(connection: Connection, query: str, *values: object) -> object:
    return connection.execute(query, values).fetchone()[0]
