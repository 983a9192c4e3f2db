with

periods as (

    select distinct
        source_id,
        dataset,
        period_start,
        period_end
    from {{ ref('int_expected_figure') }}
    where source_id is not null

    union

    select distinct
        source_id,
        dataset,
        cumulative_start as period_start,
        period_end
    from {{ ref('int_expected_figure') }}
    where cumulative_start is not null and source_id is not null

),

scopes as (

    -- the whole source, and every area that has files of its own
    select distinct
        source_id,
        dataset,
        scope_area_id
    from {{ ref('stg_delivery_day') }}

    union

    select distinct
        source_id,
        dataset,
        '' as scope_area_id
    from periods

),

covered_days as (

    select distinct
        scopes.source_id,
        scopes.dataset,
        scopes.scope_area_id,
        day.day
    from scopes
    inner join {{ ref('stg_delivery_day') }} as day
        on scopes.source_id = day.source_id
        and scopes.dataset = day.dataset
        and day.scope_area_id in ('', scopes.scope_area_id)
    where day.is_covered and day.day <= {{ as_of() }}

),

final as (

    select
        periods.source_id,
        periods.dataset,
        scopes.scope_area_id,
        periods.period_start,
        periods.period_end,
        greatest(
            0, date_diff('day', periods.period_start, least(periods.period_end, {{ as_of() }})) + 1
        ) as expected_days,
        count(covered_days.day) as covered_days
    from periods
    inner join scopes
        on periods.source_id = scopes.source_id
        and periods.dataset = scopes.dataset
    left join covered_days
        on scopes.source_id = covered_days.source_id
        and scopes.dataset = covered_days.dataset
        and scopes.scope_area_id = covered_days.scope_area_id
        and covered_days.day between periods.period_start and periods.period_end
    group by all

)

select * from final
