with

publications as (

    select
        as_of,
        published_order
    from {{ source('disclosed', 'earlier_publication') }}

    union all

    select
        as_of,
        2147483647 as published_order
    from {{ source('disclosed', 'publication') }}

),

in_turn as (

    select
        published_order,
        as_of,
        lead(as_of) over (order by published_order) as next_as_of
    from publications

),

published as (

    select
        flag_code,
        agreement_id,
        indicator_id,
        area_id,
        year_kind,
        year,
        source_id,
        file_name,
        detail,
        first_seen,
        severity,
        last_order,
        times_published,
        false as is_acknowledged
    from {{ source('disclosed', 'earlier_flag') }}

    union all

    select
        flag_code,
        agreement_id,
        indicator_id,
        area_id,
        year_kind,
        year,
        source_id,
        file_name,
        detail,
        first_seen,
        max(severity) as severity,
        2147483647 as last_order,
        1 as times_published,
        -- of several findings with one key each must be acknowledged
        bool_and(acknowledged_until is not null) as is_acknowledged
    from {{ source('disclosed', 'flag') }}
    group by all

),

stretches as (

    -- a flag that comes back gets a new first_seen (expectations/flag_table.py): the day tells one stretch from another
    select
        flag_code,
        agreement_id,
        indicator_id,
        area_id,
        year_kind,
        year,
        source_id,
        file_name,
        detail,
        first_seen,
        max_by(severity, last_order) as severity,
        max(last_order) as last_order,
        sum(times_published) as times_published,
        bool_or(is_acknowledged) as is_acknowledged
    from published
    group by all

),

final as (

    select
        stretches.flag_code,
        stretches.severity,
        stretches.agreement_id,
        stretches.indicator_id,
        stretches.area_id,
        stretches.year_kind,
        stretches.year,
        stretches.source_id,
        stretches.file_name,
        stretches.detail,
        stretches.first_seen,
        in_turn.as_of as last_seen,
        in_turn.next_as_of as resolved_on,
        case
            when in_turn.next_as_of is not null then 'resolved'
            when stretches.is_acknowledged then 'acknowledged'
            else 'open'
        end as state,
        cast(stretches.times_published as bigint) as times_published
    from stretches
    inner join in_turn
        on stretches.last_order = in_turn.published_order

)

select * from final
