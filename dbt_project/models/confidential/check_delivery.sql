with

rivals as (

    -- rows of one delivery that lose to a row with the same key in a later file of it, and say something else
    select
        delivery_number,
        count(*) as rows_conflicting
    from {{ ref('stg_record_rival') }}
    where is_conflicting
    group by delivery_number

),

final as (

    select
        delivery.source_id,
        delivery.delivered_on,
        cast(delivery.delivered_on as varchar) as detail,
        delivery.file_name,
        delivery.file_id,
        delivery.status,
        delivery.reason_code,
        delivery.reason_da,
        delivery.rows_read,
        delivery.rows_loaded,
        delivery.rows_quarantined,
        delivery.rows_duplicate,
        delivery.rows_conflicting + coalesce(rivals.rows_conflicting, 0) as rows_conflicting,
        delivery.rows_unknown_area,
        delivery.rows_outside_period,
        delivery.rows_unusable,
        delivery.reasons_unusable,
        delivery.values_redacted,
        delivery.control_total,
        delivery.unknown_count
    from {{ source('ledger', 'delivery') }} as delivery
    left join rivals
        on delivery.delivery_number = rivals.delivery_number

)

select * from final
