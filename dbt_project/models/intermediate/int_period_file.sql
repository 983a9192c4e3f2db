with

periods as (

    select distinct
        source_id,
        dataset,
        year_start as period_start,
        year_end as period_end
    from {{ ref('int_expected_figure') }}
    where source_id is not null

),

standing_for as (

    -- the files that stand for a day of the period, and the delivery that is in force on it
    select distinct
        periods.source_id,
        periods.dataset,
        periods.period_start,
        periods.period_end,
        coalesce(delivery_period.area_id, '') as scope_area_id,
        delivery.delivery_number,
        delivery.is_appended or delivery.delivered_on = day.delivered_on as is_in_force,
        day.delivered_on as newest_on
    from periods
    inner join {{ source('ledger', 'delivery_period') }} as delivery_period
        on periods.source_id = delivery_period.source_id
        and periods.dataset = delivery_period.dataset
        and periods.period_start <= delivery_period.period_end
        and periods.period_end >= delivery_period.period_start
    inner join {{ ref('stg_delivery') }} as delivery
        on delivery_period.delivery_number = delivery.delivery_number
    inner join {{ ref('stg_delivery_day') }} as day
        on delivery_period.source_id = day.source_id
        and delivery_period.dataset = day.dataset
        and coalesce(delivery_period.area_id, '') = day.scope_area_id
        and day.day between greatest(periods.period_start, delivery_period.period_start)
        and least(periods.period_end, delivery_period.period_end)

),

final as (

    select
        source_id,
        dataset,
        period_start,
        period_end,
        scope_area_id,
        delivery_number,
        bool_or(is_in_force) as is_in_force,
        case when not bool_or(is_in_force) then max(newest_on) end as superseded_on
    from standing_for
    group by source_id, dataset, period_start, period_end, scope_area_id, delivery_number

)

select * from final
