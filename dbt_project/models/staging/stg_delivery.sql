with

deliveries as (

    select
        delivery.*,
        source.replacement
    from {{ source('ledger', 'delivery') }} as delivery
    inner join {{ source('ledger', 'source') }} as source
        on delivery.source_id = source.source_id
    where delivery.status = 'loaded'

),

rivals as (

    -- files in which one record may stand twice: those of one folder for one period, and all of a source that appends
    select distinct one.delivery_number
    from {{ source('ledger', 'delivery_period') }} as one
    inner join {{ source('ledger', 'delivery_period') }} as other
        on one.source_id = other.source_id
        and one.dataset = other.dataset
        and one.delivery_number <> other.delivery_number
    inner join deliveries
        on one.delivery_number = deliveries.delivery_number
    where
        deliveries.replacement = 'appends'
        or (
            one.delivered_on = other.delivered_on
            and one.period_start <= other.period_end
            and other.period_start <= one.period_end
        )

),

final as (

    select
        deliveries.delivery_number,
        deliveries.source_id,
        deliveries.reading_id,
        deliveries.delivered_on,
        deliveries.file_name,
        deliveries.file_id,
        deliveries.rows_quarantined,
        deliveries.reasons as quarantine_reasons,
        deliveries.replacement = 'appends' as is_appended,
        rivals.delivery_number is not null as has_rivals
    from deliveries
    left join rivals
        on deliveries.delivery_number = rivals.delivery_number

)

select * from final
