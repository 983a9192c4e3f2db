with

years as (

    -- what several figures rest on is late when it is late for the last of them
    select
        spine.source_id,
        spine.dataset,
        spine.year_kind,
        spine.year,
        spine.year_label,
        spine.period_start,
        spine.period_end,
        max(spine.due_on) as due_on
    from {{ ref('int_expected_figure') }} as spine
    where
        spine.source_id is not null
        and spine.is_in_cadence
        and not spine.is_not_measured
        and spine.cadence <> 'as_delivered'
    group by all

),

covered as (

    select
        period.source_id,
        period.dataset,
        coalesce(period.area_id, '') as scope_area_id,
        cast({{ days_between('period.period_start', 'period.period_end') }} as date) as day,
        period.delivered_on,
        period.file_name
    from {{ source('ledger', 'delivery_period') }} as period

),

first_covered as (

    select
        source_id,
        dataset,
        scope_area_id,
        day,
        min(delivered_on) as delivered_on,
        min_by(file_name, (delivered_on, file_name)) as file_name
    from covered
    where delivered_on >= day
    group by source_id, dataset, scope_area_id, day

),

by_year as (

    select
        first_covered.source_id,
        first_covered.file_name,
        first_covered.delivered_on,
        years.year_kind,
        years.year,
        years.year_label,
        years.due_on,
        date_diff('day', years.due_on, first_covered.delivered_on) as days_late
    from first_covered
    inner join years
        on first_covered.source_id = years.source_id
        and first_covered.dataset = years.dataset
        and first_covered.day between years.period_start and years.period_end
    group by all

),

ranked as (

    select
        by_year.*,
        row_number() over (
            partition by source_id, file_name, delivered_on
            order by days_late desc, year_kind desc, year
        ) as lateness_rank
    from by_year

),

final as (

    -- one row per file that was the first to cover a day of an expected year: the year that it was latest for
    select
        ranked.* exclude (lateness_rank),
        cast(delivered_on as varchar) as detail
    from ranked
    where lateness_rank = 1

)

select * from final
