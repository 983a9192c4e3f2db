with

stood_for as (

    -- a file cannot cover the days after it was delivered, though it stands for them
    select
        period.source_id,
        period.dataset,
        coalesce(period.area_id, '') as scope_area_id,
        cast({{ days_between('period.period_start', 'period.period_end') }} as date) as day,
        period.delivered_on
    from {{ source('ledger', 'delivery_period') }} as period

),

newest as (

    select
        source_id,
        dataset,
        scope_area_id,
        day,
        max(delivered_on) as delivered_on,
        max(delivered_on) >= day as is_covered
    from stood_for
    group by source_id, dataset, scope_area_id, day

),

final as (

    -- a file of the whole source replaces what was delivered for one area before it
    select
        newest.source_id,
        newest.dataset,
        newest.scope_area_id,
        newest.day,
        greatest(newest.delivered_on, coalesce(whole.delivered_on, newest.delivered_on)) as delivered_on,
        newest.is_covered
    from newest
    left join newest as whole
        on newest.source_id = whole.source_id
        and newest.dataset = whole.dataset
        and newest.day = whole.day
        and whole.scope_area_id = ''

)

select * from final
