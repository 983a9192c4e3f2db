-- The figures of the agreement, written by hand for this one register: what an analyst would run instead of the build.
-- What begins with a dollar sign is filled in with the literals of the agreement; the variable `store` says where the files lie.

-- of several deliveries for one year the last is in force
set variable files = (
    select list(getvariable('store') || '/raw/vejledninger/' || reading_id || '.parquet')
    from (
        select arg_max(reading_id, delivered_on) as reading_id
        from (
            select
                reading_id,
                delivered_on,
                unnest(periods) as period
            from read_json(getvariable('store') || '/ledger/vejledninger/*.json')
            where status = 'loaded'
        )
        group by period.label
    )
);

create table figure as

with

area as materialized (

    select
        area_id,
        cast(row_number() over () as smallint) as area_no
    from (select unnest($areas) as area_id)

),

-- small types: the rows below are counted several times over
record as materialized (

    select
        area.area_no,
        raw.theme,
        raw.is_bridged,
        coalesce(raw.bridged_to, '') as bridged_to,
        cast(raw.person as uuid) as person,
        cast(year(cast(raw.met_on as date)) as smallint) as calendar_year,
        -- a year of the agreement begins on 1 October
        cast(year(cast(raw.met_on as date) - interval 9 month) as smallint) as agreement_year
    from read_parquet(getvariable('files')) as raw
    inner join area on raw.area = area.area_id
    where cast(raw.met_on as date) between $valid_from and $valid_to

),

-- a few hundred combinations stand for millions of records: each indicator's conditions are asked of those only
combination as materialized (

    select distinct
        theme,
        is_bridged,
        bridged_to
    from record

),

indicator as materialized (

    -- a list and not one `where` per indicator: those would all be pushed down to the millions of records
    select
        combination.*,
        cast(unnest(list_filter([
            $indicators
        ], number -> number is not null)) as smallint) as indicator_no
    from combination

),

counting as materialized (

    select
        indicator.indicator_no,
        record.area_no,
        record.calendar_year,
        record.agreement_year,
        record.person
    from record
    inner join indicator
        on record.theme = indicator.theme
        and record.is_bridged = indicator.is_bridged
        and record.bridged_to = indicator.bridged_to

),

-- one row per figure and person, then one per figure: faster than count(distinct)
counted as (

    select
        indicator_no,
        area_no,
        'calendar' as year_kind,
        calendar_year as year,
        sum(sessions) as records,
        count(person) as persons,
        coalesce(sum(sessions) filter (where person is null), 0) as without_person
    from (
        select
            indicator_no,
            area_no,
            calendar_year,
            person,
            count(*) as sessions
        from counting
        group by all
    )
    group by all

    union all

    select
        indicator_no,
        area_no,
        'agreement' as year_kind,
        agreement_year as year,
        sum(sessions) as records,
        count(person) as persons,
        coalesce(sum(sessions) filter (where person is null), 0) as without_person
    from (
        select
            indicator_no,
            area_no,
            agreement_year,
            person,
            count(*) as sessions
        from counting
        group by all
    )
    group by all

    union all

    select
        indicator_no,
        cast(0 as smallint) as area_no,
        'calendar' as year_kind,
        calendar_year as year,
        sum(sessions) as records,
        count(person) as persons,
        coalesce(sum(sessions) filter (where person is null), 0) as without_person
    from (
        select
            indicator_no,
            calendar_year,
            person,
            count(*) as sessions
        from counting
        group by all
    )
    group by all

    union all

    select
        indicator_no,
        cast(0 as smallint) as area_no,
        'agreement' as year_kind,
        agreement_year as year,
        sum(sessions) as records,
        count(person) as persons,
        coalesce(sum(sessions) filter (where person is null), 0) as without_person
    from (
        select
            indicator_no,
            agreement_year,
            person,
            count(*) as sessions
        from counting
        group by all
    )
    group by all

),

promised as (

    select *
    from (select unnest($indicator_names, recursive := true))
    cross join (
        select area_no, area_id from area
        union all
        select 0 as area_no, 'alle_omraader' as area_id
    )
    cross join (
        select 'calendar' as year_kind, unnest(range(year($valid_from), year($valid_to) + 1)) as year
        union all
        select
            'agreement' as year_kind,
            unnest(range(
                year($valid_from - interval 9 month), year($valid_to - interval 9 month) + 1
            )) as year
    )

)

-- nothing counted is a real zero
select
    promised.indicator_id,
    promised.area_id,
    promised.year_kind,
    cast(promised.year as integer) as year,
    cast(
        coalesce(
            case when promised.counts_persons then counted.persons else counted.records end, 0
        ) as double
    ) as value,
    cast(coalesce(counted.persons + counted.without_person, 0) as bigint) as contributors
from promised
left join counted
    on promised.indicator_no = counted.indicator_no
    and promised.area_no = counted.area_no
    and promised.year_kind = counted.year_kind
    and promised.year = counted.year;
