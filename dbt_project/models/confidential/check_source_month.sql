with

days as (

    select
        source_id,
        dataset,
        cast(date_trunc('month', day) as date) as month_start,
        count(distinct day) filter (where is_covered) as covered_days
    from {{ ref('stg_delivery_day') }}
    group by all

),

records as (

    select
        source_id,
        dataset,
        cast(date_trunc('month', occurred_on) as date) as month_start,
        count(*) as records_count
    from {{ ref('stg_record') }}
    group by all

),

months as (

    -- closed months that deliveries stand for in full, of sources whose records have a date of their own
    select
        days.source_id,
        days.dataset,
        source.name as source_name,
        days.month_start,
        coalesce(records.records_count, 0) as records_count
    from days
    inner join {{ source('ledger', 'source') }} as source
        on days.source_id = source.source_id
    left join {{ source('ledger', 'expiry') }} as expiry
        on days.source_id = expiry.source_id
    left join records
        on days.source_id = records.source_id
        and days.dataset = records.dataset
        and days.month_start = records.month_start
    where
        source.has_event_dates
        -- a month whose records are past is no gap
        and days.month_start >= coalesce(expiry.expired_before, days.month_start)
        and days.covered_days = date_diff('day', days.month_start, cast(days.month_start + interval 1 month as date))
        and cast(days.month_start + interval 1 month as date) <= {{ as_of() }}

),

with_others as (

    select
        months.*,
        count(*) over source as months_count,
        (sum(records_count) over source - records_count) / nullif(count(*) over source - 1, 0) as usual_records,
        count(*) filter (where records_count = 0) over same_month as empty_years,
        count(*) over same_month as years_count
    from months
    window
        source as (partition by source_id, dataset),
        same_month as (partition by source_id, dataset, extract('month' from month_start))

),

final as (

    select
        source_id,
        dataset,
        source_name,
        'calendar' as year_kind,
        cast(extract('year' from month_start) as integer) as year,
        coalesce(nullif(dataset, '') || ' ', '') || strftime(month_start, '%Y-%m') as detail,
        {{ month_da('month_start') }} as month_label,
        month_start,
        records_count,
        round(usual_records) as usual_records,
        -- Poisson: months without a record that chance alone would leave; none to tell where a month is empty each year
        case
            when records_count = 0 and (empty_years = 1 or years_count = 1)
                then months_count * exp(-usual_records)
        end as empty_months_by_chance
    from with_others

)

select * from final
