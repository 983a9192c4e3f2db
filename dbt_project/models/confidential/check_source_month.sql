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

final as (

    -- which months deliveries stand for, and what they hold in them
    select
        days.source_id,
        days.dataset,
        days.month_start,
        days.covered_days,
        date_diff('day', days.month_start, cast(days.month_start + interval 1 month as date)) as days_count,
        coalesce(records.records_count, 0) as records_count
    from days
    left join records
        on days.source_id = records.source_id
        and days.dataset = records.dataset
        and days.month_start = records.month_start
    inner join {{ source('ledger', 'source') }} as source
        on days.source_id = source.source_id
    where not source.is_wide

)

select * from final
